import {priorities} from '../../source/workflow/queues.ts';
import type {DeadLetter, NewMessage, QueueCounts, QueueMessage} from '../triggers/queue/parts.ts';
import type {Database} from './database.ts';

/** A message of an embedded queue, and where it stands. */
export interface StoredMessage extends QueueMessage {
	readonly position: number;
}

/**
 * The queues of this daemon. A message that is done stays as its id alone, so that the same one published again is known,
 * until it is pruned. Everything that writes is called inside a commit.
 */
export const createQueueMessagesTable = (database: Database) => {
	const insert = database.prepare(
		`INSERT INTO queue_messages
			(queue, id, body, priority, attempt, replays, status, available_at_ms, published_at_ms, expires_at_ms)
		VALUES (?, ?, ?, ?, 1, 0, 'ready', ?, ?, ?) ON CONFLICT DO NOTHING`,
	);
	const has = database.prepare('SELECT 1 FROM queue_messages WHERE queue = ? AND id = ?');
	const waiting = database.prepare(
		"SELECT count(*) AS count FROM queue_messages WHERE queue = ? AND status IN ('ready', 'dead')",
	);
	const take = database.prepare('UPDATE queue_messages SET taken_at_ms = ? WHERE position = ?');
	const finish = database.prepare(
		"UPDATE queue_messages SET status = 'done', body = 'null', settled_at_ms = ?, reason = NULL WHERE position = ?",
	);
	const retry = database.prepare(
		`UPDATE queue_messages SET attempt = attempt + 1, available_at_ms = ?, taken_at_ms = NULL, reason = ?
		WHERE position = ?`,
	);
	const bury = database.prepare(
		"UPDATE queue_messages SET status = 'dead', settled_at_ms = ?, reason = ?, taken_at_ms = NULL WHERE position = ?",
	);
	// What had begun before a restart comes first: its run is under way.
	const next = database.prepare(
		`SELECT * FROM queue_messages INDEXED BY queue_messages_by_turn
		WHERE queue = ? AND status = 'ready' AND available_at_ms <= ?
			AND position NOT IN (SELECT value FROM json_each(?))
		ORDER BY taken_at_ms IS NULL, priority DESC, position LIMIT 1`,
	);
	const nextAt = database.prepare(
		"SELECT min(available_at_ms) AS at FROM queue_messages WHERE queue = ? AND status = 'ready' AND available_at_ms > ?",
	);
	const counts = database.prepare(
		`SELECT count(*) FILTER (WHERE status = 'ready' AND available_at_ms <= ?2) AS ready,
			count(*) FILTER (WHERE status = 'ready' AND available_at_ms > ?2) AS delayed,
			count(*) FILTER (WHERE status = 'dead') AS dead
		FROM queue_messages WHERE queue = ?1 AND status IN ('ready', 'dead')`,
	);
	const dead = database.prepare(
		"SELECT * FROM queue_messages WHERE queue = ? AND status = 'dead' ORDER BY settled_at_ms, position LIMIT ?",
	);
	const replay = database.prepare(
		`UPDATE queue_messages SET status = 'ready', attempt = 1, replays = replays + 1, available_at_ms = ?,
			expires_at_ms = NULL, settled_at_ms = NULL, reason = NULL
		WHERE queue = ? AND status = 'dead' AND (? IS NULL OR id IN (SELECT value FROM json_each(?)))`,
	);
	// Its runs are known, so its id stays known.
	const purgeDead = database.prepare(
		"UPDATE queue_messages SET status = 'done', body = 'null' WHERE queue = ? AND status = 'dead'",
	);
	const purgeWaiting = database.prepare(
		`DELETE FROM queue_messages WHERE queue = ? AND status = 'ready'
			AND position NOT IN (SELECT value FROM json_each(?))`,
	);
	const prune = database.prepare("DELETE FROM queue_messages WHERE status = 'done' AND settled_at_ms < ?");
	const names = database.prepare(
		"SELECT DISTINCT queue FROM queue_messages WHERE status IN ('ready', 'dead') ORDER BY queue",
	);
	return {
		/** @returns Whether it is new. */
		write(queue: string, {id, body, priority, expiresAtMs}: NewMessage, atMs: number): boolean {
			const rank = priorities.indexOf(priority);
			return insert.run(queue, id, JSON.stringify(body), rank, atMs, atMs, expiresAtMs ?? null).changes > 0;
		},
		has: (queue: string, id: string): boolean => has.get(queue, id) !== undefined,
		waitingCount: (queue: string): number => (waiting.get(queue) as {count: number}).count,
		take: (position: number, atMs: number) => void take.run(atMs, position),
		finish: (position: number, atMs: number) => void finish.run(atMs, position),
		retry: (position: number, availableAtMs: number, reason: string) => void retry.run(availableAtMs, reason, position),
		bury: (position: number, atMs: number, reason: string) => void bury.run(atMs, reason, position),
		/** @param working Positions of those that are worked on. */
		next(queue: string, atMs: number, working: readonly number[]): StoredMessage | undefined {
			const row = next.get(queue, atMs, JSON.stringify(working)) as Row | undefined;
			return row && messageOf(row);
		},
		/** @returns When the next one is due, of those that wait for a moment. */
		nextAtMs: (queue: string, atMs: number): number | undefined =>
			(nextAt.get(queue, atMs) as {at: number | null}).at ?? undefined,
		counts(queue: string, atMs: number): Pick<QueueCounts, 'ready' | 'delayed' | 'dead'> {
			const {ready, delayed, dead} = counts.get(queue, atMs) as {ready: number; delayed: number; dead: number};
			return {ready, delayed, dead};
		},
		dead: (queue: string, countMax: number): DeadLetter[] =>
			(dead.all(queue, countMax) as unknown as Row[]).map(row => ({
				...messageOf(row),
				reason: row.reason ?? '',
				...(row.settled_at_ms !== null && {diedAtMs: row.settled_at_ms}),
			})),
		replay(queue: string, ids: readonly string[] | undefined, atMs: number): number {
			const chosen = ids === undefined ? null : JSON.stringify(ids);
			return Number(replay.run(atMs, queue, chosen, chosen).changes);
		},
		purgeDead: (queue: string): number => Number(purgeDead.run(queue).changes),
		/** @param working Positions of those that stay. */
		purgeWaiting: (queue: string, working: readonly number[]): number =>
			Number(purgeWaiting.run(queue, JSON.stringify(working)).changes),
		/** @returns How many ids were forgotten. */
		pruneBefore: (atMs: number): number => Number(prune.run(atMs).changes),
		/** Of queues that hold something. */
		names: (): string[] => (names.all() as {queue: string}[]).map(({queue}) => queue),
	};
};

export type QueueMessagesTable = ReturnType<typeof createQueueMessagesTable>;

interface Row {
	readonly position: number;
	readonly id: string;
	readonly body: string;
	readonly priority: number;
	readonly attempt: number;
	readonly replays: number;
	readonly expires_at_ms: number | null;
	readonly settled_at_ms: number | null;
	readonly reason: string | null;
}

const messageOf = (row: Row): StoredMessage => ({
	position: row.position,
	id: row.id,
	body: JSON.parse(row.body),
	priority: priorities[row.priority] ?? 'normal',
	attempt: row.attempt,
	replays: row.replays,
	...(row.expires_at_ms !== null && {expiresAtMs: row.expires_at_ms}),
});
