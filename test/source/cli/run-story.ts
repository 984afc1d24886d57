import type {NewEvent, Origin, WireEvent} from '../../../source/run/events.ts';
import {reduce} from '../../../source/run/reduce.ts';
import type {RunState} from '../../../source/run/state.ts';
import {journalEventOf} from '../../../source/run/wire.ts';

export const origin: Origin = {by: 'ana', via: 'command', pid: 1, host: 'here'};
export const runId = 'run1';
const startAtMs = Date.UTC(2026, 10, 20, 12);

/** @param story Seconds since the first event, and the event. Cursors are those of a journal with other runs in it. */
export const wireEventsOf = (story: readonly (readonly [atSeconds: number, event: NewEvent])[]): WireEvent[] =>
	story.map(
		([atSeconds, event], index) =>
			({
				...event,
				runId,
				seq: index + 1,
				cursor: 10 + index * 3,
				at: new Date(startAtMs + atSeconds * 1000).toISOString(),
			}) as WireEvent,
	);

export const stateAfter = (events: readonly WireEvent[]): RunState =>
	events.map(journalEventOf).reduce<RunState | undefined>(reduce, undefined)!;

type Step = Extract<NewEvent, {type: 'run.created'}>['body']['steps'][number];

export const created = (steps: readonly Step[], approveAll = false): NewEvent => ({
	type: 'run.created',
	body: {
		number: 42,
		workflow: {name: 'fix-issue', hash: 'h', file: '/w/fix-issue.md'},
		workspace: '/w',
		inputs: {},
		approveAll,
		origin,
		steps: [...steps],
	},
});

export const step = (id: string, kind: Step['kind'], needs: string[] = []): Step => ({id, title: id, kind, needs});
export const started = (stepId: string, agent?: string, attempt = 1): NewEvent => ({
	type: 'attempt.started',
	body: {stepId, attempt, agent},
});
export const completed = (stepId: string, attempt: number | undefined = 1): NewEvent => ({
	type: 'step.completed',
	body: {stepId, attempt, outputs: {}},
});
export const requested = (
	stepId: string,
	approvalId: string,
	kind: 'approval' | 'permission' = 'approval',
): NewEvent => ({
	type: 'approval.requested',
	body: {approvalId, stepId, kind, question: 'Ship these changes?'},
});
