import {failureOf} from '../../source/errors.ts';
import type {StepState} from '../../source/run/state.ts';
import {parseDurationMs} from '../../source/units.ts';
import type {WaitStep} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {add, type Draft, wakeAt} from './draft.ts';
import {scopeOf} from './scope.ts';

/** Starts the wait when the step is due, and ends it when its moment has come, however long nobody was there to look. */
export const decideWait = (draft: Draft, step: WaitStep, state: StepState): void => {
	if (state.wakeAtMs === undefined) return beginWait(draft, step);
	if (state.wakeAtMs > draft.facts.nowMs) return wakeAt(draft, state.wakeAtMs);
	add(draft, {type: 'step.completed', body: {stepId: step.id, outputs: {}}});
};

const beginWait = (draft: Draft, step: WaitStep) => {
	try {
		const text = evaluateTemplate(step.wait, scopeOf(draft.run, step, draft.facts));
		const wakeAtMs = wakeMomentOf(text, draft.facts.nowMs);
		if (wakeAtMs !== undefined) {
			add(draft, {type: 'wait.started', body: {stepId: step.id, wakeAtMs}});
			return decideWait(draft, step, draft.run.steps[step.id]!);
		}

		const failure = {
			code: 'wait.invalid',
			message: `"${text}" is neither a duration nor a moment.`,
			suggestion: 'Write `wait: 5m` or an ISO-8601 moment such as `wait: 2026-12-24T18:00:00Z`.',
		};
		add(draft, {type: 'step.failed', body: {stepId: step.id, failure}});
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		add(draft, {type: 'step.failed', body: {stepId: step.id, failure: {code, message, suggestion}}});
	}
};

/** @returns Unix milliseconds; a moment in the past is due at once; `undefined` for a text that is neither. */
const wakeMomentOf = (text: string, nowMs: number): number | undefined => {
	const durationMs = parseDurationMs(text);
	if (durationMs !== undefined) return nowMs + durationMs;
	const atMs = /^\d{4}-\d{2}-\d{2}/.test(text.trim()) ? Date.parse(text.trim()) : Number.NaN;
	return Number.isNaN(atMs) ? undefined : atMs;
};
