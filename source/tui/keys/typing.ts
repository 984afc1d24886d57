import {limits} from '../../limits.ts';
import {pageFilterOf, withPageFilter} from '../pages/workflows/actions.ts';
import {formOf, textUnderCursor, withText} from '../pages/workflows/form/form.ts';
import {withTemplates} from '../pages/workflows/templates/select.ts';
import {type CockpitState, type Place, placeOf} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {filtered} from './filter.ts';
import type {KeyPress} from './names.ts';

/** Where text is typed: how to read it, and how to put it back. */
interface TextField {
	readonly get: (state: CockpitState) => string;
	readonly put: (state: CockpitState, text: string) => CockpitState;
	readonly bytesMax: number;
}

const lineBytesMax = 500;
const fieldBytesMax = 64 * 1024;

const fields: Readonly<Partial<Record<Place, TextField>>> = {
	comment: {
		get: ({dialog}) => (dialog?.kind === 'approval' && dialog.comment) || '',
		put: (state, comment) =>
			state.dialog?.kind === 'approval' ? {...state, dialog: {...state.dialog, comment}} : state,
		bytesMax: limits.commentBytesMax,
	},
	amount: {
		get: ({dialog}) => (dialog?.kind === 'approval' && dialog.amount) || '',
		put: (state, amount) => (state.dialog?.kind === 'approval' ? {...state, dialog: {...state.dialog, amount}} : state),
		bytesMax: 20,
	},
	filter: {get: ({filter}) => filter, put: filtered, bytesMax: lineBytesMax},
	search: {
		get: ({runView}) => runView.search,
		put: (state, search) => ({...state, runView: {...state.runView, search, found: undefined}}),
		bytesMax: lineBytesMax,
	},
	palette: {
		get: ({dialog}) => (dialog?.kind === 'palette' ? dialog.text : ''),
		put: (state, text) => ({...state, dialog: {kind: 'palette', text, cursor: 0}}),
		bytesMax: lineBytesMax,
	},
	form: {
		get: state => textUnderCursor(formOf(state)!),
		put: (state, text) => ({...state, dialog: withText(formOf(state)!, text)}),
		bytesMax: fieldBytesMax,
	},
	'template-filter': {
		get: state => state.pages.workflows.templates.filter,
		put: (state, filter) => withTemplates(state, {filter, scroll: 0}),
		bytesMax: lineBytesMax,
	},
	'page-filter': {get: pageFilterOf, put: withPageFilter, bytesMax: lineBytesMax},
};

export const isTyping = (state: CockpitState): boolean => fields[placeOf(state)] !== undefined;

/** @returns The state with this key typed where text is typed; the same state anywhere else. */
export const typed = (state: CockpitState, key: KeyPress): CockpitState => {
	const field = fields[placeOf(state)];
	return field ? field.put(state, edited(field.get(state), key, field.bytesMax)) : state;
};

const edited = (before: string, {name, text}: KeyPress, bytesMax: number): string => {
	if (name === 'backspace') return [...before].slice(0, -1).join('');
	if (name === 'ctrl-u') return '';
	if (name === 'ctrl-w') return before.replace(/\S*\s*$/, '');
	const longer = before + cleanText(text);
	return Buffer.byteLength(longer) <= bytesMax ? longer : before;
};
