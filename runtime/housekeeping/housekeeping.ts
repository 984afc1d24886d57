import {readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {StatisticsView} from '../../source/api/messages.ts';
import {runFolderOf} from '../../source/paths.ts';
import {type Backup, backupTo} from '../store/backup.ts';
import type {Database} from '../store/database.ts';
import type {Journal} from '../store/journal.ts';
import {createRetention, type RetentionFilter} from '../store/retention.ts';
import {type StatisticsFilter, statisticsOf} from '../store/statistics.ts';

/** What keeps a journal small and safe; the daemon goes on with its work meanwhile. */
export interface Housekeeping {
	/** Takes ended runs out of the journal, with their folders. @returns How many, those of sub-workflows not counted. */
	prune(filter: RetentionFilter & {readonly isDryRun?: boolean}): Promise<number>;
	/** Puts the events of ended runs together: smaller, and read as before. */
	compact(endedBeforeMs: number): Promise<{readonly runs: number; readonly events: number}>;
	/** @throws AiworkflowError `backup.exists`, `backup.failed`. */
	backup(file: string, isForced: boolean): Promise<Backup>;
	statistics(filter: StatisticsFilter): StatisticsView;
}

const looseFolderMsMin = 3_600_000;

/** Runs in one transaction: short enough for the event loop. */
const runsAtOnce = 20;

export const createHousekeeping = (stateFolder: string, database: Database, journal: Journal): Housekeeping => {
	const retention = createRetention(database);

	/** Folders whose run went and which stayed behind because the daemon ended in between. */
	const sweep = async () => {
		const names = await readdir(path.dirname(runFolderOf(stateFolder, 'any'))).catch(() => []);
		for (const name of names) {
			if (retention.hasRun(name)) continue;
			const folder = runFolderOf(stateFolder, name);
			const found = await stat(folder).catch(() => undefined);
			// A run that is being accepted has its folder before it has its row.
			if (found && Date.now() - found.mtimeMs > looseFolderMsMin) await rm(folder, {recursive: true, force: true});
		}
	};

	return {
		async prune({isDryRun = false, ...filter}) {
			journal.flush();
			const count = retention.count(filter);
			if (isDryRun || count === 0) return count;
			for (;;) {
				const ids = retention.prune(filter, runsAtOnce);
				for (const id of ids) await rm(runFolderOf(stateFolder, id), {recursive: true, force: true});
				if (ids.length === 0) break;
				await nextTurn();
			}

			journal.flush();
			await sweep();
			return count;
		},
		async compact(endedBeforeMs) {
			journal.flush();
			let [runs, events] = [0, 0];
			for (;;) {
				const packed = retention.compact(endedBeforeMs, runsAtOnce);
				if (packed.runs === 0) return {runs, events};
				runs += packed.runs;
				events += packed.events;
				await nextTurn();
			}
		},
		async backup(file, isForced) {
			journal.flush();
			return backupTo(database, file, isForced);
		},
		statistics(filter) {
			journal.flush();
			return statisticsOf(database, filter);
		},
	};
};
