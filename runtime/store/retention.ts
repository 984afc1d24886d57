import type {Database} from './database.ts';
import {createEventReader, packed} from './events.ts';

export interface RetentionFilter {
	/** Unix milliseconds: only runs that ended before. */
	readonly endedBeforeMs: number;
	readonly keepFailed?: boolean;
}

/** Takes old runs out of the journal, or puts their events together; a few in each transaction. */
export const createRetention = (database: Database) => {
	const events = createEventReader(database);
	// A run of a sub-workflow goes with the run at the top.
	const old = `is_open = 0 AND ended_at_ms < ?1 AND (?2 = 0 OR status <> 'failed')
		AND (parent IS NULL OR parent NOT IN (SELECT id FROM runs))`;
	const count = database.prepare(`SELECT count(*) AS n FROM runs WHERE ${old} AND parent IS NULL`);
	const select = database.prepare(`SELECT run, id FROM runs WHERE ${old} ORDER BY run LIMIT ?3`);
	const keepNumber = database.prepare(
		`INSERT INTO run_numbers (workspace, workflow, number) SELECT workspace, workflow, number FROM runs WHERE run = ?
		ON CONFLICT (workspace, workflow) DO UPDATE SET number = max(number, excluded.number)`,
	);
	const deletions = ['events', 'approvals', 'run_archives', 'runs'].map(table =>
		database.prepare(`DELETE FROM ${table} WHERE run = ?`),
	);
	const selectLoose = database.prepare(
		`SELECT run, id FROM runs WHERE is_open = 0 AND ended_at_ms < ?1
		AND run IN (SELECT run FROM events WHERE run IS NOT NULL) ORDER BY run LIMIT ?2`,
	);
	const archive = database.prepare(
		`INSERT INTO run_archives (run, last_cursor, events) VALUES (?, ?, ?)
		ON CONFLICT (run) DO UPDATE SET last_cursor = excluded.last_cursor, events = excluded.events`,
	);
	const deleteEvents = database.prepare('DELETE FROM events WHERE run = ?');
	const ids = database.prepare('SELECT id FROM runs WHERE id = ?');

	const inTransaction = <T>(work: () => T): T => {
		database.exec('BEGIN IMMEDIATE');
		try {
			const result = work();
			database.exec('COMMIT');
			return result;
		} catch (error) {
			database.exec('ROLLBACK');
			throw error;
		}
	};

	return {
		count: ({endedBeforeMs, keepFailed = false}: RetentionFilter): number =>
			(count.get(endedBeforeMs, keepFailed ? 1 : 0) as {n: number}).n,
		/** @returns Ids of the runs that went, at most so many; their folders are for the caller to remove. */
		prune({endedBeforeMs, keepFailed = false}: RetentionFilter, limit: number): string[] {
			return inTransaction(() => {
				const rows = select.all(endedBeforeMs, keepFailed ? 1 : 0, limit) as {run: number; id: string}[];
				for (const {run} of rows) {
					keepNumber.run(run);
					for (const deletion of deletions) deletion.run(run);
				}

				return rows.map(({id}) => id);
			});
		},
		/** @returns How many runs and events were put together. */
		compact(endedBeforeMs: number, limit: number): {runs: number; events: number} {
			return inTransaction(() => {
				const rows = selectLoose.all(endedBeforeMs, limit) as {run: number; id: string}[];
				let packedEvents = 0;
				for (const {run, id} of rows) {
					const all = events.ofRun(id);
					archive.run(run, all.at(-1)!.cursor, packed(all));
					deleteEvents.run(run);
					packedEvents += all.length;
				}

				return {runs: rows.length, events: packedEvents};
			});
		},
		hasRun: (id: string): boolean => ids.get(id) !== undefined,
		/** Gives the space of what went back to the file system. Slow for a large journal. */
		vacuum: () => database.exec('VACUUM'),
	};
};

export type Retention = ReturnType<typeof createRetention>;
