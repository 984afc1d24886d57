import {createHash} from 'node:crypto';
import {chmod, lstat, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError, usageInvalid} from '../errors.ts';
import {bundleExists, damaged, type Manifest} from './archive.ts';
import {type ReadArchive, readArchive} from './read-archive.ts';

export interface UnpackedBundle {
	/** Absolute. */
	readonly folder: string;
	readonly manifest: Manifest;
	/** Where what was there before is now; null: nothing was. */
	readonly replaced: string | null;
}

export interface UnpackOptions {
	/** Absolute; missing: a folder called like the bundle, in `cwd`. */
	readonly to?: string;
	readonly cwd: string;
	/** Puts what is there aside. */
	readonly force: boolean;
}

/**
 * Writes the files of a packed bundle, once all of it was read and checked. Runs nothing of it, and trusts nothing.
 *
 * @throws AiworkflowError `bundle.unsafe`, `bundle.damaged`, `bundle.too-large`, `bundle.exists`; nothing was written then.
 */
export const unpackBundle = async (file: string, {to, cwd, force}: UnpackOptions): Promise<UnpackedBundle> => {
	const archive = await readArchive(file);
	checkAgainstManifest(file, archive);
	const folder = to ?? path.join(cwd, archive.manifest.name);
	const isThere = (await lstat(folder).catch(() => undefined)) !== undefined;
	if (isThere && !force) throw bundleExists(folder, 'the bundle');
	if (isThere) await checkReplaceable(folder, cwd);
	await mkdir(path.dirname(folder), {recursive: true});
	// Beside its place, so that it gets there in one move.
	const staging = await mkdtemp(path.join(path.dirname(folder), '.aiworkflow-unpack-'));
	try {
		await writeFiles(staging, archive);
		await chmod(staging, 0o755);
		const replaced = isThere ? oldPlaceOf(folder) : null;
		if (replaced) await rename(folder, replaced);
		await rename(staging, folder);
		return {folder, manifest: archive.manifest, replaced};
	} catch (error) {
		await rm(staging, {recursive: true, force: true});
		throw error instanceof AiworkflowError ? error : unwritable(folder, error);
	}
};

/** Every file of the manifest, whole, and no other. */
const checkAgainstManifest = (where: string, {manifest, files}: ReadArchive): void => {
	const listed = new Map(manifest.files.map(file => [file.path, file]));
	for (const [name, {bytes}] of files) {
		const expected = listed.get(name);
		if (!expected) throw damaged(where, `"${name}" is not in its manifest`);
		if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256)
			throw damaged(where, `"${name}" is not as its manifest says`);
	}

	const missing = manifest.files.find(({path: name}) => !files.has(name));
	if (missing) throw damaged(where, `"${missing.path}" of its manifest is missing`);
};

const oldPlaceOf = (folder: string) => `${folder}.old`;

/** Nothing is ever deleted: what is there is put aside, once. */
const checkReplaceable = async (folder: string, cwd: string): Promise<void> => {
	const fromHere = path.relative(folder, cwd);
	if (!fromHere.startsWith('..'))
		throw usageInvalid(
			`${folder} holds the folder you are in, so it is not replaced.`,
			'Name another folder with `--to`.',
		);
	const old = oldPlaceOf(folder);
	if (await lstat(old).catch(() => undefined))
		throw usageInvalid(`${folder} would be put aside as ${old}, which is there already.`, 'Move one of them away.');
};

const writeFiles = async (folder: string, {files}: ReadArchive): Promise<void> => {
	for (const [name, {bytes, isExecutable}] of files) {
		const place = path.join(folder, name);
		await mkdir(path.dirname(place), {recursive: true});
		await writeFile(place, bytes, {flag: 'wx', mode: isExecutable ? 0o755 : 0o644});
	}
};

const unwritable = (folder: string, error: unknown) =>
	new AiworkflowError({
		code: 'bundle.unwritable',
		message: `${folder} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
		suggestion: 'Mend the permissions, or name another folder with `--to`.',
		cause: error,
	});
