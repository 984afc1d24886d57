import {limits} from '../../limits.ts';
import type {CockpitState} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import type {KeyPress} from './names.ts';

/** @returns The state with this key typed into the comment. */
export const typed = (state: CockpitState, key: KeyPress): CockpitState => {
	const {dialog} = state;
	if (dialog?.kind !== 'approval' || dialog.comment === undefined) return state;
	return {...state, dialog: {...dialog, comment: edited(dialog.comment, key)}};
};

const edited = (comment: string, {name, text}: KeyPress): string => {
	if (name === 'backspace') return [...comment].slice(0, -1).join('');
	if (name === 'ctrl-u') return '';
	const longer = comment + cleanText(text);
	return Buffer.byteLength(longer) <= limits.commentBytesMax ? longer : comment;
};
