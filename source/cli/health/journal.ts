import {stat, statfs} from 'node:fs/promises';
import {limits} from '../../limits.ts';
import {journalFileOf, stateFolderOf} from '../../paths.ts';
import {formatSize} from '../../units.ts';
import type {Check, Finding} from './finding.ts';

/** How large it has become, and how much room is left for it. */
export const checkJournal: Check = {
	name: 'journal',
	look: async ({environment}) => {
		const folder = stateFolderOf(environment);
		const files = [journalFileOf(folder), `${journalFileOf(folder)}-wal`];
		const sizes = await Promise.all(
			files.map(file =>
				stat(file).then(
					({size}) => size,
					() => 0,
				),
			),
		);
		const {bavail, bsize} = await statfs(folder);
		return [journalFinding(sizes.reduce((sum, size) => sum + size, 0)), diskFinding(bavail * bsize, folder)];
	},
};

/** @param sizeBytes Of the journal and what is not yet in it. */
export const journalFinding = (sizeBytes: number): Finding => {
	const detail = formatSize(sizeBytes);
	if (sizeBytes <= limits.journalLargeBytes) return {name: 'journal', status: 'ok', detail};
	const fix =
		'Take old runs away with `aiworkflow runs prune --older-than 30d`, or pack them with `aiworkflow runs compact --older-than 7d`.';
	return {name: 'journal', status: 'warn', detail: `${detail}, which makes each start slow`, fix};
};

export const diskFinding = (freeBytes: number, folder: string): Finding => {
	const detail = `${formatSize(freeBytes)} free for ${folder}`;
	const fix = 'Make room there, or set AIWORKFLOW_HOME to a folder on another disk.';
	if (freeBytes < limits.diskFreeBytesMin) return {name: 'disk', status: 'fail', detail, fix};
	return freeBytes < limits.diskFreeBytesLow
		? {name: 'disk', status: 'warn', detail, fix}
		: {name: 'disk', status: 'ok', detail};
};
