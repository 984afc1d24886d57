import type {RunState, StepState} from '../../source/run/state.ts';

/**
 * What the steps before a step mean for it (LANGUAGE.md, "Order, skipping, failing").
 * A need blocks when it failed without `continue-on-error`, was cancelled, or was itself skipped because a need of its
 * own blocked it or a person rejected it; a need skipped by its own condition counts as satisfied.
 */
export type Blocking = {readonly needId: string; readonly reason: 'need-failed' | 'rejected'} | undefined;

export const blockingNeedOf = (run: RunState, step: StepState): Blocking => {
	let rejected: Blocking;
	for (const needId of step.needs) {
		const need = run.steps[needId]!;
		const {status, skipped} = need;
		if (isFailed(need) || status === 'cancelled' || skipped?.reason === 'need-failed')
			return {needId, reason: 'need-failed'};
		if (skipped?.reason === 'rejected') rejected ??= {needId, reason: 'rejected'};
	}

	return rejected;
};

/** Whether some step that this one needs, directly or not, failed without `continue-on-error`: `failure()`. */
export const hasFailedAncestor = (run: RunState, step: StepState): boolean => {
	// Failures are rare and the walk is not: look for one at all first.
	if (run.counts.failed === 0) return false;
	const seen = new Set<string>();
	const open = [...step.needs];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		const need = run.steps[id]!;
		if (isFailed(need)) return true;
		open.push(...need.needs);
	}

	return false;
};

export const isFailed = (step: StepState): boolean => step.status === 'failed' && !step.continueOnError;
