import {unitNameOf} from '../../run/state.ts';
import {selectedRunOf, selectedStepOf, shownItemOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {isPast} from './past.ts';

/** @returns The run whose events somebody looks at: its past, its timeline, or the scores in its data. */
export const historyRunIdOf = (state: CockpitState): string | undefined => {
	const {runView, runId} = state;
	return isPast(state) || runView.lower !== 'output' ? runId : undefined;
};

/** @returns `run step attempt` of what the data pane shows; `undefined` while nobody looks at it. */
export const requestKeyOf = (state: CockpitState): string | undefined => {
	if (state.screen !== 'home' || state.runView.lower !== 'data') return undefined;
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step) return undefined;
	const item = shownItemOf(state, run, step);
	const attempt = (item ?? step).attempts.at(-1)?.number;
	return `${run.id} ${unitNameOf(step.id, item?.index)} ${attempt ?? ''}`;
};

/** Whether the arrows move about in the drawn graph. */
export const isGraphFocused = ({runView, pane}: CockpitState): boolean => runView.shape === 'graph' && pane === 'steps';
