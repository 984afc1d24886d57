import type {QueueTrigger} from '../../../source/workflow/triggers.ts';
import type {Settled} from '../parts.ts';
import type {QueueMessage, Verdict} from './parts.ts';

/**
 * What becomes of a message whose run settled.
 *
 * @param isLate Whether its time to be invisible was over: then its run was cancelled for that, not by a person.
 */
export const verdictOf = (
	{status, failure}: Settled,
	{attempt}: Pick<QueueMessage, 'attempt'>,
	{retries, retryDelayMs}: Pick<QueueTrigger, 'retries' | 'retryDelayMs'>,
	isLate: boolean,
): Verdict => {
	if (status === 'completed' || failure?.code === 'trigger.condition') return {kind: 'done'};
	const reason = isLate
		? 'Its run had not ended when its time was over.'
		: (failure?.message ?? `Its run was ${status}.`);
	// Whoever cancelled the run did not want another.
	if (status === 'cancelled' && !isLate) return {kind: 'dead', reason};
	return attempt > retries ? {kind: 'dead', reason} : {kind: 'retry', delayMs: retryDelayMs, reason};
};
