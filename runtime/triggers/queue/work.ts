import {failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {QueueTrigger} from '../../../source/workflow/triggers.ts';
import type {Clock} from '../../engine/parts.ts';
import type {QueueClaims} from '../../store/queue-claims.ts';
import type {DeskJournal} from '../desk.ts';
import type {ArmedTrigger, Settled, Taken, TriggerDesk} from '../parts.ts';
import type {QueueMessage, Verdict} from './parts.ts';
import {waitUntil} from './reconnect.ts';
import {verdictOf} from './verdict.ts';

export type ArmedQueue = ArmedTrigger & {readonly trigger: QueueTrigger};

export interface WorkParts {
	readonly desk: TriggerDesk;
	readonly claims: QueueClaims;
	readonly journal: DeskJournal;
	readonly clock: Clock;
	/** An armed trigger that consumes some queue. */
	readonly find: (triggerKey: string) => ArmedQueue | undefined;
}

/** The same work on a message, whichever server it came from: one run for each of its attempts, and then a verdict. */
export type Worker = (
	trigger: ArmedQueue,
	place: string,
	message: QueueMessage,
	signal: AbortSignal,
) => Promise<Verdict>;

export const createWorker = ({desk, claims, journal, clock, find}: WorkParts): Worker => {
	/** Claims that are not in the table yet. */
	const claiming = new Map<string, string>();
	/** One after the other takes what is new of a trigger, so that each counts the runs of those before it. */
	const turns = new Map<string, Promise<unknown>>();

	const inTurn = async <T>(triggerKey: string, task: () => Promise<T>): Promise<T> => {
		const next = (turns.get(triggerKey) ?? Promise.resolve()).then(task);
		const settled = next.catch(() => undefined);
		turns.set(triggerKey, settled);
		void settled.then(() => turns.get(triggerKey) === settled && turns.delete(triggerKey));
		return next;
	};

	const take = async (
		trigger: ArmedQueue,
		{place, message, dedupeKey}: {place: string; message: QueueMessage; dedupeKey: string},
	): Promise<Taken> => {
		const claim = `${place}\n${dedupeKey}`;
		const {id: messageId, body, priority, attempt} = message;
		const {name: queue} = trigger.trigger;
		const known = claiming.get(claim) ?? claims.ownerOf(place, dedupeKey);
		const owner = (known !== undefined && find(known)) || trigger;
		if (known === undefined) {
			claiming.set(claim, trigger.key);
			journal.project(() => claims.write(place, dedupeKey, trigger.key, clock.now()));
		}

		try {
			return await desk.take({
				trigger: owner,
				dedupeKey: `${place}\n${dedupeKey}`,
				data: {body, messageId, priority, attempt, queue},
				origin: {by: `queue ${queue}`, via: 'trigger'},
				taint: `queue ${queue}`,
			});
		} finally {
			if (known === undefined) claiming.delete(claim);
		}
	};

	/** @returns What was begun for it before; `undefined`: nothing. */
	const begunBefore = (place: string, dedupeKey: string): Taken | undefined => {
		const owner = claims.ownerOf(place, dedupeKey);
		const firing = owner === undefined ? undefined : desk.find(owner, `${place}\n${dedupeKey}`);
		return firing && {firing: firing.id, runId: firing.runId, isKnown: true};
	};

	const settled = async (
		{firing, runId}: Taken,
		{trigger: {name, visibilityMs}}: ArmedQueue,
		deadlineMs: number,
		signal: AbortSignal,
	): Promise<Settled | undefined> => {
		const known = desk.settledOf(firing);
		if (known) return known;
		const {promise, resolve} = Promise.withResolvers<Settled | undefined>();
		const forget = desk.onSettled(firing, resolve);
		const end = () => resolve(undefined);
		signal.addEventListener('abort', end);
		if (signal.aborted) end();
		const reason = `the message of queue ${name} was worked on for more than its ${visibilityMs / 1000} s`;
		let cancelTimer: () => void;
		const late = () => {
			desk.cancel(runId, {by: `queue ${name}`, via: 'trigger'}, reason).catch(() => {
				// It has not begun: there is nothing to cancel yet.
				cancelTimer = clock.at(clock.now() + limits.queueTakeAgainMs, late);
			});
		};
		cancelTimer = clock.at(deadlineMs, late);
		try {
			return await promise;
		} finally {
			cancelTimer();
			forget();
			signal.removeEventListener('abort', end);
		}
	};

	return async (trigger, place, message, signal) => {
		const {attempt, replays, id, expiresAtMs} = message;
		const {visibilityMs, concurrency} = trigger.trigger;
		const dedupeKey = `${id} ${replays}.${attempt}`;
		let taken = begunBefore(place, dedupeKey);
		if (!taken) {
			const problem = problemOf(message);
			if (problem !== undefined) return {kind: 'dead', reason: problem};
			const outcome = await inTurn(trigger.key, async (): Promise<Taken | Verdict> => {
				for (;;) {
					await desk.room(trigger.key, concurrency, signal);
					if (signal.aborted) return {kind: 'release'};
					if (attempt === 1 && replays === 0 && expiresAtMs !== undefined && expiresAtMs <= clock.now())
						return {kind: 'dead', reason: 'It expired before its run began.'};
					try {
						return await take(trigger, {place, message, dedupeKey});
					} catch (error) {
						const {code, message: reason} = failureOf(error);
						if (code === 'trigger.data-too-large') return {kind: 'dead', reason};
						await waitUntil(clock, clock.now() + limits.queueTakeAgainMs, signal);
					}
				}
			});
			if ('kind' in outcome) return outcome;
			taken = outcome;
		}

		const takenAtMs = desk.read(taken.firing)?.atMs ?? clock.now();
		const deadlineMs = takenAtMs + visibilityMs;
		const ending = await settled(taken, trigger, deadlineMs, signal);
		if (!ending) return {kind: 'release'};
		return verdictOf(ending, message, trigger.trigger, ending.status === 'cancelled' && clock.now() >= deadlineMs);
	};
};

/** @returns Why a message that others published can be worked on by nobody. */
const problemOf = ({id, body}: QueueMessage): string | undefined => {
	const {queueMessageBytesMax, queueMessageIdLengthMax} = limits;
	if (id.length > queueMessageIdLengthMax) return `Its id has more than ${queueMessageIdLengthMax} characters.`;
	if (Buffer.byteLength(JSON.stringify(body) ?? 'null') > queueMessageBytesMax)
		return `Its body has more than ${queueMessageBytesMax} bytes.`;
	return undefined;
};
