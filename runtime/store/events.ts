import {zstdCompressSync, zstdDecompressSync} from 'node:zlib';
import {AiworkflowError} from '../../source/errors.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import type {Database} from './database.ts';

interface Row {
	readonly cursor: number;
	readonly id: string | null;
	readonly seq: number;
	readonly type: string;
	readonly at_ms: number;
	readonly body: string;
}

/** Reads what is durable. Every method is a short, bounded or lazily stepped query. */
export const createEventReader = (database: Database) => {
	const columns = 'events.cursor, runs.id, events.seq, events.type, events.at_ms, events.body';
	const ofRun = database.prepare(
		`SELECT ${columns} FROM events JOIN runs ON runs.run = events.run
		WHERE events.run = (SELECT run FROM runs WHERE id = ?) AND events.cursor > ? ORDER BY events.cursor LIMIT ?`,
	);
	const after = database.prepare(
		`SELECT ${columns} FROM events LEFT JOIN runs ON runs.run = events.run WHERE events.cursor > ? ORDER BY events.cursor LIMIT ?`,
	);
	const archive = database.prepare(
		'SELECT run_archives.events FROM runs JOIN run_archives ON run_archives.run = runs.run WHERE runs.id = ?',
	);
	const compactedTo = database.prepare('SELECT coalesce(max(last_cursor), 0) AS cursor FROM run_archives');
	return {
		/**
		 * Events of one run with a cursor above `afterCursor`, oldest first, also of one that was compacted.
		 *
		 * @throws AiworkflowError `run.unreadable`.
		 */
		ofRun(id: string, afterCursor = 0, limit = -1): JournalEvent[] {
			try {
				const packed = archive.get(id) as {events: Uint8Array} | undefined;
				const old = packed ? unpackedOf(packed.events, id).filter(({cursor}) => cursor > afterCursor) : [];
				const rows = ofRun.all(id, afterCursor, limit) as unknown as Row[];
				const events = [...old, ...rows.map(eventOf)];
				return limit >= 0 ? events.slice(0, limit) : events;
			} catch (error) {
				throw runUnreadable(id, error);
			}
		},
		/** Up to which cursor events may be missing from `after`, for they were put together with those of their run. */
		compactedTo: (): number => (compactedTo.get() as {cursor: number}).cursor,
		/** Events of everything, a page. */
		after: (cursor: number, limit: number): JournalEvent[] =>
			(after.all(cursor, limit) as unknown as Row[]).map(eventOf),
	};
};

export type EventReader = ReturnType<typeof createEventReader>;

/** Cursor, seq, type, Unix milliseconds, body. */
type PackedEvent = readonly [number, number, string, number, unknown];

/** All events of an ended run as one piece. */
export const packed = (events: readonly JournalEvent[]): Uint8Array => {
	const rows = events.map(({cursor, seq, type, atMs, body}): PackedEvent => [cursor, seq, type, atMs, body]);
	return zstdCompressSync(JSON.stringify(rows));
};

const unpackedOf = (bytes: Uint8Array, runId: string): JournalEvent[] =>
	(JSON.parse(zstdDecompressSync(bytes).toString('utf8')) as PackedEvent[]).map(
		([cursor, seq, type, atMs, body]) => ({cursor, runId, seq, type, atMs, body}) as JournalEvent,
	);

const runUnreadable = (id: string, error: unknown) =>
	new AiworkflowError({
		code: 'run.unreadable',
		message: `The events of run ${id} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
		suggestion: 'Restore the journal from a backup; the other runs are not concerned.',
		cause: error,
	});

const eventOf = ({cursor, id, seq, type, at_ms, body}: Row): JournalEvent =>
	({cursor, runId: id, seq, type, atMs: at_ms, body: JSON.parse(body)}) as JournalEvent;
