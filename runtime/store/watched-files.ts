import type {Database} from './database.ts';

/** A file as a trigger last knew it; what is not kept of it in the journal is worth no scan. */
export interface WatchedFile {
	readonly sizeBytes: number;
	/** Unix nanoseconds, as digits. */
	readonly mtimeNs: string;
	readonly ctimeNs: string;
	readonly inode: string;
}

/** `undefined`: it is gone. */
export type WatchedWrites = ReadonlyMap<string, WatchedFile | undefined>;

/** What each file trigger has seen, so that what changes while no daemon runs is found. */
export const createWatchedFiles = (database: Database) => {
	const selectGlobs = database.prepare('SELECT globs FROM file_triggers WHERE trigger_key = ?');
	const upsertGlobs = database.prepare(
		`INSERT INTO file_triggers (trigger_key, globs) VALUES (?, ?)
		ON CONFLICT (trigger_key) DO UPDATE SET globs = excluded.globs`,
	);
	const selectFiles = database.prepare('SELECT * FROM watched_files WHERE trigger_key = ?');
	const upsert = database.prepare(
		`INSERT INTO watched_files (trigger_key, path, size_bytes, mtime_ns, ctime_ns, inode) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (trigger_key, path) DO UPDATE SET size_bytes = excluded.size_bytes, mtime_ns = excluded.mtime_ns,
			ctime_ns = excluded.ctime_ns, inode = excluded.inode`,
	);
	const drop = database.prepare('DELETE FROM watched_files WHERE trigger_key = ? AND path = ?');
	return {
		/** @returns What it looked at when it was last armed; `undefined`: it never was. */
		globsOf: (triggerKey: string): string | undefined =>
			(selectGlobs.get(triggerKey) as {globs: string} | undefined)?.globs,
		filesOf(triggerKey: string): Map<string, WatchedFile> {
			const rows = selectFiles.all(triggerKey) as unknown as Row[];
			return new Map(
				rows.map(({path, size_bytes: sizeBytes, mtime_ns: mtimeNs, ctime_ns: ctimeNs, inode}) => [
					path,
					{sizeBytes, mtimeNs, ctimeNs, inode},
				]),
			);
		},
		/** Call inside a commit. */
		writeGlobs(triggerKey: string, globs: string): void {
			upsertGlobs.run(triggerKey, globs);
		},
		/** Call inside a commit. */
		write(triggerKey: string, writes: WatchedWrites): void {
			for (const [path, file] of writes) {
				if (file) upsert.run(triggerKey, path, file.sizeBytes, file.mtimeNs, file.ctimeNs, file.inode);
				else drop.run(triggerKey, path);
			}
		},
	};
};

export type WatchedFiles = ReturnType<typeof createWatchedFiles>;

interface Row {
	readonly path: string;
	readonly size_bytes: number;
	readonly mtime_ns: string;
	readonly ctime_ns: string;
	readonly inode: string;
}
