import type {FastifyRequest} from 'fastify';
import {z} from 'zod';
import {answerRequest} from '../../../source/api/contract.ts';
import type {ApprovalsPage} from '../../../source/api/messages.ts';
import {AiworkflowError, approvalAlreadyAnswered, approvalDenied} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {findApproval} from '../find.ts';

const params = z.object({id: z.string().describe('Id of an approval, or the first characters of it.')});
const query = z.object({
	status: z.enum(['open', 'approved', 'rejected', 'expired', 'withdrawn', 'all']).default('open'),
	runId: z.string().optional().describe('Id of a run, or the first characters of it.'),
});

export const registerApprovals = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/approvals',
		{schema: {tags: ['approvals'], summary: 'What waits for a person, oldest first', querystring: query}},
		async (request): Promise<ApprovalsPage> => {
			const {status, runId = ''} = request.query as z.output<typeof query>;
			return {approvals: parts.approvals.list(status === 'all' ? undefined : status, runId, limits.pageEventsMax)};
		},
	);
	for (const verb of ['approve', 'reject'] as const) {
		server.post(
			`/approvals/:id/${verb}`,
			{schema: {tags: ['approvals'], summary: `Answer: ${verb}`, params, body: answerRequest}},
			async request => answer(parts, request, verb === 'approve'),
		);
	}
};

/** @throws AiworkflowError `approval.denied`, `approval.answered`, `approval.not-found`, `usage.invalid`. */
const answer = async (parts: DaemonParts, request: FastifyRequest, isApproved: boolean) => {
	const {id} = request.params as z.output<typeof params>;
	const {comment, optionId, forRun, extendBy, text, origin} = request.body as z.output<typeof answerRequest>;
	const inside = attemptOfCaller(request);
	if (inside) throw approvalDenied(`run ${inside}`);
	const approval = findApproval(parts, id);
	const option = approval.options?.find(each => each.id === optionId);
	if (optionId !== undefined && option?.isAllow !== isApproved) {
		throw new AiworkflowError({
			code: 'usage.invalid',
			message: `Approval ${approval.id} has no option "${optionId}" to ${isApproved ? 'approve' : 'reject'} with.`,
			suggestion: `Its options are: ${approval.options?.map(each => each.id).join(', ') ?? 'none'}.`,
		});
	}

	if (comment !== undefined && Buffer.byteLength(comment) > limits.commentBytesMax) {
		throw new AiworkflowError({
			code: 'usage.invalid',
			message: `The comment is longer than ${limits.commentBytesMax} bytes.`,
			suggestion: 'Say it in fewer words.',
		});
	}

	if ((forRun && approval.kind !== 'permission') || (extendBy !== undefined && approval.kind !== 'budget')) {
		throw new AiworkflowError({
			code: 'usage.invalid',
			message: forRun
				? `Approval ${approval.id} is no permission, so nothing can be allowed for the rest of the run.`
				: `Approval ${approval.id} is not about a budget, so there is nothing to extend.`,
			suggestion: 'Leave the option out.',
		});
	}

	if (text !== undefined && !(approval.isEditable && isApproved)) {
		throw new AiworkflowError({
			code: 'usage.invalid',
			message: `Approval ${approval.id} has no text that may be changed${approval.isEditable ? ' by who says no' : ''}.`,
			suggestion: 'Leave the text out, or say it in a comment.',
		});
	}

	if (text !== undefined && Buffer.byteLength(text) > limits.editableBytesMax) {
		throw new AiworkflowError({
			code: 'usage.invalid',
			message: `The text is longer than ${limits.editableBytesMax} bytes.`,
			suggestion: 'Shorten it.',
		});
	}

	const isAnswered = await parts.engine.answerApproval(approval.runId, approval.id, {
		isApproved,
		origin,
		comment,
		optionId,
		forRun,
		text,
		extendBy:
			extendBy === undefined ? undefined : approval.unit === 'usd' ? Math.round(extendBy * 1_000_000) : extendBy,
	});
	const after = findApproval(parts, approval.id);
	if (!isAnswered) throw approvalAlreadyAnswered(approval.id, after.status);
	return after;
};
