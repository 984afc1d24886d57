import {isRunEnded, type RunState, type StepState, unitNameOf} from '../../run/state.ts';
import type {CockpitState} from '../state.ts';
import {elapsedWords} from '../times.ts';
import {isPast} from './past.ts';

/** Whether a step that runs still does anything, as far as this cockpit has seen it. */

/** Silence is worth saying something else about from here on. */
const quietMsMin = 60_000;
/** A step that has only just begun owes no output yet. */
const freshMs = 5000;
/** Earlier runs that are looked at for how long a step takes. */
const usualRunsMax = 30;

export const heardKeyOf = (runId: string, stepId: string, item: number | undefined): string =>
	`${runId}/${unitNameOf(stepId, item)}`;

/** `last output 3s ago`; `quiet 4m, usually takes 1m30s`; empty for what does not run, and where nobody can know. */
export const livenessWordsOf = (state: CockpitState, run: RunState, step: StepState): string => {
	const attempt = step.attempts.at(-1);
	const isWorking = step.status === 'running' && attempt?.status === 'running' && attempt.childRunId === undefined;
	if (!isWorking || step.items || state.connection.status !== 'live' || isPast(state)) return '';
	const {heard, heardSinceMs = state.nowMs} = state.runView;
	const saidAtMs = heard.get(heardKeyOf(run.id, step.id, undefined));
	// An attempt of another one starts anew.
	const lastMs = saidAtMs !== undefined && saidAtMs >= attempt.startedAtMs ? saidAtMs : undefined;
	const quietMs = state.nowMs - (lastMs ?? Math.max(attempt.startedAtMs, heardSinceMs));
	if (quietMs >= quietMsMin) {
		const usualMs = usualMsOf(state, run, step.id);
		// What was before this cockpit came, it has not heard.
		const over = lastMs === undefined && attempt.startedAtMs < heardSinceMs ? 'over ' : '';
		const usual = usualMs === undefined ? '' : `, usually takes ${elapsedWords(usualMs)}`;
		return `quiet ${over}${elapsedWords(quietMs)}${usual}`;
	}

	if (lastMs !== undefined) return `last output ${elapsedWords(quietMs)} ago`;
	return attempt.startedAtMs >= heardSinceMs && quietMs >= freshMs ? 'no output yet' : '';
};

/** @returns The median of how long the step took in earlier runs of the workflow that the cockpit knows. */
export const usualMsOf = (
	{runs, order}: Pick<CockpitState, 'runs' | 'order'>,
	{workflow, workspace}: RunState,
	stepId: string,
): number | undefined => {
	const lengths: number[] = [];
	for (const id of order) {
		if (lengths.length === usualRunsMax) break;
		const run = runs.get(id)!;
		if (!isRunEnded(run) || run.workflow.name !== workflow.name || run.workspace !== workspace) continue;
		const step = run.steps[stepId];
		if (step?.status !== 'completed' || step.cached || step.adoptedFrom) continue;
		if (step.startedAtMs !== undefined && step.endedAtMs !== undefined) lengths.push(step.endedAtMs - step.startedAtMs);
	}

	return lengths.toSorted((a, b) => a - b)[Math.floor((lengths.length - 1) / 2)];
};
