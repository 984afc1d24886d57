import {cockpitLimits} from '../limits.ts';
import type {CockpitState, Waiting} from '../state.ts';

/** Its run is selected with it, so that what it is about is on the screen. */
export const opened = (state: CockpitState, waiting: Waiting | undefined): CockpitState => {
	if (!waiting) return state;
	return {
		...state,
		runId: waiting.runId,
		attentionId: waiting.approvalId,
		dialog: {kind: 'approval', ...waiting, armedAtMs: state.nowMs + cockpitLimits.armMs, scroll: 0},
	};
};
