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
	/** Another agent took over. */
	readonly switched: string;
	readonly stderr: string;
	readonly barFull: string;
	readonly barEmpty: string;
	readonly caret: string;
	/** From nothing to the most. */
	readonly spark: readonly string[];
	/** Something is wrong. */
	readonly alert: string;
	/** The end of an edge of a graph. */
	readonly head: string;
	/** Lines of a graph, by where they go from the middle of a cell: 1 up, 2 down, 4 left, 8 right, added up. */
	readonly lines: readonly string[];
	readonly border: Readonly<Record<(typeof borderParts)[number], string>>;
}

const borderParts = ['topLeft', 'top', 'topRight', 'right', 'bottomRight', 'bottom', 'bottomLeft', 'left'] as const;

export const unicodeGlyphs: Glyphs = {
	status: {...statusGlyphs, sleeping: '◷'},
	cursor: '›',
	ellipsis: '…',
	dash: '─',
	arrow: '→',
	switched: '⇄',
	stderr: '┃',
	barFull: '█',
	barEmpty: '·',
	caret: '▏',
	spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
	alert: '!',
	head: '▶',
	lines: [...' │││─╯╮┤─╰╭├─┴┬┼'],
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
	switched: '%',
	stderr: '!',
	barFull: '#',
	barEmpty: '.',
	caret: '_',
	spark: ['_', '.', '-', '~', '=', '+', '*', '#'],
	alert: '!',
	head: '>',
	lines: [...' |||-+++-+++-+++'],
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
