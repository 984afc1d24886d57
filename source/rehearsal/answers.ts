import type {Client} from '../client/client.ts';
import {originOf} from '../origin.ts';
import type {EventBody} from '../run/events.ts';
import type {Approve} from './case.ts';

/** Gives the answers of a case to the approvals as they come. */
export interface Answers {
	/** Does nothing where the case has no answer. */
	answer(approval: Pick<EventBody<'approval.requested'>, 'approvalId' | 'stepId' | 'kind'>): Promise<void>;
	/** Ids of the approvals that were answered. */
	readonly given: ReadonlySet<string>;
}

export const createAnswers = (client: Pick<Client, 'approve' | 'reject'>, approve: Approve): Answers => {
	const given = new Set<string>();
	const asked = new Map<string, number>();
	return {
		given,
		async answer({approvalId, stepId, kind}) {
			if (typeof approve === 'string' || kind !== 'approval' || !Object.hasOwn(approve, stepId)) return;
			const answers = approve[stepId]!;
			const round = asked.get(stepId) ?? 0;
			asked.set(stepId, round + 1);
			const {isApproved, comment} = answers[Math.min(round, answers.length - 1)]!;
			given.add(approvalId);
			await client[isApproved ? 'approve' : 'reject'](approvalId, {origin: originOf('command'), comment});
		},
	};
};
