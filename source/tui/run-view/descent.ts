import {selectedRunOf, selectedStepOf, shownItemOf} from '../select.ts';
import type {CockpitState} from '../state.ts';

/** From a step that is a run of its own into that run, and back. */

/** @returns `undefined` where the selected step started no run. */
export const wentBelow = (state: CockpitState): CockpitState | undefined => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step) return undefined;
	const to = (shownItemOf(state, run, step) ?? step).attempts.at(-1)?.childRunId;
	if (to === undefined) return undefined;
	return {
		...state,
		runId: to,
		// A run that is not among those that are shown is fetched like one whose beginning was missed.
		orphans: state.runs.has(to) ? state.orphans : new Map([...state.orphans, [to, []]]),
		pinnedSteps: {...state.pinnedSteps, [run.id]: step.id},
		runView: {
			...state.runView,
			past: undefined,
			eventSeq: undefined,
			trail: [...state.runView.trail.filter(({to: other}) => other !== to), {from: run.id, stepId: step.id, to}],
		},
	};
};

/** @returns The run that was gone into from, at the step; `undefined` where one came from nowhere. */
export const wentUp = (state: CockpitState): CockpitState | undefined => {
	const descent = state.runView.trail.find(({to}) => to === state.runId);
	if (!descent || !state.runs.has(descent.from)) return undefined;
	const {from, stepId} = descent;
	return {
		...state,
		runId: from,
		pinnedSteps: {...state.pinnedSteps, [from]: stepId},
		runView: {...state.runView, past: undefined, trail: state.runView.trail.filter(each => each !== descent)},
	};
};
