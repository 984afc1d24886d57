import {liveRunOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {indexOfSeq} from './history.ts';
import {isPast, isStepBoundary} from './past.ts';

/** Moving about in the past of a run. Pure: events that are not there yet are fetched because the state asks for them. */

/** One event back or on; on from the last one is now. */
export const scrubbed = (state: CockpitState, by: 1 | -1): CockpitState => {
	const {past, history} = state.runView;
	if (!past || !isPast(state)) return by < 0 ? enteredPast(state) : state;
	if (history?.runId !== past.runId || history.events.length === 0) return state;
	const index = indexOfSeq(history, past.seq) + by;
	return at(state, Math.max(0, index));
};

/** To the event before or after at which a step begins, waits or ends. */
export const scrubbedToStep = (state: CockpitState, by: 1 | -1): CockpitState => {
	const {past, history} = state.runView;
	if (!past || !isPast(state)) return by < 0 ? enteredPast(state) : state;
	if (history?.runId !== past.runId || history.events.length === 0) return state;
	let index = indexOfSeq(history, past.seq) + by;
	while (history.events[index] && !isStepBoundary(history.events[index]!)) index += by;
	return at(state, Math.max(0, index));
};

/** @returns At this event, from wherever one is; the view of the run has the focus. */
export const wentToEvent = (state: CockpitState, seq: number): CockpitState =>
	state.runId === undefined
		? state
		: {
				...state,
				pane: state.pane === 'output' ? 'output' : 'steps',
				runView: {...state.runView, past: {runId: state.runId, seq}, eventSeq: undefined},
			};

/** What could not be fetched is fetched anew by whoever goes back again. */
export const wentToNow = (state: CockpitState): CockpitState => {
	const {history} = state.runView;
	return {
		...state,
		runView: {
			...state.runView,
			past: undefined,
			eventSeq: undefined,
			history: history?.status === 'failed' ? undefined : history,
		},
	};
};

export const wentToFirst = (state: CockpitState): CockpitState =>
	wentToEvent(state, state.runView.history?.events[0]?.seq ?? 1);

/** From now, the first step back is to the event before the last. */
const enteredPast = (state: CockpitState): CockpitState => {
	const run = liveRunOf(state);
	return run ? wentToEvent(state, Math.max(1, run.seq - 1)) : state;
};

const at = (state: CockpitState, index: number): CockpitState => {
	const event = state.runView.history!.events[index];
	return event ? wentToEvent(state, event.seq) : wentToNow(state);
};
