import type {JournalEvent} from '../../run/events.ts';
import {type RunState, unitNameOf} from '../../run/state.ts';
import type {CockpitState} from '../state.ts';
import {momentWords} from '../times.ts';
import {indexOfSeq, runAt} from './history.ts';

/** A moment of a run that is over, as far as it is fetched. */
export interface Moment {
	/** Of the event, in the history. */
	readonly index: number;
	readonly event: JournalEvent;
	/** The run right after it. */
	readonly run: RunState;
}

type Asked = Pick<CockpitState, 'runView' | 'runId'>;

export const isPast = ({runView, runId}: Asked): boolean => runView.past !== undefined && runView.past.runId === runId;

/** @returns The moment that is shown; `undefined`: now, or it is still being fetched. */
export const momentOf = (state: Asked): Moment | undefined => {
	const {past, history} = state.runView;
	if (!past || !isPast(state) || history?.runId !== past.runId) return undefined;
	const index = indexOfSeq(history, past.seq);
	const event = history.events[index];
	const run = event && runAt(history.events, index);
	// Until the last event is there, nobody knows whether this is the moment that was asked for.
	return run && (history.status === 'ready' || event.seq === past.seq) ? {index, event, run} : undefined;
};

/** @returns The state as the view of a run is drawn from: its clock stands at the moment that is shown. */
export const asOfThen = (state: CockpitState): CockpitState => {
	const moment = momentOf(state);
	return moment ? {...state, nowMs: moment.event.atMs} : state;
};

/** `then: 14:02:11, event 37 of 120, step.completed fix` */
export const thenWords = (state: CockpitState): string => {
	const {history} = state.runView;
	const moment = momentOf(state);
	if (!moment) return history?.failure ? `then: ${history.failure.message}` : 'then: fetching its events';
	const {event, index} = moment;
	const count = `${history!.events.length}${history!.isCut ? '+' : ''}`;
	const subject = subjectOf(event);
	return `then: ${momentWords(event.atMs, state.nowMs)}, event ${index + 1} of ${count}, ${event.type}${subject && ` ${subject}`}`;
};

/** `then 14:02:11` */
export const shortThenWords = (state: CockpitState): string => {
	const moment = momentOf(state);
	return moment ? `then ${momentWords(moment.event.atMs, state.nowMs)}` : 'then';
};

/** @returns The step or item that an event is about; empty where it is about the run. */
export const subjectOf = ({body}: JournalEvent): string =>
	'stepId' in body ? unitNameOf(body.stepId, 'item' in body ? body.item : undefined) : '';

/** Where a step begins, waits or ends, and where the run does. */
export const isStepBoundary = ({type, body}: JournalEvent): boolean => {
	if (type === 'attempt.started') return body.item === undefined;
	if (type.startsWith('step.')) return !type.endsWith('-requested');
	return boundaries.has(type);
};

const boundaries: ReadonlySet<string> = new Set([
	'run.created',
	'items.expanded',
	'wait.started',
	'run.completed',
	'run.failed',
	'run.cancelled',
]);
