import {createHash} from 'node:crypto';
import {limits} from '../../../source/limits.ts';
import type {ArmedTrigger, NewFiring} from '../parts.ts';
import type {FileChange} from './changes.ts';

/** A change that starts a run, and how many runs it is away from somebody outside. */
export interface DueChange extends FileChange {
	readonly generation: number;
}

/** What the desk is given for files that one run gets together. */
export const firingOf = (
	trigger: ArmedTrigger,
	changes: readonly DueChange[],
	isBatch: boolean,
): Omit<NewFiring, 'alongside'> => {
	const [first, ...others] = changes as [DueChange, ...DueChange[]];
	const files = changes.map(({file}) => file);
	const generation = Math.max(...changes.map(change => change.generation));
	const one = {
		file: first.file,
		event: first.event,
		from: first.from,
		size: first.event === 'unlink' ? undefined : first.stamp.sizeBytes,
	};
	const event = others.every(change => change.event === first.event) ? first.event : 'mixed';
	return {
		trigger,
		dedupeKey: dedupeKeyOf(changes),
		data: isBatch ? {files, event, generation} : {...one, files, generation},
		origin: {by: 'daemon', via: 'files'},
		taint: others.length === 0 ? `file ${first.file}` : `file ${first.file} and ${others.length} more`,
	};
};

/** The same for the same state of the same files. */
export const dedupeKeyOf = (changes: readonly FileChange[]): string => {
	const digest = createHash('sha256');
	for (const {file, from, event, stamp} of changes) {
		const {inode, mtimeNs, ctimeNs, sizeBytes} = stamp;
		digest.update(JSON.stringify([file, event, from, inode, mtimeNs, ctimeNs, sizeBytes]));
	}

	return digest.digest('hex');
};

/** As many at once as one run may be given. */
export const batchesOf = (changes: readonly DueChange[]): DueChange[][] => {
	const batches: DueChange[][] = [];
	let bytes = 0;
	for (const change of changes) {
		const size = Buffer.byteLength(JSON.stringify(change.file)) + 1;
		const last = batches.at(-1);
		bytes += size;
		if (last && last.length < limits.fileBatchMax && bytes <= limits.fileBatchBytesMax) {
			last.push(change);
		} else {
			batches.push([change]);
			bytes = size;
		}
	}

	return batches;
};
