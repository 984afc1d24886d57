import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {Clock} from '../../engine/parts.ts';
import type {QueueMessagesTable, StoredMessage} from '../../store/queue-messages.ts';
import type {DeskJournal} from '../desk.ts';
import type {ConsumeOptions, Consumer, QueueBackend, QueueServer, Verdict} from './parts.ts';

export interface EmbeddedParts {
	readonly messages: QueueMessagesTable;
	readonly journal: DeskJournal;
	readonly clock: Clock;
	readonly onDefect: (error: unknown, where: string) => void;
}

/**
 * Queues in the journal's own database: published means committed, and a verdict is a commit too. What is worked on is
 * known in memory only; a daemon that was killed delivers it again, and the desk knows its run.
 */
export const createEmbeddedBackend = ({messages, journal, clock, onDefect}: EmbeddedParts): QueueBackend => {
	/** Positions of messages without a verdict, by queue. */
	const working = new Map<string, Set<number>>();
	/** Who looks again when a queue changed. */
	const wakes = new Map<string, Set<() => void>>();
	/** Published and not yet in the table. */
	const arriving = new Set<string>();

	const workingOn = (queue: string): Set<number> => {
		const known = working.get(queue) ?? new Set<number>();
		working.set(queue, known);
		return known;
	};

	const wake = (queue: string): void => {
		for (const look of wakes.get(queue) ?? []) look();
	};

	const apply = async (position: number, verdict: Verdict): Promise<void> => {
		if (verdict.kind === 'release') return;
		const nowMs = clock.now();
		journal.project(() => {
			if (verdict.kind === 'done') messages.finish(position, nowMs);
			else if (verdict.kind === 'retry') messages.retry(position, nowMs + verdict.delayMs, verdict.reason);
			else messages.bury(position, nowMs, verdict.reason);
		});
		await journal.durable();
	};

	const consume = ({queue, concurrency, deliver, onState}: ConsumeOptions): Consumer => {
		const ending = new AbortController();
		const deliveries = new Set<Promise<void>>();
		let cancelTimer: (() => void) | undefined;

		const work = async (message: StoredMessage): Promise<void> => {
			const {position, ...rest} = message;
			workingOn(queue).add(position);
			try {
				journal.project(() => messages.take(position, clock.now()));
				await apply(position, await deliver(rest, ending.signal));
			} catch (error) {
				// It stays as it is, and is delivered again.
				onDefect(error, `a message of ${queue}`);
			} finally {
				workingOn(queue).delete(position);
			}
		};

		const look = (): void => {
			while (!ending.signal.aborted && deliveries.size < concurrency) {
				const message = messages.next(queue, clock.now(), [...workingOn(queue)]);
				if (!message) break;
				const delivery = work(message).finally(() => {
					deliveries.delete(delivery);
					wake(queue);
				});
				deliveries.add(delivery);
			}

			cancelTimer?.();
			cancelTimer = undefined;
			if (ending.signal.aborted) return;
			const atMs = messages.nextAtMs(queue, clock.now());
			if (atMs !== undefined) cancelTimer = clock.at(atMs, look);
		};

		wakes.set(queue, (wakes.get(queue) ?? new Set()).add(look));
		onState({status: 'connected'});
		look();
		return {
			async stop() {
				ending.abort();
				cancelTimer?.();
				wakes.get(queue)?.delete(look);
				await Promise.all(deliveries);
				wake(queue);
			},
		};
	};

	const server: QueueServer = {
		consume,
		async publish(queue, message) {
			const key = `${queue}\n${message.id}`;
			if (arriving.has(key) || messages.has(queue, message.id)) {
				await journal.durable();
				return {isKnown: true};
			}

			if (messages.waitingCount(queue) + arriving.size >= limits.queueMessagesMax) throw queueFull(queue);
			arriving.add(key);
			try {
				journal.project(() => messages.write(queue, message, clock.now()));
				await journal.durable();
			} finally {
				arriving.delete(key);
			}

			wake(queue);
			return {isKnown: false};
		},
		async counts(queue) {
			const {ready, delayed, dead} = messages.counts(queue, clock.now());
			const count = workingOn(queue).size;
			return {ready: Math.max(0, ready - count), delayed, dead, working: count};
		},
		dead: async (queue, countMax) => messages.dead(queue, countMax),
		async replay(queue, ids) {
			let count = 0;
			journal.project(() => {
				count = messages.replay(queue, ids, clock.now());
			});
			await journal.durable();
			wake(queue);
			return count;
		},
		async purge(queue, what) {
			let count = 0;
			journal.project(() => {
				count = what === 'dead' ? messages.purgeDead(queue) : messages.purgeWaiting(queue, [...workingOn(queue)]);
			});
			await journal.durable();
			return count;
		},
	};
	return {kind: 'embedded', at: () => server};
};

const queueFull = (queue: string) =>
	new AiworkflowError({
		code: 'queue.full',
		message: `${limits.queueMessagesMax} messages wait in the queue ${queue}, the limit.`,
		suggestion: `See \`aiworkflow queue status\`, and remove what is not wanted: \`aiworkflow queue purge ${queue}\`.`,
		retryable: true,
	});
