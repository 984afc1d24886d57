import {readFileSync, renameSync} from 'node:fs';
import {open} from 'node:fs/promises';
import path from 'node:path';
import {snapshotFailed} from './failures.ts';

/** What a snapshot holds: some trees of files, and for git the trees of its own folder as well. */
export interface Manifest {
	readonly version: 1;
	readonly kind: 'files' | 'git';
	readonly trees: readonly Tree[];
	/** The work tree whose untracked files are looked at again, for git. */
	readonly workTree?: string;
	readonly files: number;
	readonly bytes: number;
}

export interface Tree {
	/** Absolute. */
	readonly base: string;
	/** Paths under `base`, each with all that is in it; what is there and not in `entries` is taken away. */
	readonly roots: readonly string[];
	/** Parents before what they hold. */
	readonly entries: readonly Entry[];
}

/** `path` is relative to the base of its tree. */
export type Entry =
	| {
			readonly type: 'file';
			readonly path: string;
			readonly mode: number;
			readonly mtimeMs: number;
			readonly hash: string;
	  }
	| {readonly type: 'folder'; readonly path: string; readonly mode: number; readonly mtimeMs: number}
	| {readonly type: 'link'; readonly path: string; readonly target: string};

export const manifestFileOf = (folder: string) => path.join(folder, 'manifest.json');
export const objectFileOf = (folder: string, hash: string) => path.join(folder, 'objects', hash);

/** Written last and synced: a snapshot without it is none. */
export const writeManifest = async (folder: string, manifest: Manifest): Promise<void> => {
	const temporary = `${manifestFileOf(folder)}.tmp`;
	const file = await open(temporary, 'w', 0o600);
	try {
		await file.writeFile(JSON.stringify(manifest));
		await file.sync();
	} finally {
		await file.close();
	}

	renameSync(temporary, manifestFileOf(folder));
};

/** @returns `undefined` where the snapshot was never completed. */
export const readManifest = (folder: string): Manifest | undefined => {
	try {
		return JSON.parse(readFileSync(manifestFileOf(folder), 'utf8')) as Manifest;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw snapshotFailed('The snapshot cannot be read', String(error), 'Bring the files back from a backup.');
	}
};
