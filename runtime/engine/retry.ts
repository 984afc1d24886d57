import type {Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {RunState} from '../../source/run/state.ts';
import {unitOf} from '../../source/run/state.ts';
import type {RetryPolicy, StepDefinition} from '../../source/workflow/definition.ts';

/**
 * @param failures How many attempts have failed, this one included.
 * @param random 0 to 1.
 * @returns Milliseconds to wait, or `undefined` when the step has failed for good.
 */
export const nextRetryDelayMs = (
	policy: RetryPolicy,
	failures: number,
	failure: Failure,
	random: number,
): number | undefined => {
	if (failures > policy.max || !isRetried(policy, failure)) return undefined;
	const growth = {constant: 1, linear: failures, exponential: 2 ** (failures - 1)}[policy.backoff];
	const delayMs = Math.min(policy.delayMs * growth, policy.maxDelayMs);
	// Full jitter: what failed together must not be tried again together.
	return Math.round(delayMs * random);
};

/** Nothing named: what may pass by itself, and a script, which alone knows why it failed. */
const isRetried = ({on}: RetryPolicy, {code, retryable}: Failure): boolean => {
	if (on.length === 0) return retryable === true || code === 'script.failed';
	return isCodeIn(on, code);
};

/** @param codes `noun.*` stands for a family. */
export const isCodeIn = (codes: readonly string[], code: string): boolean =>
	codes.some(wanted => wanted === code || (wanted.endsWith('.*') && code.startsWith(wanted.slice(0, -1))));

/** @returns Unix milliseconds at which the next attempt begins; `undefined` where none does. */
export const retryAtMsOf = (
	run: RunState,
	step: StepDefinition,
	item: number | undefined,
	failure: Failure,
	{nowMs, random}: {readonly nowMs: number; readonly random: number},
): number | undefined => {
	const state = run.steps[step.id]!;
	if (!step.retry || run.cancelRequested || state.cancelRequested || state.skipRequested) return undefined;
	const failures = unitOf(run, step.id, item).attempts.filter(
		({generation, iteration, status, next = 'retry'}) =>
			generation === state.generation && iteration === state.iteration + 1 && status === 'failed' && next === 'retry',
	).length;
	const delayMs = nextRetryDelayMs(step.retry, failures + 1, failure, random);
	const deadlineMs = stepDeadlineMsOf(run, step);
	if (delayMs === undefined) return undefined;
	// Whoever refused said when it is of use to ask again.
	const resetAtMs =
		step.kind === 'agent' ? nowMs : Math.min(failure.resetAtMs ?? nowMs, nowMs + limits.retryAfterMsMax);
	const atMs = Math.max(nowMs + delayMs, resetAtMs);
	return deadlineMs !== undefined && atMs >= deadlineMs ? undefined : atMs;
};

/** @returns Unix milliseconds at which the step as a whole is out of time. */
export const stepDeadlineMsOf = (run: RunState, {id, stepTimeoutMs}: StepDefinition): number | undefined => {
	if (stepTimeoutMs === undefined) return undefined;
	const {attempts, generation, startedAtMs} = run.steps[id]!;
	const begunAtMs = attempts.find(attempt => attempt.generation === generation)?.startedAtMs ?? startedAtMs;
	return begunAtMs === undefined ? undefined : begunAtMs + stepTimeoutMs;
};

/** @returns Unix milliseconds at which an attempt that begins now is out of time, or its step as a whole is. */
export const deadlineOf = (run: RunState, step: StepDefinition, nowMs: number): number | undefined => {
	const {timeoutMs, stepTimeoutMs} = step;
	const ofStep = stepDeadlineMsOf(run, step) ?? (stepTimeoutMs === undefined ? undefined : nowMs + stepTimeoutMs);
	const ofAttempt = timeoutMs === undefined ? undefined : nowMs + timeoutMs;
	return ofStep === undefined || ofAttempt === undefined ? (ofStep ?? ofAttempt) : Math.min(ofStep, ofAttempt);
};
