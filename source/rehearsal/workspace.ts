import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {copyFile, mkdir, readdir, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError} from '../errors.ts';
import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import {findWorkspace} from '../workflow-files.ts';
import type {TestCase} from './case.ts';

/**
 * Makes the workspace of a case: what `files:` says, the named workflows of the real workspace, and, where the case asks
 * for it, a repository with one commit, the same each time.
 *
 * @param folder Must not exist.
 * @throws AiworkflowError `test.unprepared`.
 */
export const makeWorkspace = async (folder: string, {files, git}: TestCase, workflowFile: string): Promise<void> => {
	await mkdir(folder, {recursive: true});
	const named = path.join(findWorkspace(path.dirname(workflowFile)), '.aiworkflow', 'workflows');
	if (existsSync(named)) await copyFolder(named, path.join(folder, '.aiworkflow', 'workflows'));
	if (typeof files === 'string') await copyFolder(files, folder);
	else for (const [name, text] of Object.entries(files ?? {})) await writeInside(folder, name, text);
	if (git) await makeRepository(folder);
};

/** @returns The absolute path of a file of a workspace; `undefined` for one that is not inside. */
export const placeInside = (folder: string, name: string): string | undefined => {
	const place = path.resolve(folder, name);
	const relative = path.relative(folder, place);
	const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
	return isInside && relative.split(path.sep)[0] !== '.git' ? place : undefined;
};

const writeInside = async (folder: string, name: string, text: string) => {
	const place = placeInside(folder, name);
	if (place === undefined) throw unprepared(`"${name}" of \`files:\` is not a path inside the workspace.`);
	await mkdir(path.dirname(place), {recursive: true});
	await writeFile(place, text);
};

/** Plain files and folders only; what a link points to may be anywhere. */
const copyFolder = async (from: string, to: string): Promise<void> => {
	const entries = await readdir(from, {withFileTypes: true, recursive: true}).catch((error: NodeJS.ErrnoException) => {
		throw unprepared(`the folder ${from} cannot be read (${error.code}).`);
	});
	if (entries.length > limits.testFilesMax)
		throw unprepared(`${from} holds ${entries.length} files and folders; the limit is ${limits.testFilesMax}.`);
	let sizeBytes = 0;
	for (const entry of entries) {
		const source = path.join(entry.parentPath, entry.name);
		const target = path.join(to, path.relative(from, source));
		if (path.relative(from, source).split(path.sep)[0] === '.git') continue;
		if (entry.isDirectory()) await mkdir(target, {recursive: true});
		if (!entry.isFile()) continue;
		sizeBytes += (await stat(source)).size;
		if (sizeBytes > limits.testFilesBytesMax)
			throw unprepared(`${from} holds more than ${formatSize(limits.testFilesBytesMax)}, the limit.`);
		await mkdir(path.dirname(target), {recursive: true});
		await copyFile(source, target);
	}
};

/** Settings of the person or the machine must not decide about a test, and a commit has the same hash each time. */
const gitEnvironment = {
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	GIT_AUTHOR_NAME: 'aiworkflow test',
	GIT_AUTHOR_EMAIL: 'test@example.org',
	GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
	GIT_COMMITTER_NAME: 'aiworkflow test',
	GIT_COMMITTER_EMAIL: 'test@example.org',
	GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

const makeRepository = async (folder: string) => {
	await git(folder, 'init', '--quiet', '--initial-branch=main');
	await git(folder, 'add', '--all');
	await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'Before the test');
};

const git = async (folder: string, ...args: readonly string[]) => {
	const {GIT_DIR: _, GIT_WORK_TREE: __, GIT_INDEX_FILE: ___, ...environment} = process.env;
	const child = spawn('git', args, {
		cwd: folder,
		env: {...environment, ...gitEnvironment},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said = (said + text).slice(-2000);
	});
	const [code] = await once(child, 'close').catch((error: Error) => {
		throw unprepared(`git cannot be started: ${error.message}`);
	});
	if (code !== 0) throw unprepared(`git ${args[0]} failed: ${said.trim()}`);
};

const unprepared = (detail: string) =>
	new AiworkflowError({
		code: 'test.unprepared',
		message: `The workspace of the case could not be made: ${detail}`,
		suggestion: 'Mend `files:` or `git:` of the case; docs/testing.md describes them.',
	});
