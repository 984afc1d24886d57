import type {NewEvent} from '../../source/run/events.ts';
import {isStepEnded, type StepState, type StepWish, unitOf} from '../../source/run/state.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {add, type Draft} from './draft.ts';

/** Whether a step that has not ended is to be stopped: with the run, by a person, or for a rejection that leads back. */
export const isStopWanted = (draft: Draft, state: StepState): boolean => {
	if (draft.rewinding.has(state.id)) return true;
	if (state.skipRequested || state.cancelRequested) return true;
	// A step that began after the cancellation (a clean-up by `always()`) is left to finish.
	const {cancelRequested} = draft.run;
	if (!cancelRequested || state.status === 'pending') return false;
	return (state.attempts.at(-1)?.startedSeq ?? state.startedSeq ?? 0) < cancelRequested.seq;
};

/** Stops what runs of a step; once nothing does, the step has ended. */
export const stopStep = (draft: Draft, step: StepDefinition, state: StepState): void => {
	const reason = reasonOf(draft, state);
	if (state.items) {
		for (const index of state.items.active) stopUnit(draft, step, index, reason);
		if (draft.run.steps[step.id]!.items!.active.length > 0) return;
	} else if (state.status !== 'pending' && stopUnit(draft, step, undefined, reason) === 'stopping') {
		return;
	}

	endStopped(draft, draft.run.steps[step.id]!);
};

const endStopped = (draft: Draft, {id: stepId, status, skipRequested}: StepState) => {
	// Before it began, the rejection that leads back finds it as it should be.
	if (draft.rewinding.has(stepId) && status === 'pending') return;
	if (skipRequested) {
		add(draft, skippedAsAsked(stepId, skipRequested));
	} else if (!isStepEnded(status)) {
		add(draft, {type: 'step.cancelled', body: {stepId}});
	}
};

export const skippedAsAsked = (stepId: string, {origin, reason}: StepWish): NewEvent => ({
	type: 'step.skipped',
	body: {stepId, reason: 'asked', detail: `${origin.by} skipped it: ${reason}`},
});

/** @returns `stopping` where a process has to end first. */
export const stopUnit = (
	draft: Draft,
	{id: stepId, kind}: StepDefinition,
	item: number | undefined,
	reason: string,
): 'stopping' | 'stopped' => {
	for (const {id: approvalId, stepId: ofStep, item: ofItem, status} of Object.values(draft.run.approvals)) {
		if (ofStep !== stepId || ofItem !== item || status !== 'open') continue;
		add(draft, {type: 'approval.withdrawn', body: {approvalId, stepId, item, reason}});
	}

	const unit = unitOf(draft.run, stepId, item);
	const runsNow = unit.attempts.at(-1)?.status === 'running';
	if (kind !== 'approval' && kind !== 'wait' && runsNow) {
		draft.stops.push({stepId, item});
		return 'stopping';
	}

	const attempt = unit.attempts.at(-1)?.number;
	if (item !== undefined) add(draft, {type: 'item.cancelled', body: {stepId, item, attempt}});
	else add(draft, {type: 'step.cancelled', body: {stepId, attempt}});
	return 'stopped';
};

const reasonOf = (draft: Draft, {id, skipRequested, cancelRequested}: StepState) => {
	if (draft.rewinding.has(id)) return 'a rejection led back to a step before it';
	if (skipRequested) return 'the step is skipped';
	return cancelRequested ? 'the step was cancelled' : 'the run was cancelled';
};
