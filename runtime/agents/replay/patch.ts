import path from 'node:path';
import {execa} from 'execa';
import {AiworkflowError} from '../../../source/errors.ts';
import {confine} from '../acp/files.ts';

/**
 * Applies the file changes of a recording, all or nothing.
 *
 * @returns Whether anything was changed: a patch that is there already (the step ran before) is left alone.
 * @throws AiworkflowError `replay.patch-refused` where it leads out of the workspace, `replay.patch-failed` where it does
 * not fit the files.
 */
export const applyPatch = async (workspace: string, patch: string): Promise<boolean> => {
	const text = patch.endsWith('\n') ? patch : `${patch}\n`;
	const problem = patchProblem(text);
	if (problem) throw patchRefused(problem);
	for (const file of patchPaths(text)) {
		await confine(workspace, file).catch((error: Error) => {
			throw patchRefused(error.message);
		});
	}

	const check = await gitApply(workspace, ['--check'], text);
	if (check.isDone) {
		const applied = await gitApply(workspace, [], text);
		if (applied.isDone) return true;
		throw patchFailed(applied.detail);
	}

	if ((await gitApply(workspace, ['--check', '--reverse'], text)).isDone) return false;
	throw patchFailed(check.detail);
};

/** @returns Why a patch is not even tried; `undefined` where nothing speaks against it. Pure. */
export const patchProblem = (patch: string): string | undefined => {
	const paths = patchPaths(patch);
	if (paths.length === 0) return 'it names no files.';
	const outside = paths.find(isOutside);
	if (outside !== undefined) return `"${outside}" is outside the workspace.`;
	const guarded = paths.find(file => file.split('/').some(part => guardedFolders.has(part.toLowerCase())));
	if (guarded !== undefined) return `"${guarded}" belongs to git or to aiworkflow.`;
	if (/^(?:new file mode|new mode|old mode|index \S+) ?(?:120000|160000)$/m.test(patch))
		return 'it makes a symbolic link or a submodule.';
	if (/^GIT binary patch$/m.test(patch)) return 'it is binary.';
	return undefined;
};

/** A recording must neither change hooks nor what the workspace runs. */
const guardedFolders = new Set(['.git', '.aiworkflow']);

const isOutside = (file: string) =>
	file.startsWith('"') || path.isAbsolute(file) || file.includes('\\') || file.split('/').includes('..');

/** Every path a unified diff names, without its `a/` or `b/`. */
export const patchPaths = (patch: string): string[] => {
	const paths = new Set<string>();
	for (const line of patch.split('\n')) {
		const plain = /^(?:---|\+\+\+) ([^\t]+)/.exec(line)?.[1];
		if (plain && plain !== '/dev/null') paths.add(withoutPrefix(plain.trimEnd()));
		const moved = /^(?:rename|copy) (?:from|to) (.+)$/.exec(line)?.[1];
		if (moved) paths.add(moved);
		const header = /^diff --git (a\/.+) (b\/.+)$/.exec(line);
		if (header) for (const side of header.slice(1)) paths.add(withoutPrefix(side));
	}

	return [...paths];
};

const withoutPrefix = (file: string) => file.replace(/^[ab]\//, '');

const gitApply = async (workspace: string, options: readonly string[], patch: string) => {
	const {failed, stderr, shortMessage} = await execa('git', ['apply', '--whitespace=nowarn', ...options, '-'], {
		cwd: workspace,
		// The ceiling: inside a larger repository git would take the paths as relative to that one's root, and silently
		// skip those outside the current folder.
		env: {GIT_CEILING_DIRECTORIES: path.dirname(workspace)},
		input: patch,
		reject: false,
	});
	return {isDone: !failed, detail: (stderr || shortMessage || '').slice(0, 2000).trim()};
};

const patchRefused = (detail: string) =>
	new AiworkflowError({
		code: 'replay.patch-refused',
		message: `The patch in the recording was not applied: ${detail}`,
		suggestion: 'A recording may only change plain files of the workspace; take that part out of it.',
	});

const patchFailed = (detail: string) =>
	new AiworkflowError({
		code: 'replay.patch-failed',
		message: `The patch in the recording does not fit the files: ${detail}`,
		suggestion: 'Start from the files it was recorded on, or record it again.',
	});
