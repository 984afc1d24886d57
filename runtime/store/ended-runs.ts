import type {Database} from './database.ts';

/** Runs in the order of their ends, and how far those who follow them have come. */
export const createEndedRuns = (database: Database) => {
	const select = database.prepare('SELECT cursor FROM run_endings_seen WHERE one = 1');
	const upsert = database.prepare(
		'INSERT INTO run_endings_seen (one, cursor) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor',
	);
	const drop = database.prepare('DELETE FROM run_endings_seen');
	const after = database.prepare(
		`SELECT events.cursor, runs.id AS runId FROM events JOIN runs ON runs.run = events.run
		WHERE events.cursor > ? AND events.type IN ('run.completed', 'run.failed', 'run.cancelled') ORDER BY events.cursor`,
	);
	return {
		/** Cursor of the last event that was looked at; `undefined`: nobody follows them. */
		seen: (): number | undefined => (select.get() as {cursor: number} | undefined)?.cursor,
		/** Call inside a commit. */
		saveSeen: (cursor: number): void => {
			upsert.run(cursor);
		},
		/** Call inside a commit. */
		forgetSeen: (): void => {
			drop.run();
		},
		/** Ends with a later cursor, in order. */
		endedAfter: (cursor: number) => after.all(cursor) as {readonly cursor: number; readonly runId: string}[],
	};
};

export type EndedRuns = ReturnType<typeof createEndedRuns>;
