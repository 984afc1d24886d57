import {existsSync, globSync, realpathSync} from 'node:fs';
import {mkdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {captureTree, type Tally} from './capture.ts';
import {snapshotFailed, snapshotOutside} from './failures.ts';
import {captureGit, checkRefs, removeNewFiles} from './git.ts';
import {type Manifest, readManifest, writeManifest} from './manifest.ts';
import {type OnStep, restoreTree} from './restore.ts';

export type SnapshotRequest =
	| {
			readonly kind: 'files';
			readonly workspace: string;
			readonly cwd: string;
			/** Paths or globs, relative to `cwd`. */
			readonly paths: readonly string[];
	  }
	| {readonly kind: 'git'; readonly workspace: string; readonly cwd: string};

export interface SnapshotSummary {
	readonly files: number;
	readonly bytes: number;
}

/**
 * Saves what a step is about to change into a private folder. A snapshot that is complete is kept as it is; one that was
 * cut short is begun anew.
 *
 * @throws AiworkflowError `snapshot.failed`, `snapshot.outside`, `snapshot.too-large`.
 */
export const captureSnapshot = async (folder: string, request: SnapshotRequest): Promise<SnapshotSummary> => {
	const known = readManifest(folder);
	if (known) return {files: known.files, bytes: known.bytes};
	await rm(folder, {recursive: true, force: true});
	await mkdir(folder, {recursive: true, mode: 0o700});
	const tally: Tally = {files: 0, bytes: 0};
	const manifest: Manifest = {version: 1, ...(await manifestOf(folder, request, tally)), ...tally};
	await writeManifest(folder, manifest);
	return {...tally};
};

const manifestOf = async (
	folder: string,
	request: SnapshotRequest,
	tally: Tally,
): Promise<Omit<Manifest, 'version'>> => {
	if (request.kind === 'git') return captureGit(folder, request.cwd, tally);
	const {workspace, cwd, paths} = request;
	const roots = [...new Set(paths.flatMap(each => matchesOf(each, cwd, workspace)))].sort();
	const outer = roots.filter(root => !roots.some(other => root.startsWith(`${other}${path.sep}`)));
	return {kind: 'files', trees: [await captureTree(folder, realpathSync(cwd), outer, tally)], ...tally};
};

/** A path that is not there is remembered as such; a glob stands for what it matches now. */
const matchesOf = (pattern: string, cwd: string, workspace: string): string[] => {
	const isGlob = /[*?[{]/.test(pattern) && !existsSync(path.resolve(cwd, pattern));
	const found = isGlob ? globSync(pattern, {cwd}) : [pattern];
	return found.map(name => {
		const file = path.resolve(cwd, name);
		const real = realPathOf(file);
		if (!isInside(real, realpathSync(workspace))) throw snapshotOutside(name, workspace);
		return path.relative(realpathSync(cwd), real);
	});
};

/** With every link above it followed: what is restored is what was saved, wherever such a link leads by then. */
const realPathOf = (file: string): string => {
	let parent = path.dirname(file);
	while (!existsSync(parent)) parent = path.dirname(parent);
	return path.join(realpathSync(parent), path.relative(parent, file));
};

const isInside = (file: string, workspace: string): boolean => {
	const relative = path.relative(workspace, file);
	return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
};

/**
 * Brings back what was saved, bit for bit: contents, modes, times, links; what appeared since under the named paths is
 * taken away. Killed at any moment and called again it ends in the same state.
 *
 * @throws AiworkflowError `snapshot.failed`.
 */
export const restoreSnapshot = async (folder: string, onStep: OnStep = () => {}): Promise<SnapshotSummary> => {
	const manifest = readManifest(folder);
	if (!manifest)
		throw snapshotFailed('Nothing can be restored', `${folder} has no snapshot`, 'It may have been pruned.');
	try {
		for (const tree of manifest.trees) await restoreTree(folder, tree, onStep);
		if (manifest.workTree !== undefined) {
			await removeNewFiles(manifest.workTree, manifest.trees.at(-1)!, onStep);
			await checkRefs(manifest.workTree);
		}
	} catch (error) {
		if ((error as {code?: string}).code?.startsWith('snapshot.')) throw error;
		const detail = error instanceof Error ? error.message : String(error);
		throw snapshotFailed('Not all could be restored', detail, 'Mend that, then run `aiworkflow runs rollback` again.');
	}

	return {files: manifest.files, bytes: manifest.bytes};
};
