import type {Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {type AttemptState, type RunState, unitOf} from '../../source/run/state.ts';
import {type FailoverPolicy, failoverDefaults, type StepDefinition} from '../../source/workflow/definition.ts';
import type {FailoverReason, PassedOver} from './parts.ts';
import {isCodeIn, retryAtMsOf, stepDeadlineMsOf} from './retry.ts';

/** What follows a failed attempt. */
export interface NextTry {
	/** Unix milliseconds. */
	readonly atMs: number;
	readonly next: 'retry' | 'failover' | 'quota';
}

export interface NextTryFacts {
	/** Agents that the step may use, in order; `auto` stands for several. */
	readonly agents: readonly string[];
	/** The one that failed; missing: none was started. */
	readonly agent?: string;
	readonly nowMs: number;
	/** 0 to 1. */
	readonly random: number;
}

export const failoverPolicyOf = (step: StepDefinition): FailoverPolicy => ({
	...failoverDefaults,
	...(step.kind === 'agent' ? step.failover : undefined),
});

/**
 * Another agent at once, where one is left in this round; else a wait until a limit resets, where the moment is known; else
 * what `retry:` says, which begins another round with the first agent. Pure.
 */
export const nextTryOf = (
	run: RunState,
	step: StepDefinition,
	item: number | undefined,
	failure: Failure,
	facts: NextTryFacts,
): NextTry | undefined => {
	const state = run.steps[step.id]!;
	const isUnwanted = run.cancelRequested ?? state.cancelRequested ?? state.skipRequested;
	if (isUnwanted) return undefined;
	if (step.kind === 'agent') {
		const policy = failoverPolicyOf(step);
		const round = roundOf(run, step, item);
		const isWaiting = policy.quota === 'wait' && resetAtMsOf(failure, round) !== undefined;
		const other = !isWaiting && isAnotherLeft(policy, round, failure, facts);
		if (other && isInTime(run, step, facts.nowMs)) return {atMs: facts.nowMs, next: 'failover'};
		const quotaAtMs = quotaAtMsOf(run, step, item, policy, failure, round, facts);
		if (quotaAtMs !== undefined && isInTime(run, step, quotaAtMs)) return {atMs: quotaAtMs, next: 'quota'};
	}

	const atMs = retryAtMsOf(run, step, item, failure, facts);
	return atMs === undefined ? undefined : {atMs, next: 'retry'};
};

const isInTime = (run: RunState, step: StepDefinition, atMs: number): boolean => {
	const deadlineMs = stepDeadlineMsOf(run, step);
	return deadlineMs === undefined || atMs < deadlineMs;
};

/** @returns The attempts of this round that have failed: since the last one after which all agents were begun anew. */
export const roundOf = (run: RunState, step: StepDefinition, item: number | undefined): readonly AttemptState[] => {
	const {generation, iteration} = run.steps[step.id]!;
	const ended = unitOf(run, step.id, item).attempts.filter(
		attempt => attempt.generation === generation && attempt.iteration === iteration + 1 && attempt.status === 'failed',
	);
	const lastRound = ended.findLastIndex(({next}) => next !== 'failover');
	return ended.slice(lastRound + 1);
};

const isAnotherLeft = (
	policy: FailoverPolicy,
	round: readonly AttemptState[],
	failure: Failure,
	{agents, agent}: NextTryFacts,
): boolean => {
	if (agent === undefined || round.length >= policy.max || !isCodeIn(policy.on, failure.code)) return false;
	const tried = new Set([...round.flatMap(attempt => attempt.agent ?? []), agent]);
	// How many `auto` stands for is known only when it is asked; none left is found out then.
	return agents.includes('auto') || agents.some(name => !tried.has(name));
};

/** @returns When the first of the agents that reached a limit in this round can work again. */
const resetAtMsOf = (failure: Failure, round: readonly AttemptState[]): number | undefined => {
	const moments = [failure, ...round.map(attempt => attempt.failure)].flatMap(each =>
		each?.code === 'agent.rate-limited' ? (each.resetAtMs ?? []) : [],
	);
	return moments.length === 0 ? undefined : Math.min(...moments);
};

const quotaAtMsOf = (
	run: RunState,
	step: StepDefinition,
	item: number | undefined,
	policy: FailoverPolicy,
	failure: Failure,
	round: readonly AttemptState[],
	{nowMs, random}: NextTryFacts,
): number | undefined => {
	const resetAtMs = resetAtMsOf(failure, round);
	if (policy.quota === 'fail' || resetAtMs === undefined || resetAtMs - nowMs > policy.quotaMaxMs) return undefined;
	const {generation} = run.steps[step.id]!;
	const waits = unitOf(run, step.id, item).attempts.filter(
		attempt => attempt.generation === generation && attempt.next === 'quota',
	).length;
	if (waits >= limits.quotaWaitsMax) return undefined;
	// Later each time: what was promised to be over may not be. Scattered, so that not all come back at once.
	const leastMs = limits.quotaWaitMsMin * (waits + 1);
	return Math.round(Math.max(resetAtMs, nowMs + leastMs) + random * limits.quotaWaitMsMin);
};

/** @returns Why each agent that failed in this round is not asked again in it. */
export const failedIn = (round: readonly AttemptState[]): ReadonlyMap<string, Omit<PassedOver, 'agent'>> =>
	new Map(
		round.flatMap(({agent, failure}) =>
			agent === undefined || !failure ? [] : [[agent, {reason: reasonOf(failure), detail: failure.message}] as const],
		),
	);

export const reasonOf = ({code}: Pick<Failure, 'code'>): FailoverReason => reasons[code] ?? 'step-failed';

const reasons: Readonly<Record<string, FailoverReason>> = {
	'agent.unreachable': 'initialisation-failed',
	'agent.unauthenticated': 'initialisation-failed',
	'agent.rate-limited': 'rate-limited',
	'agent.circuit-open': 'breaker-open',
	'agent.disabled': 'disabled',
	'attempt.timed-out': 'timed-out',
	'attempt.stalled': 'timed-out',
	'budget.exceeded': 'over-budget',
};

/**
 * @returns The agents in the order in which they are asked: one that another took over from lately comes last, until
 * `retry-primary-after` has passed.
 */
export const orderedBy = (
	run: RunState,
	{retryPrimaryAfterMs}: FailoverPolicy,
	agents: readonly string[],
	nowMs: number,
): readonly string[] => {
	const isDemoted = (name: string) => nowMs < (run.switchedFromAtMs?.[name] ?? -Infinity) + retryPrimaryAfterMs;
	return [...agents.filter(name => !isDemoted(name)), ...agents.filter(isDemoted)];
};
