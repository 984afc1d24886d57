import {createHash} from 'node:crypto';
import {
	chmod,
	copyFile,
	lstat,
	mkdir,
	readdir,
	readFile,
	readlink,
	rename,
	rm,
	symlink,
	utimes,
} from 'node:fs/promises';
import path from 'node:path';
import {type Entry, objectFileOf, type Tree} from './manifest.ts';

/** Called between one effect and the next: where tests pull the plug. */
export type OnStep = () => void;

/**
 * Brings a tree back bit for bit. Every effect can be done again: a restore that was cut short is finished by the next.
 * What is as it should be is not touched.
 */
export const restoreTree = async (folder: string, tree: Tree, onStep: OnStep): Promise<void> => {
	const wanted = new Map(tree.entries.map(entry => [entry.path, entry]));
	for (const root of tree.roots) {
		await clearWay(tree.base, path.dirname(root), onStep);
		await removeOthers(tree.base, root, wanted, onStep);
	}

	for (const entry of tree.entries) await restoreEntry(folder, tree.base, entry, onStep);
	// What is put into a folder changes its time: folders last, the inner ones first.
	for (const entry of tree.entries.toReversed()) {
		if (entry.type !== 'folder') continue;
		const file = path.join(tree.base, entry.path);
		await chmod(file, entry.mode);
		await utimes(file, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
		onStep();
	}
};

/** What was saved had only folders above it: a file or a link that took the place of one is taken away. */
const clearWay = async (base: string, name: string, onStep: OnStep): Promise<void> => {
	if (name === '.' || name === '') return;
	await clearWay(base, path.dirname(name), onStep);
	const file = path.join(base, name);
	const found = await lstat(file).catch(() => undefined);
	if (!found || found.isDirectory()) return;
	await rm(file, {force: true});
	onStep();
};

const removeOthers = async (
	base: string,
	name: string,
	wanted: ReadonlyMap<string, Entry>,
	onStep: OnStep,
): Promise<void> => {
	const file = path.join(base, name);
	await rm(temporaryOf(file), {force: true});
	const found = await lstat(file).catch(() => undefined);
	if (!found) return;
	const entry = wanted.get(name);
	const type = found.isSymbolicLink() ? 'link' : found.isDirectory() ? 'folder' : 'file';
	if (entry?.type !== type) {
		if (type === 'folder') await makeWritable(file);
		await rm(file, {recursive: true, force: true});
		onStep();
		return;
	}

	if (type !== 'folder') return;
	// A folder that may not be written would keep what is in it.
	if ((found.mode & 0o700) !== 0o700) await chmod(file, found.mode | 0o700);
	for (const child of await readdir(file)) await removeOthers(base, path.join(name, child), wanted, onStep);
};

const makeWritable = async (folder: string): Promise<void> => {
	await chmod(folder, 0o700);
	for (const child of await readdir(folder, {withFileTypes: true})) {
		if (child.isDirectory()) await makeWritable(path.join(folder, child.name));
	}
};

const restoreEntry = async (folder: string, base: string, entry: Entry, onStep: OnStep): Promise<void> => {
	const file = path.join(base, entry.path);
	if (entry.type === 'folder') {
		await mkdir(file, {recursive: true});
		await chmod(file, entry.mode | 0o700);
	} else if (entry.type === 'link') {
		if ((await readlink(file).catch(() => undefined)) === entry.target) return;
		await mkdir(path.dirname(file), {recursive: true});
		await rm(file, {recursive: true, force: true});
		await symlink(entry.target, file);
	} else {
		await restoreFile(folder, file, entry);
	}

	onStep();
};

const restoreFile = async (folder: string, file: string, {hash, mode, mtimeMs}: Extract<Entry, {type: 'file'}>) => {
	if ((await hashOf(file)) !== hash) {
		await mkdir(path.dirname(file), {recursive: true});
		const temporary = temporaryOf(file);
		await copyFile(objectFileOf(folder, hash), temporary);
		await rename(temporary, file);
	}

	await chmod(file, mode);
	await utimes(file, mtimeMs / 1000, mtimeMs / 1000);
};

const hashOf = async (file: string): Promise<string | undefined> => {
	const found = await lstat(file).catch(() => undefined);
	if (!found?.isFile()) return undefined;
	if ((found.mode & 0o400) === 0) await chmod(file, found.mode | 0o400);
	return createHash('sha256')
		.update(await readFile(file))
		.digest('hex');
};

const temporaryOf = (file: string) => path.join(path.dirname(file), `.${path.basename(file)}.aiworkflow-restore`);
