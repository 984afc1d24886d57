import {isRunEnded, isStepEnded, unitNameOf} from '../../run/state.ts';
import {type AttentionFacts, attentionOf} from '../attention.ts';
import {isTrustMissing} from '../pages/workflows/select.ts';
import {approvalOf, liveRunOf, runNameOf} from '../select.ts';
import {type ApprovalDialog, type CockpitState, type ConfirmDialog, isConfirm, type Notice} from '../state.ts';

/** What has to hold after the runs changed: the selection exists, and no dialog asks what is decided already. */
export const settle = (before: CockpitState, after: CockpitState): CockpitState => {
	let state = isInboxSame(before, after) ? after : withAttention(after);
	if (!liveRunOf(state)) state = {...state, runId: neighbourOf(before, state)};
	if (state.pane === 'needs' && state.attention.length === 0) state = {...state, pane: 'runs'};
	const {dialog} = state;
	if (dialog?.kind === 'approval') state = settleApproval(state, dialog);
	if (
		dialog?.kind === 'answer-all' &&
		!dialog.questions.some(each => approvalOf(state, each)?.approval.status === 'open')
	)
		return {...state, dialog: undefined, notice: {kind: 'info', text: 'All of them have been answered.'}};
	const moot = dialog && isConfirm(dialog) ? mootWordsOf(state, dialog) : undefined;
	return moot === undefined ? state : {...state, dialog: undefined, notice: {kind: 'info', text: moot}};
};

/** @returns The state with its inbox brought up to date. */
export const withAttention = (state: CockpitState): CockpitState => {
	const attention = attentionOf(state.runs, state.order, state.seen, state.nowMs, attentionFactsOf(state));
	const waiting = attention.flatMap(each => (each.kind === 'approval' ? [each] : []));
	return {...state, attention, waiting};
};

const isInboxSame = (before: CockpitState, after: CockpitState): boolean =>
	before.runs === after.runs &&
	before.seen === after.seen &&
	before.fetched.workspace === after.fetched.workspace &&
	before.fetched.deadWebhooks === after.fetched.deadWebhooks;

const attentionFactsOf = (state: CockpitState): AttentionFacts => ({
	untrustedFiles: isTrustMissing(state) ? state.fetched.workspace!.value!.files : [],
	deadLetters: state.fetched.deadWebhooks?.value?.length ?? 0,
});

/** @returns Why there is nothing left to confirm; `undefined` where there is. */
const mootWordsOf = ({runs}: CockpitState, dialog: ConfirmDialog): string | undefined => {
	if (!('runId' in dialog)) return undefined;
	const run = runs.get(dialog.runId);
	if (!run) return undefined;
	switch (dialog.kind) {
		case 'cancel':
			return isRunEnded(run) ? 'The run has ended by itself.' : undefined;
		case 'retry':
			return isRunEnded(run) ? undefined : 'The run goes on already.';
		case 'skip': {
			const step = run.steps[dialog.stepId];
			return !step || isStepEnded(step.status) ? 'The step has ended by itself.' : undefined;
		}

		case 'fork':
			return undefined;
	}
};

/** The selected run is gone: what stands in its place, or the first one. */
const neighbourOf = (before: CockpitState, after: CockpitState): string | undefined => {
	// The first pages of a snapshot may lack the open runs that belong on top.
	if (before.runId === undefined) return after.arriving ? undefined : after.order[0];
	const index = before.order.indexOf(before.runId);
	// A run asked for by id may not have arrived yet.
	if (index < 0) return before.runId;
	return after.order[Math.min(index, after.order.length - 1)];
};

const settleApproval = (state: CockpitState, dialog: ApprovalDialog): CockpitState => {
	const run = state.runs.get(dialog.runId);
	const approval = run?.approvals[dialog.approvalId];
	const isOpen = run && approval?.status === 'open' && run.endedAtMs === undefined;
	if (isOpen) return state;
	return {...state, dialog: undefined, notice: noticeOf()};

	function noticeOf(): Notice {
		if (!run || !approval) return {kind: 'info', text: 'The question is gone, and its run with it.'};
		const what = `${runNameOf(run)}, ${unitNameOf(approval.stepId, approval.item)}`;
		const isOurs = dialog.sent !== undefined;
		switch (approval.status) {
			case 'approved':
			case 'rejected': {
				const who = isOurs ? 'You' : (approval.origin?.by ?? 'Somebody');
				const where = isOurs || !approval.origin ? '' : ` (${approval.origin.via})`;
				return {kind: 'info', text: `${who} ${approval.status} it${where}: ${what}.`};
			}

			case 'expired':
				return {kind: 'info', text: `It expired before it was answered: ${what}.`};
			default:
				return {kind: 'info', text: `The question is moot, its step has ended: ${what}.`};
		}
	}
};
