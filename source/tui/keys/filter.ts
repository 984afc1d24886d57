import {listedRunsOf} from '../select.ts';
import type {CockpitState} from '../state.ts';

/** @returns The state with the runs filtered so, and the selection on a run that is listed. */
export const filtered = (state: CockpitState, filter: string): CockpitState => {
	const after = {...state, filter};
	const listed = listedRunsOf(after);
	return state.runId !== undefined && listed.includes(state.runId)
		? after
		: {...after, runId: listed[0] ?? state.runId};
};
