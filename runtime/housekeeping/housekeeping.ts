import {readdir, rm, stat} from 'node:fs/promises';
import path from 'node:path';
import {setImmediate as nextTurn} from 'node:timers/promises';
import type {StatisticsView} from '../../source/api/messages.ts';
import {limits} from '../../source/limits.ts';
import {runFolderOf} from '../../source/paths.ts';
import {type Backup, backupTo} from '../store/backup.ts';
import type {Database} from '../store/database.ts';
import type {FiringsTable} from '../store/firings.ts';
import type {Journal} from '../store/journal.ts';
import {createRetention, type RetentionFilter} from '../store/retention.ts';
import {type StatisticsFilter, statisticsOf} from '../store/statistics.ts';

/** What keeps a journal small and safe; the daemon goes on with its work meanwhile. */
export interface Housekeeping {
	/** Takes ended runs out of the journal, with their folders. What triggers
	 * fired goes as well, but never before it is `limits.firingKeptMsMin` old: until then what comes again is known.
	 *
	 * @returns How many; runs of sub-workflows not counted. */
	prune(
		filter: RetentionFilter & {readonly isDryRun?: boolean},
	): Promise<{readonly runs: number; readonly firings: number}>;
	/** Puts the events of ended runs together: smaller, and read as before. */
	compact(endedBeforeMs: number): Promise<{readonly runs: number; readonly events: number}>;
	/** @throws AiworkflowError `backup.exists`, `backup.failed`. */
	backup(file: string, isForced: boolean): Promise<Backup>;
	statistics(filter: StatisticsFilter): StatisticsView;
}

export interface HousekeepingParts {
	readonly stateFolder: string;
	readonly database: Database;
	readonly journal: Journal;
	readonly firings: Pick<FiringsTable, 'countBefore' | 'pruneBefore'>;
	readonly now: () => number;
}

const looseFolderMsMin = 3_600_000;

/** Runs in one transaction: short enough for the event loop. */
const runsAtOnce = 20;

export const createHousekeeping = ({stateFolder, database, journal, firings, now}: HousekeepingParts): Housekeeping => {
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
			const runs = retention.count(filter);
			const oldMs = Math.min(filter.endedBeforeMs, now() - limits.firingKeptMsMin);
			if (isDryRun) return {runs, firings: firings.countBefore(oldMs)};
			let pruned = 0;
			journal.project(() => {
				pruned = firings.pruneBefore(oldMs);
			});
			await journal.durable();
			while (runs > 0) {
				const ids = retention.prune(filter, runsAtOnce);
				for (const id of ids) await rm(runFolderOf(stateFolder, id), {recursive: true, force: true});
				if (ids.length === 0) break;
				await nextTurn();
			}

			journal.flush();
			if (runs > 0) await sweep();
			return {runs, firings: pruned};
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
