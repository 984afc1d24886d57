import type {ApprovalState, RunState} from '../../run/state.ts';
import {blockedStepsOf} from '../../run/views.ts';
import {formatUsd} from '../../units.ts';

/** What each answer leads to, in words of a person. Empty where nobody can tell. */
export const consequencesOf = (run: RunState, approval: ApprovalState): {readonly yes: string; readonly no: string} => {
	switch (approval.kind) {
		case 'approval':
			return {yes: goingOnWords(run, approval), no: rejectionWords(run, approval)};
		case 'permission':
			return {yes: 'The agent goes on.', no: 'The agent is told no, and may look for another way.'};
		case 'interrupt':
			return {yes: 'What was interrupted is begun again.', no: 'The step fails.'};
		case 'budget':
			return budgetWords(approval);
	}
};

const goingOnWords = (run: RunState, approval: ApprovalState): string => {
	const blocked = blockedStepsOf(run, approval.stepId);
	if (blocked.length === 0) return 'The run goes on.';
	const shown = blocked.slice(0, 3).join(', ');
	const more = blocked.length > 3 ? ` and ${blocked.length - 3} more` : '';
	return `${shown}${more} can go on.`;
};

const rejectionWords = (run: RunState, {onReject, stepId}: ApprovalState): string => {
	if (typeof onReject === 'object') return `The run goes back to ${onReject.goto}, with your comment.`;
	if (onReject === 'skip') return 'The step and what needs it are skipped; the run goes on.';
	if (onReject === undefined) return '';
	const blocked = blockedStepsOf(run, stepId).length;
	return blocked > 0 ? 'The step fails; what needs it is not done.' : 'The step fails, and the run with it.';
};

const budgetWords = ({budget, unknownCostOf}: ApprovalState): {yes: string; no: string} => {
	if (unknownCostOf) {
		const model = unknownCostOf.model ? ` with ${unknownCostOf.model}` : '';
		return {yes: `${unknownCostOf.agent}${model} goes on in this run, its cost unknown.`, no: 'The step fails.'};
	}

	if (!budget) return {yes: '', no: ''};
	const {limit, extendBy} = budget;
	const amount = (value: number) =>
		budget.budget.unit === 'usd' ? formatUsd(value) : `${value.toLocaleString('en')} ${budget.budget.unit}`;
	return {
		yes: `The limit becomes ${amount(limit + extendBy)}, and the step goes on.`,
		no: 'Nothing more is spent: the step fails.',
	};
};
