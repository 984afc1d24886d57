import type {WatchedWrites} from '../../store/watched-files.ts';
import type {Stamp} from './stamp.ts';

/** The files of a trigger as they were last dealt with. */
export const createKnownFiles = (files: Map<string, Stamp>) => {
	const names = new Map<string, Set<string>>();
	const index = (file: string, {inode}: Stamp) => names.set(inode, (names.get(inode) ?? new Set()).add(file));
	for (const [file, stamp] of files) index(file, stamp);
	return {
		files: files as ReadonlyMap<string, Stamp>,
		/** Where this inode was seen. */
		namesOf: (inode: string): Iterable<string> => names.get(inode) ?? [],
		below: (folder: string): string[] => [...files.keys()].filter(file => file.startsWith(`${folder}/`)),
		write(writes: WatchedWrites): void {
			for (const [file, stamp] of writes) {
				const before = files.get(file);
				if (before) {
					const others = names.get(before.inode);
					others?.delete(file);
					if (others?.size === 0) names.delete(before.inode);
				}

				if (!stamp) {
					files.delete(file);
					continue;
				}

				files.set(file, stamp);
				index(file, stamp);
			}
		},
	};
};

export type KnownFiles = ReturnType<typeof createKnownFiles>;
