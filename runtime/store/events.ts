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
	const ofOpenRuns = database.prepare(
		`SELECT ${columns} FROM runs JOIN events ON events.run = runs.run WHERE runs.is_open = 1 ORDER BY runs.run, events.cursor`,
	);
	return {
		/** Events of one run with a cursor above `afterCursor`, oldest first. */
		ofRun: (id: string, afterCursor = 0, limit = -1): JournalEvent[] =>
			(ofRun.all(id, afterCursor, limit) as unknown as Row[]).map(eventOf),
		/** Events of everything, a page. */
		after: (cursor: number, limit: number): JournalEvent[] =>
			(after.all(cursor, limit) as unknown as Row[]).map(eventOf),
		/** Events of every open run, run by run. */
		*ofOpenRuns(): Generator<JournalEvent> {
			for (const row of ofOpenRuns.iterate() as unknown as Iterable<Row>) yield eventOf(row);
		},
	};
};

export type EventReader = ReturnType<typeof createEventReader>;

const eventOf = ({cursor, id, seq, type, at_ms, body}: Row): JournalEvent =>
	({cursor, runId: id, seq, type, atMs: at_ms, body: JSON.parse(body)}) as JournalEvent;
