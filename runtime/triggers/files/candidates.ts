import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Candidate} from './changes.ts';
import type {KnownFiles} from './known.ts';
import {isSameContent, type Sight, type Stamp, sightOf} from './stamp.ts';

export interface CandidatesParts {
	readonly workspace: string;
	readonly known: KnownFiles;
	readonly now: () => number;
	readonly diskNow: () => number;
}

/** Files that are not as they are known, and since when each stands still. */
export const createCandidates = ({workspace, known, now, diskNow}: CandidatesParts) => {
	const candidates = new Map<string, Candidate>();

	const note = (file: string, sight: Sight): string[] => {
		if (sight === 'unknown') return [];
		const stamp = sight === 'gone' ? undefined : sight;
		const last = known.files.get(file);
		if (isSame(stamp, last)) {
			candidates.delete(file);
			return [];
		}

		const before = candidates.get(file);
		if (before && isSame(before.stamp, stamp)) return [];
		candidates.set(file, {stamp, sinceMs: now(), seenAtMs: diskNow()});
		// It may have moved: nobody may have told that it is gone from where it was.
		return stamp && !last ? [...known.namesOf(stamp.inode)].filter(name => !candidates.has(name)) : [];
	};

	return {
		all: candidates as ReadonlyMap<string, Candidate>,
		delete: (file: string): unknown => candidates.delete(file),
		/** Looks at these on the disk. */
		async look(files: readonly string[]): Promise<void> {
			for (let todo = [...new Set(files)]; todo.length > 0; ) {
				const more: string[] = [];
				for (let start = 0; start < todo.length; start += lookAtOnce) {
					const some = todo.slice(start, start + lookAtOnce);
					const sights = await Promise.all(some.map(file => sightOf(path.join(workspace, file))));
					// A workspace that is not there, as on a disk that was taken out, says nothing about its files.
					if (sights.includes('gone') && !existsSync(workspace)) return;
					for (const [index, file] of some.entries()) more.push(...note(file, sights[index]!));
				}

				todo = more;
			}
		},
		/** @returns Those that have stood still for so long. */
		settledFor: (settleMs: number): string[] => {
			const latestMs = now() - settleMs;
			return [...candidates].flatMap(([file, {sinceMs}]) => (sinceMs <= latestMs ? [file] : []));
		},
	};
};

/** Files looked at in parallel. */
const lookAtOnce = 64;

const isSame = (one: Stamp | undefined, other: Stamp | undefined): boolean =>
	one && other ? isSameContent(one, other) : !one && !other;
