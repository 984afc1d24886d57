import {isStepEnded, type RunState} from '../../source/run/state.ts';
import type {ApprovalStep, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {add, type Draft} from './draft.ts';

interface Rewind {
	readonly step: ApprovalStep;
	readonly to: string;
	readonly approvalId: string;
	readonly feedback: string;
	/** The step led back to and all that needs it, directly or not; in file order. */
	readonly stepIds: readonly string[];
}

/** @returns The steps that a rejection leads back over, without the approval itself. */
export const rewindingOf = (run: RunState, definition: WorkflowDefinition): ReadonlySet<string> => {
	const rewind = rewindOf(run, definition);
	return new Set(rewind?.stepIds.filter(id => id !== rewind.step.id));
};

/** Leads back once nothing of what is led back over runs any more. */
export const decideRewind = (draft: Draft): void => {
	const rewind = rewindOf(draft.run, draft.facts.definition);
	if (!rewind) return;
	const {step, to: toStepId, approvalId, feedback, stepIds} = rewind;
	const {steps} = draft.run;
	const isBusy = (id: string) =>
		draft.facts.preparing.has(id) ||
		[...draft.facts.preparing].some(name => name.startsWith(`${id}[`)) ||
		!(isStepEnded(steps[id]!.status) || steps[id]!.status === 'pending');
	if (stepIds.some(id => id !== step.id && isBusy(id))) return;
	add(draft, {type: 'run.rewound', body: {toStepId, approvalId, stepIds: [...stepIds], feedback}});
};

/** How often a rejection of this step has led back already, the present one included. */
export const rejectionsOf = (run: RunState, stepId: string): number =>
	Object.values(run.approvals).filter(
		({stepId: asked, kind, status, onExpire}) =>
			asked === stepId &&
			kind === 'approval' &&
			(status === 'rejected' || (status === 'expired' && onExpire === 'reject')),
	).length;

const rewindOf = (run: RunState, definition: WorkflowDefinition): Rewind | undefined => {
	if (run.cancelRequested) return undefined;
	for (const step of definition.steps) {
		if (step.kind !== 'approval' || typeof step.onReject !== 'object') continue;
		const {status, approvalId} = run.steps[step.id]!;
		const approval = status === 'waiting' && approvalId !== undefined ? run.approvals[approvalId] : undefined;
		const isRejected =
			approval?.status === 'rejected' || (approval?.status === 'expired' && approval.onExpire === 'reject');
		if (!approval || !isRejected || rejectionsOf(run, step.id) > step.onReject.max) continue;
		const {goto: to} = step.onReject;
		const feedback = approval.comment ?? '';
		return {step, to, approvalId: approval.id, feedback, stepIds: downstreamOf(run, to)};
	}

	return undefined;
};

/** @returns The step and everything that needs it, directly or not; in file order. */
export const downstreamOf = (run: RunState, stepId: string): readonly string[] => {
	const found = new Set([stepId]);
	for (let size = 0; size !== found.size; ) {
		size = found.size;
		for (const id of run.stepOrder) if (run.steps[id]!.needs.some(need => found.has(need))) found.add(id);
	}

	return run.stepOrder.filter(id => found.has(id));
};
