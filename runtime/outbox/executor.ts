import {type Failure, failureOf} from '../../source/errors.ts';
import type {RecordedAnswer} from '../../source/recording.ts';
import type {WebhookStep} from '../../source/workflow/definition.ts';
import {destinationOf} from '../../source/workflow/outgoing.ts';
import type {AttemptContext, AttemptExecutor, AttemptHandle, AttemptOutcome, Clock} from '../engine/parts.ts';
import type {Journal} from '../store/journal.ts';
import type {Outbox} from './outbox.ts';
import type {Delivery, NewDelivery} from './parts.ts';
import {deliveryIdOf} from './sign.ts';

export interface WebhookExecutorParts {
	readonly outbox: Pick<Outbox, 'queue' | 'find' | 'onSettled'>;
	readonly journal: Pick<Journal, 'durable'>;
	readonly clock: Clock;
	/** What a replay answers the step with; `undefined`: that nothing was sent. */
	readonly recorded: (context: AttemptContext) => Promise<RecordedAnswer | undefined>;
}

/** Steps with `webhook:`: done when the outbox has it durably or, where they wait for it, when it was delivered. */
export const createWebhookExecutor = ({outbox, journal, clock, recorded}: WebhookExecutorParts): AttemptExecutor => {
	/** A step that is not awaited ends with the commit, another one with its delivery. */
	const attend = (context: AttemptContext, queued: Promise<void>): AttemptHandle => {
		const {isAwaited} = stepOf(context);
		const {promise, resolve} = Promise.withResolvers<AttemptOutcome>();
		const cleanups: (() => void)[] = [];
		const end = (outcome: AttemptOutcome) => {
			for (const clean of cleanups) clean();
			resolve(outcome);
		};

		const {deadlineAtMs} = context;
		if (deadlineAtMs !== undefined) cleanups.push(clock.at(deadlineAtMs, () => end(timedOut(context))));
		queued.then(
			() => {
				if (!isAwaited) return end(completed(context, {status: 'queued'}, `queued for ${placeOf(context)}`));
				cleanups.push(outbox.onSettled(idOf(context), delivery => end(outcomeOf(context, delivery))));
			},
			error => end({status: 'failed', failure: failureOf(error)}),
		);
		return {outcome: promise, stop: () => end({status: 'cancelled'})};
	};

	return {
		start(context) {
			if (context.isReplay) return {outcome: replayed(context, recorded), stop() {}};

			return attend(
				context,
				(async () => {
					outbox.queue(newDeliveryOf(context));
					await journal.durable();
				})(),
			);
		},
		reattach(context) {
			// The attempt became durable, and what it was to queue did not.
			if (context.isReplay || !outbox.find(idOf(context)))
				return {outcome: Promise.resolve({status: 'interrupted', reason: 'never-claimed'}), stop() {}};
			return attend(context, Promise.resolve());
		},
	};
};

const replayed = async (
	context: AttemptContext,
	recorded: WebhookExecutorParts['recorded'],
): Promise<AttemptOutcome> => {
	try {
		const answer = await recorded(context);
		const words = 'not sent: a replay sends nothing';
		if (!answer) return completed(context, {delivery: null, status: 'not-sent'}, words);
		return completed(context, answer.outputs ?? {}, answer.text);
	} catch (error) {
		return {status: 'failed', failure: failureOf(error)};
	}
};

/** Whatever tries the step again in the same generation finds what it queued before. */
const idOf = ({runId, stepId, item, generation}: AttemptContext): string =>
	deliveryIdOf(runId, stepId, item, generation);

const stepOf = ({step}: AttemptContext): WebhookStep => {
	if (step.kind !== 'webhook') throw new Error(`"${step.id}" is no webhook step.`);
	return step;
};

const newDeliveryOf = (context: AttemptContext): NewDelivery => {
	const {runId, stepId, item, workspace, definition, outgoing} = context;
	const {expiresMs, triesMax} = stepOf(context);
	return {
		...{id: idOf(context), runId, workflow: definition.name, workspace, stepId},
		...{request: outgoing!, expiresMs, triesMax},
		...(item !== undefined && {item}),
	};
};

const placeOf = ({outgoing}: AttemptContext): string => destinationOf(outgoing!.url);

const completed = (
	context: AttemptContext,
	outputs: Readonly<Record<string, unknown>>,
	said: string,
): AttemptOutcome => ({
	status: 'completed',
	outputs: {...(context.isReplay ? undefined : {delivery: idOf(context)}), ...outputs},
	text: {preview: said, sizeBytes: Buffer.byteLength(said), isWhole: true},
});

const outcomeOf = (context: AttemptContext, {status, httpStatus, tries, failure, id}: Delivery): AttemptOutcome => {
	if (status === 'delivered')
		return completed(context, {status, httpStatus, attempts: tries}, `delivered to ${placeOf(context)}`);
	const {message = 'it is not known why'} = failure ?? {};
	return {status: 'failed', failure: undeliverable(id, message)};
};

const undeliverable = (id: string, message: string): Failure => ({
	code: 'webhook.undeliverable',
	message: `The webhook was given up: ${message}`,
	suggestion: `It is a dead letter: see it with \`aiworkflow webhook dead show ${id}\`.`,
	retryable: true,
});

const timedOut = (context: AttemptContext): AttemptOutcome => ({
	status: 'failed',
	failure: {
		code: 'attempt.timed-out',
		message: `"${context.stepId}" has waited as long as its \`timeout:\` says; its webhook is still tried.`,
		suggestion: 'Give it more time, or do not wait for it: leave `await: true` out.',
		retryable: true,
	},
});
