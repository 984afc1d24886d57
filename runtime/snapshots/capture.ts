import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {lstat, mkdir, open, readdir, readFile, readlink, rename} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../../source/limits.ts';
import {formatSize} from '../../source/units.ts';
import {snapshotTooLarge} from './failures.ts';
import {type Entry, objectFileOf, type Tree} from './manifest.ts';

/** What was saved so far, over all trees of a snapshot. */
export interface Tally {
	files: number;
	bytes: number;
}

/**
 * Saves some paths under a folder, each with all that is in it: contents by their hash, modes, times, links as links.
 * Sockets, pipes and devices are left out. What is not there is not there in the snapshot either.
 */
export const captureTree = async (
	folder: string,
	base: string,
	roots: readonly string[],
	tally: Tally,
): Promise<Tree> => {
	const entries: Entry[] = [];
	const visit = async (name: string): Promise<void> => {
		const entry = await entryOf(folder, base, name, tally);
		if (!entry) return;
		entries.push(entry);
		if (entry.type !== 'folder') return;
		for (const child of (await readdir(path.join(base, name))).sort()) await visit(path.join(name, child));
	};

	for (const root of roots) await visit(root);
	return {base, roots, entries};
};

const entryOf = async (folder: string, base: string, name: string, tally: Tally): Promise<Entry | undefined> => {
	const file = path.join(base, name);
	const found = await lstat(file).catch(() => undefined);
	if (!found) return undefined;
	if (found.isSymbolicLink()) return {type: 'link', path: name, target: await readlink(file)};
	const {mtimeMs} = found;
	const mode = found.mode & 0o7777;
	if (found.isDirectory()) return {type: 'folder', path: name, mode, mtimeMs};
	if (!found.isFile()) return undefined;
	tally.files++;
	tally.bytes += found.size;
	if (tally.files > limits.snapshotFilesMax) throw snapshotTooLarge(`${limits.snapshotFilesMax} files`);
	if (tally.bytes > limits.snapshotBytesMax) throw snapshotTooLarge(formatSize(limits.snapshotBytesMax));
	return {type: 'file', path: name, mode, mtimeMs, hash: await store(folder, await readFile(file))};
};

/** @returns The name of the content in the snapshot. Synced, for the manifest is. */
const store = async (folder: string, content: Buffer): Promise<string> => {
	const hash = createHash('sha256').update(content).digest('hex');
	const file = objectFileOf(folder, hash);
	if (existsSync(file)) return hash;
	await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
	const temporary = `${file}.tmp`;
	const handle = await open(temporary, 'w', 0o600);
	try {
		await handle.writeFile(content);
		await handle.sync();
	} finally {
		await handle.close();
	}

	await rename(temporary, file);
	return hash;
};
