import {failureOf} from '../../source/errors.ts';
import type {StepState} from '../../source/run/state.ts';
import {parseDurationMs} from '../../source/units.ts';
import type {WaitStep} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {add, type Draft, wakeAt} from './draft.ts';
import {scopeOf} from './scope.ts';

/** Starts the wait when the step is due, and ends it when its moment has come, however long nobody was there to look. */
export const decideWait = (draft: Draft, step: WaitStep, state: StepState): void => {
	if (state.status === 'pending') return beginWait(draft, step);
	if (state.signal !== undefined && endBySignal(draft, step, state.signal)) return;
	if (state.wakeAtMs === undefined) return;
	if (state.wakeAtMs > draft.facts.nowMs) return wakeAt(draft, state.wakeAtMs);
	if (state.signal === undefined) return add(draft, {type: 'step.completed', body: {stepId: step.id, outputs: {}}});
	const failure = {
		code: 'wait.timed-out',
		message: `No signal "${state.signal}" came in time.`,
		suggestion: 'Send it with `aiworkflow runs signal <run> <name>`, or give the step a longer `timeout:`.',
	};
	add(draft, {type: 'step.failed', body: {stepId: step.id, failure}});
};

const endBySignal = (draft: Draft, step: WaitStep, name: string): boolean => {
	const signal = draft.run.signals.find(received => received.name === name);
	if (!signal) return false;
	const {data} = signal;
	const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
	const outputs = isObject ? {...data} : {value: data ?? null};
	add(draft, {type: 'step.completed', body: {stepId: step.id, outputs}});
	return true;
};

const beginWait = (draft: Draft, step: WaitStep) => {
	const {nowMs} = draft.facts;
	try {
		const scope = scopeOf(draft.run, step, draft.facts);
		if (step.signal !== undefined) {
			const wakeAtMs = step.timeoutMs === undefined ? undefined : nowMs + step.timeoutMs;
			const signal = evaluateTemplate(step.signal, scope);
			add(draft, {type: 'wait.started', body: {stepId: step.id, signal, wakeAtMs}});
			return decideWait(draft, step, draft.run.steps[step.id]!);
		}

		const text = evaluateTemplate(step.wait, scope);
		const wakeAtMs = wakeMomentOf(text, nowMs);
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
