import type {StepStatus} from '../run/state.ts';
import type {RunStatus} from '../run/views.ts';
import {statusGlyphs} from '../status-glyphs.ts';

/** Every character of the cockpit's own that is not plain text; each exactly one column wide. */
export interface Glyphs {
	/** A wait for a person is `waiting`, one for time is `sleeping`. */
	readonly status: Readonly<Record<RunStatus | StepStatus | 'sleeping', string>>;
	readonly cursor: string;
	readonly ellipsis: string;
	readonly dash: string;
	readonly arrow: string;
	readonly stderr: string;
	readonly barFull: string;
	readonly barEmpty: string;
	readonly caret: string;
	readonly border: Readonly<Record<(typeof borderParts)[number], string>>;
}

const borderParts = ['topLeft', 'top', 'topRight', 'right', 'bottomRight', 'bottom', 'bottomLeft', 'left'] as const;

export const unicodeGlyphs: Glyphs = {
	status: {...statusGlyphs, sleeping: '◷'},
	cursor: '›',
	ellipsis: '…',
	dash: '─',
	arrow: '→',
	stderr: '┃',
	barFull: '█',
	barEmpty: '·',
	caret: '▏',
	border: {
		topLeft: '╭',
		top: '─',
		topRight: '╮',
		right: '│',
		bottomRight: '╯',
		bottom: '─',
		bottomLeft: '╰',
		left: '│',
	},
};

export const asciiGlyphs: Glyphs = {
	status: {
		queued: '.',
		pending: '.',
		running: '>',
		waiting: '?',
		sleeping: '~',
		paused: '=',
		retrying: '@',
		completed: 'v',
		failed: 'x',
		skipped: '/',
		cancelled: '#',
	},
	cursor: '*',
	ellipsis: '~',
	dash: '-',
	arrow: '>',
	stderr: '!',
	barFull: '#',
	barEmpty: '.',
	caret: '_',
	border: {
		topLeft: '+',
		top: '-',
		topRight: '+',
		right: '|',
		bottomRight: '+',
		bottom: '-',
		bottomLeft: '+',
		left: '|',
	},
};
