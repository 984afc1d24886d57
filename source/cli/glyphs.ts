import type {StepStatus} from '../run/state.ts';
import type {RunStatus} from '../run/views.ts';
import type {Paint} from './colour.ts';

/** One glyph a status, the same in every list and on every screen. */
const glyphs: Readonly<Record<RunStatus | StepStatus, string>> = {
	queued: '·',
	pending: '·',
	running: '▶',
	waiting: '◆',
	paused: '‖',
	retrying: '⟲',
	completed: '✓',
	failed: '✗',
	skipped: '↷',
	cancelled: '■',
};

const colours: Readonly<Partial<Record<RunStatus | StepStatus, keyof Paint>>> = {
	running: 'cyan',
	waiting: 'yellow',
	retrying: 'yellow',
	completed: 'green',
	failed: 'red',
	skipped: 'dim',
	pending: 'dim',
	queued: 'dim',
};

export const glyphOf = (status: RunStatus | StepStatus, paint: Paint): string => {
	const colour = colours[status];
	return colour ? paint[colour](glyphs[status]) : glyphs[status];
};
