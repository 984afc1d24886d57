import type {FileEvent} from '../../../source/workflow/triggers.ts';
import {isSameContent, type Stamp} from './stamp.ts';

/** A file that is not as it is known, and how long that has been so. */
export interface Candidate {
	/** `undefined`: it is gone. */
	readonly stamp: Stamp | undefined;
	/** Since when it stands still, by the daemon's clock. */
	readonly sinceMs: number;
	/** When it was first seen so, by the clock of the disk. */
	readonly seenAtMs: number;
}

/** How the disk differs from what is known. */
export interface FileChange {
	readonly event: FileEvent;
	/** Relative to the workspace. */
	readonly file: string;
	/** Where it was, of a move, and of a move that counts as an `add`. */
	readonly from?: string;
	/** As it is now, or was last known. */
	readonly stamp: Stamp;
	/** When it happened, as far as the disk tells. */
	readonly atMs: number;
}

/**
 * Says what became of files that stand still. A file that is gone and one that came are one move where it is the same
 * inode, not written to in between.
 *
 * @param settled Of `candidates`, those that stand still.
 * @param changedAtMs Of a file that is there.
 */
export const changesOf = (
	settled: readonly string[],
	candidates: ReadonlyMap<string, Candidate>,
	known: ReadonlyMap<string, Stamp>,
	changedAtMs: (stamp: Stamp) => number,
): FileChange[] => {
	const gone = goneByInode(candidates, known);
	const changes: FileChange[] = [];
	const moved = new Set<string>();
	for (const file of settled) {
		const {stamp} = candidates.get(file)!;
		if (!stamp) continue;
		const atMs = changedAtMs(stamp);
		if (known.has(file)) {
			changes.push({event: 'change', file, stamp, atMs});
			continue;
		}

		const from = gone.get(stamp.inode)?.find(name => !moved.has(name) && isSameContent(known.get(name)!, stamp));
		if (from !== undefined) moved.add(from);
		changes.push(from === undefined ? {event: 'add', file, stamp, atMs} : {event: 'move', file, from, stamp, atMs});
	}

	const arriving = new Set<string>();
	for (const [file, {stamp}] of candidates) if (stamp && !known.has(file)) arriving.add(stamp.inode);
	for (const file of settled) {
		const {stamp, seenAtMs} = candidates.get(file)!;
		const last = known.get(file);
		if (stamp || !last || moved.has(file)) continue;
		// It may only have moved: whatever came with its inode still has to stand still.
		const isArriving = arriving.has(last.inode) && !changes.some(change => change.stamp.inode === last.inode);
		if (!isArriving) changes.push({event: 'unlink', file, stamp: last, atMs: seenAtMs});
	}

	return changes;
};

const goneByInode = (candidates: ReadonlyMap<string, Candidate>, known: ReadonlyMap<string, Stamp>) => {
	const gone = new Map<string, string[]>();
	for (const [file, {stamp}] of candidates) {
		const last = stamp ? undefined : known.get(file);
		if (last) gone.set(last.inode, [...(gone.get(last.inode) ?? []), file]);
	}

	return gone;
};

/** As the trigger asked for it: a move that nobody asked for is a file that went and a file that came. */
export const wantedOf = (change: FileChange, events: readonly FileEvent[]): FileChange[] => {
	if (events.includes(change.event)) return [change];
	if (change.event !== 'move') return [];
	const {file, from, stamp, atMs} = change;
	return [
		...(events.includes('unlink') ? [{event: 'unlink', file: from!, stamp, atMs} as const] : []),
		...(events.includes('add') ? [{event: 'add', file, from, stamp, atMs} as const] : []),
	];
};
