import path from 'node:path';
import {openDatabase} from '../../runtime/store/database.ts';
import {inTemporaryFolder} from './engine-under-test.ts';

/** Events of a 10-step run, and how many of them one commit holds at 256 runs at once. */
const eventsPerRun = 23;
const eventsPerCommit = 512;

/**
 * The bare loop: the same file, schema and settings, transactions of the size that 256 runs at once make, and nothing else.
 *
 * @returns Runs a second, were a run nothing but its events.
 */
export const measureGroupCommit = (runs: number): Promise<{runsPerSecond: number; eventsPerSecond: number}> =>
	inTemporaryFolder(async folder => {
		const database = openDatabase(path.join(folder, 'journal.db'));
		const insert = database.prepare(
			'INSERT INTO events (cursor, run, seq, type, at_ms, body) VALUES (?, ?, ?, ?, ?, ?)',
		);
		const body = JSON.stringify({stepId: 's1', attempt: 1, outputs: {}});
		const total = runs * eventsPerRun;
		const startMs = performance.now();
		for (let cursor = 1; cursor <= total; ) {
			database.exec('BEGIN IMMEDIATE');
			for (let index = 0; index < eventsPerCommit && cursor <= total; index++, cursor++) {
				insert.run(cursor, 1 + (cursor % 256), cursor, 'step.completed', 0, body);
			}

			database.exec('COMMIT');
		}

		const seconds = (performance.now() - startMs) / 1000;
		database.close();
		return {runsPerSecond: Math.round(runs / seconds), eventsPerSecond: Math.round(total / seconds)};
	});
