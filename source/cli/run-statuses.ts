import type {RunStatus} from '../run/views.ts';

/** What a run can be, in the order in which it can be it. */
export const runStatuses = [
	'queued',
	'running',
	'waiting',
	'paused',
	'completed',
	'failed',
	'cancelled',
] as const satisfies readonly RunStatus[];
