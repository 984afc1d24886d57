import type {StepStatus} from '../run/state.ts';
import type {RunStatus} from '../run/views.ts';
import {statusGlyphs} from '../status-glyphs.ts';
import type {Paint} from './colour.ts';

const colours: Readonly<Partial<Record<RunStatus | StepStatus, keyof Paint>>> = {
	running: 'cyan',
	waiting: 'yellow',
	paused: 'yellow',
	retrying: 'yellow',
	completed: 'green',
	failed: 'red',
	skipped: 'dim',
	pending: 'dim',
	queued: 'dim',
};

export const glyphOf = (status: RunStatus | StepStatus, paint: Paint): string => {
	const colour = colours[status];
	return colour ? paint[colour](statusGlyphs[status]) : statusGlyphs[status];
};
