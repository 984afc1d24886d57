import {isRunEnded, type RunState, type StepState} from '../run/state.ts';
import {blockedStepsOf, openApprovalsOf, runStatusOf} from '../run/views.ts';

/** Something that a person should know of, because it waits for them or went wrong. */
export type Attention =
	| {readonly kind: 'approval'; readonly id: string; readonly runId: string; readonly approvalId: string}
	/** A run that failed within the last day, and that nobody looked at since. */
	| {readonly kind: 'failed'; readonly id: string; readonly runId: string}
	/** A step that waits until a limit of its agent resets. */
	| {readonly kind: 'quota'; readonly id: string; readonly runId: string; readonly stepId: string}
	/** Files of the workspace that nobody trusts as they are: what they declare does nothing. */
	| {readonly kind: 'trust'; readonly id: 'trust'; readonly files: readonly string[]}
	/** Webhooks to others that were given up. */
	| {readonly kind: 'dead-letters'; readonly id: 'dead-letters'; readonly count: number};

/** What the inbox tells of besides runs. */
export interface AttentionFacts {
	/** Relative to the workspace. */
	readonly untrustedFiles: readonly string[];
	readonly deadLetters: number;
}

/** What is about to expire comes first, whatever it blocks. */
const expiresSoonMs = 10 * 60_000;
const failedForMs = 24 * 3_600_000;
/** Failed runs listed; the list of runs has all. */
const failedMax = 20;

/**
 * The inbox, dearest to wait for first: questions that soon expire, questions of runs in which nothing else goes on,
 * questions that block the most, the oldest first; then files that wait for trust; then failed runs, the latest first;
 * then waits for quota, the next first; then dead letters.
 *
 * @param order Open runs first, then ended ones, the latest ending first.
 * @param seen Ids of failed runs that somebody looked at.
 */
export const attentionOf = (
	runs: ReadonlyMap<string, RunState>,
	order: readonly string[],
	seen: ReadonlySet<string>,
	nowMs: number,
	{untrustedFiles: files, deadLetters: count}: AttentionFacts,
): Attention[] => {
	const asking: {readonly item: Attention; readonly costs: readonly number[]}[] = [];
	const quota: {readonly item: Attention; readonly untilMs: number}[] = [];
	const failed: Attention[] = [];
	for (const runId of order) {
		const run = runs.get(runId)!;
		if (isRunEnded(run)) {
			if (nowMs - run.endedAtMs! > failedForMs || failed.length >= failedMax) break;
			// A sub-workflow's failure is told by the run above it.
			if (runStatusOf(run) === 'failed' && !seen.has(runId) && !run.parent)
				failed.push({kind: 'failed', id: runId, runId});
			continue;
		}

		for (const approval of openApprovalsOf(run)) {
			const expiresInMs = (approval.expiresAtMs ?? Number.POSITIVE_INFINITY) - nowMs;
			const isStill = run.counts.running + run.counts.retrying === 0;
			asking.push({
				item: {kind: 'approval', id: approval.id, runId, approvalId: approval.id},
				costs: [
					Math.min(expiresInMs, expiresSoonMs),
					isStill ? 0 : 1,
					-blockedStepsOf(run, approval.stepId).length,
					approval.requestedAtMs,
				],
			});
		}

		if (run.counts.retrying === 0) continue;
		for (const stepId of run.stepOrder) {
			const step = run.steps[stepId]!;
			if (!isForQuota(step)) continue;
			quota.push({item: {kind: 'quota', id: `${runId}/${stepId}`, runId, stepId}, untilMs: step.retryAtMs ?? 0});
		}
	}

	return [
		...asking.toSorted((a, b) => compareEach(a.costs, b.costs)).map(({item}) => item),
		...(files.length > 0 ? [{kind: 'trust', id: 'trust', files} as const] : []),
		...failed,
		...quota.toSorted((a, b) => a.untilMs - b.untilMs).map(({item}) => item),
		...(count > 0 ? [{kind: 'dead-letters', id: 'dead-letters', count} as const] : []),
	];
};

/** It waits until a limit of its agent resets. */
export const isForQuota = ({status, attempts}: StepState): boolean =>
	status === 'retrying' && attempts.at(-1)?.next === 'quota';

const compareEach = (a: readonly number[], b: readonly number[]): number => {
	for (const [index, value] of a.entries()) if (value !== b[index]) return value - b[index]!;
	return 0;
};
