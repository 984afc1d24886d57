import {createHash} from 'node:crypto';
import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {ApprovalState, StepState} from '../../source/run/state.ts';
import type {ApprovalStep} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {rejectionsOf} from './decide-rewind.ts';
import {add, type Draft, engineOrigin, wakeAt} from './draft.ts';
import {scopeOf} from './scope.ts';

/** Asks when the step is due, and ends it by what was answered. */
export const decideApproval = (draft: Draft, step: ApprovalStep, state: StepState): void => {
	if (state.approvalId === undefined) return request(draft, step);
	const approval = draft.run.approvals[state.approvalId]!;
	if (approval.status === 'open') return decideOpen(draft, step, approval);
	if (approval.status === 'approved') return complete(draft, approval, 'approved');
	if (approval.status === 'rejected') return reject(draft, step, approval);
	if (approval.status === 'expired') expire(draft, step, approval);
};

/** @returns The same id for the same question, so that a decision made twice asks once. */
export const approvalIdOf = (runId: string, ...parts: readonly (string | number)[]): string =>
	createHash('sha256')
		.update([runId, ...parts].join('\n'))
		.digest('hex')
		.slice(0, 12);

const request = (draft: Draft, step: ApprovalStep) => {
	const {run, facts} = draft;
	let question: string;
	let editable: string | undefined;
	try {
		const scope = scopeOf(run, step, facts);
		question = evaluateTemplate(step.question, scope) || `Go on with "${step.title}"?`;
		editable = step.editable === undefined ? undefined : boundedText(step.id, evaluateTemplate(step.editable, scope));
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		return add(draft, {type: 'step.failed', body: {stepId: step.id, failure: {code, message, suggestion}}});
	}

	const {generation} = run.steps[step.id]!;
	const approvalId = generation === 1 ? approvalIdOf(run.id, step.id) : approvalIdOf(run.id, step.id, generation);
	const expiresAtMs = step.expiresMs === undefined ? undefined : facts.nowMs + step.expiresMs;
	add(draft, {
		type: 'approval.requested',
		body: {
			approvalId,
			stepId: step.id,
			kind: 'approval',
			question,
			...(editable === undefined ? undefined : {preview: editable, isEditable: true}),
			expiresAtMs,
			onExpire: expiresAtMs === undefined ? undefined : step.onExpire,
			onReject: onRejectOf(draft, step),
		},
	});
	if (run.approveAll) {
		const origin = {...run.origin, via: 'run --yes'};
		add(draft, {type: 'approval.approved', body: {approvalId, stepId: step.id, origin}});
	}

	decideApproval(draft, step, draft.run.steps[step.id]!);
};

/** After so many rejections one more does not lead back. */
const onRejectOf = ({run}: Draft, {id, onReject}: ApprovalStep): ApprovalState['onReject'] => {
	if (typeof onReject !== 'object') return onReject;
	return rejectionsOf(run, id) < onReject.max ? {goto: onReject.goto} : 'fail';
};

/** @throws AiworkflowError `approval.text-too-large` */
const boundedText = (stepId: string, text: string): string => {
	if (Buffer.byteLength(text) <= limits.editableBytesMax) return text;
	throw new AiworkflowError({
		code: 'approval.text-too-large',
		message: `The text to edit in step "${stepId}" is longer than ${limits.editableBytesMax} bytes.`,
		suggestion: 'Let the step before write it to a file, and ask about a shorter part of it.',
	});
};

const decideOpen = (draft: Draft, step: ApprovalStep, {id: approvalId, expiresAtMs}: ApprovalState) => {
	if (expiresAtMs === undefined) return;
	if (expiresAtMs > draft.facts.nowMs) return wakeAt(draft, expiresAtMs);
	add(draft, {type: 'approval.expired', body: {approvalId, stepId: step.id, action: step.onExpire}});
	decideApproval(draft, step, draft.run.steps[step.id]!);
};

const expire = (draft: Draft, step: ApprovalStep, approval: ApprovalState) => {
	if (step.onExpire === 'approve') return complete(draft, {...approval, origin: engineOrigin}, 'approved');
	if (step.onExpire === 'reject') {
		return reject(draft, step, {...approval, origin: engineOrigin, comment: 'nobody answered in time'});
	}

	const message = `Nobody answered "${step.id}" in time.`;
	const suggestion = 'Run it again, or give `approval.expires` more time.';
	add(draft, {type: 'step.failed', body: {stepId: step.id, failure: {code: 'approval.expired', message, suggestion}}});
};

const complete = (draft: Draft, approval: ApprovalState, decision: string) =>
	add(draft, {type: 'step.completed', body: {stepId: approval.stepId, outputs: outputsOf(approval, decision)}});

const reject = (draft: Draft, step: ApprovalStep, approval: ApprovalState) => {
	const by = `${approval.origin?.by ?? 'somebody'} said no${approval.comment ? `: ${approval.comment}` : ''}`;
	if (typeof step.onReject === 'object') {
		// One rejection is left to `decideRewind`, which leads back when nothing runs any more.
		if (rejectionsOf(draft.run, step.id) <= step.onReject.max && !draft.run.cancelRequested) return;
	}

	if (step.onReject === 'skip') {
		return add(draft, {type: 'step.skipped', body: {stepId: step.id, reason: 'rejected', detail: by}});
	}

	const failure = {
		code: 'approval.rejected',
		message: by,
		suggestion: 'Mend what was objected to and run it again; `on-reject: skip` would end the run without a failure.',
	};
	add(draft, {type: 'step.failed', body: {stepId: step.id, failure, outputs: outputsOf(approval, 'rejected')}});
};

const outputsOf = ({comment, origin, answeredAtMs, isEditable, text, preview}: ApprovalState, decision: string) => ({
	decision,
	comment: comment ?? '',
	by: origin?.by ?? '',
	at: answeredAtMs === undefined ? '' : new Date(answeredAtMs).toISOString(),
	...(isEditable && {text: text ?? preview ?? ''}),
});
