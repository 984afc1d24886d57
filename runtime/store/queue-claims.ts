import type {Origin} from '../../source/run/events.ts';
import type {Database} from './database.ts';

/**
 * Which trigger began with a message: where several consume a queue, one that is delivered again, to whichever, is still
 * the same. Everything that writes is called inside a commit.
 */
export const createQueueClaims = (database: Database) => {
	const insert = database.prepare(
		'INSERT INTO queue_claims (queue, message, trigger_key, at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
	);
	const select = database.prepare('SELECT trigger_key AS triggerKey FROM queue_claims WHERE queue = ? AND message = ?');
	const prune = database.prepare('DELETE FROM queue_claims WHERE at_ms < ?');
	return {
		/** @param queue Names it among those of all servers. */
		write: (queue: string, message: string, triggerKey: string, atMs: number) =>
			void insert.run(queue, message, triggerKey, atMs),
		ownerOf: (queue: string, message: string): string | undefined =>
			(select.get(queue, message) as {triggerKey: string} | undefined)?.triggerKey,
		pruneBefore: (atMs: number): number => Number(prune.run(atMs).changes),
	};
};

export type QueueClaims = ReturnType<typeof createQueueClaims>;

/** Queues that a person stopped consuming here. */
export const createPausedQueues = (database: Database) => {
	const insert = database.prepare(
		'INSERT INTO paused_queues (queue, at_ms, origin) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
	);
	const drop = database.prepare('DELETE FROM paused_queues WHERE queue = ?');
	const select = database.prepare('SELECT queue FROM paused_queues');
	return {
		write: (queue: string, atMs: number, origin: Origin) => void insert.run(queue, atMs, JSON.stringify(origin)),
		remove: (queue: string) => void drop.run(queue),
		all: (): string[] => (select.all() as {queue: string}[]).map(({queue}) => queue),
	};
};

export type PausedQueues = ReturnType<typeof createPausedQueues>;
