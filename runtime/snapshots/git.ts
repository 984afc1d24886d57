import {existsSync} from 'node:fs';
import {lstat, rm, rmdir} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {captureTree, type Tally} from './capture.ts';
import {snapshotFailed} from './failures.ts';
import type {Manifest, Tree} from './manifest.ts';
import type {OnStep} from './restore.ts';

/**
 * What git keeps of a repository besides objects: where HEAD and the refs point, their logs, the index, and what is in the
 * middle of being merged, rebased or bisected. Objects stay where they are: git itself keeps those that nothing points to
 * any more for two weeks, unless it is told to prune them now.
 */
const ofGitFolder = [
	...['HEAD', 'ORIG_HEAD', 'MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'AUTO_MERGE'],
	...['SQUASH_MSG', 'rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_LOG', 'BISECT_NAMES', 'BISECT_START'],
	...['BISECT_TERMS', 'BISECT_EXPECTED_REV', 'index', 'refs', 'packed-refs', 'reftable', 'logs'],
];

/** @throws AiworkflowError `snapshot.failed` where the folder is in no repository, or git is busy. */
export const captureGit = async (folder: string, cwd: string, tally: Tally): Promise<Omit<Manifest, 'version'>> => {
	const workTree = (await git(cwd, 'rev-parse', '--show-toplevel')).trim();
	if (workTree === '') throw snapshotFailed('`undo: git`', `${cwd} is in no work tree`, 'Use a repository with files.');
	const own = (await git(cwd, 'rev-parse', '--absolute-git-dir')).trim();
	const shared = (await git(cwd, 'rev-parse', '--path-format=absolute', '--git-common-dir')).trim();
	if (existsSync(path.join(own, 'index.lock'))) {
		const detail = `${path.join(own, 'index.lock')} is there: git is at work, or was killed`;
		throw snapshotFailed('`undo: git` cannot save the repository', detail, 'Wait for git to end, or remove the file.');
	}

	const trees: Tree[] = [];
	for (const base of new Set([own, shared])) {
		// Of a linked work tree the folder shared with the others holds what does not belong to one of them alone.
		const roots = base === own ? ofGitFolder : ['refs', 'packed-refs', 'reftable', 'logs'];
		trees.push(await captureTree(folder, base, roots, tally));
	}

	trees.push(await captureTree(folder, workTree, await filesOf(workTree), tally));
	return {kind: 'git', trees, workTree, ...tally};
};

/** Takes away the files that appeared since and are not ignored, and the folders that only held such. */
export const removeNewFiles = async (workTree: string, tree: Tree, onStep: OnStep): Promise<void> => {
	const known = new Set(tree.entries.map(entry => entry.path));
	for (const name of await filesOf(workTree)) {
		if (known.has(name)) continue;
		const file = path.join(workTree, name);
		if (!(await lstat(file).catch(() => undefined))) continue;
		await rm(file, {force: true, recursive: true});
		await removeEmptyParents(workTree, path.dirname(name));
		onStep();
	}
};

/** @throws AiworkflowError `snapshot.failed` where git no longer has a commit that HEAD or a ref points to. */
export const checkRefs = async (workTree: string): Promise<void> => {
	const refs = (await git(workTree, 'for-each-ref', '--format=%(objectname)')).split('\n').filter(Boolean);
	if (refs.length === 0) return;
	const {stdout} = await execa('git', ['cat-file', '--batch-check'], {
		...optionsIn(workTree),
		input: `${[...new Set(refs)].join('\n')}\n`,
	});
	const missing = stdout.split('\n').filter(line => line.endsWith(' missing'));
	if (missing.length === 0) return;
	const detail = `git no longer has ${missing.map(line => line.slice(0, 12)).join(', ')}: something pruned its objects`;
	throw snapshotFailed('The refs are restored, but', detail, 'Fetch them again from a remote.');
};

/** Tracked files and those that are not ignored; relative to the top, whatever is in their names. */
const filesOf = async (workTree: string): Promise<string[]> => {
	const listed = await git(workTree, 'ls-files', '-z', '--cached', '--others', '--exclude-standard');
	return [...new Set(listed.split('\0').filter(Boolean))].map(name => name.replace(/\/$/, '')).sort();
};

const removeEmptyParents = async (workTree: string, name: string): Promise<void> => {
	for (let folder = name; folder !== '.' && folder !== ''; folder = path.dirname(folder)) {
		try {
			await rmdir(path.join(workTree, folder));
		} catch {
			// Something else is in it.
			return;
		}
	}
};

const git = async (cwd: string, ...args: string[]): Promise<string> => {
	try {
		return (await execa('git', args, optionsIn(cwd))).stdout;
	} catch (error) {
		const {shortMessage, stderr} = error as {shortMessage?: string; stderr?: string};
		const detail = `${(stderr || shortMessage || String(error)).trim()} (in ${cwd})`;
		const suggestion = 'Let the step work in a git repository, or name its files with `undo: { files: [...] }`.';
		throw snapshotFailed('`undo: git` cannot read the repository', detail, suggestion);
	}
};

/** Nobody's variables lead git to another repository, and nothing of the repository is executed. */
const optionsIn = (cwd: string) => {
	const {PATH, HOME} = process.env;
	return {
		cwd,
		extendEnv: false,
		env: {PATH, HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_CONFIG_COUNT: '2', ...noCode},
		stripFinalNewline: false,
		maxBuffer: 64 * 1024 * 1024,
	} as const;
};

const noCode = {
	GIT_CONFIG_KEY_0: 'core.hooksPath',
	GIT_CONFIG_VALUE_0: '/dev/null',
	GIT_CONFIG_KEY_1: 'core.fsmonitor',
	GIT_CONFIG_VALUE_1: 'false',
};
