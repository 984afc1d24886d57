import {existsSync} from 'node:fs';
import {copyFile, mkdir, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import {limits} from '../../../source/limits.ts';
import {formatSize} from '../../../source/units.ts';

export interface Changes {
	/** Unified diff, relative to the workspace; empty: nothing changed. */
	readonly patch: string;
	/** False: whether anything changed is not known. */
	readonly isKnown: boolean;
	readonly warnings: readonly string[];
}

/**
 * Looks at a workspace now, and again when the returned function is called.
 *
 * Git does the looking, with an index and a folder for objects of its own, so that nothing of a repository is touched:
 * neither its index nor its objects. What the repository ignores is not looked at. A workspace that is in none is looked
 * at as if it were one, up to a size. Never rejects: where it cannot look, the warnings say why.
 *
 * @param scratch A folder that does not exist yet; whoever calls removes it.
 */
export const watchChanges = async (workspace: string, scratch: string): Promise<() => Promise<Changes>> => {
	try {
		await mkdir(scratch, {recursive: true, mode: 0o700});
		const git = await openGit(workspace, scratch);
		const before = await treeOf(git);
		return () => changesSince(git, before).catch(unknown);
	} catch (error) {
		return async () => unknown(error);
	}
};

const unknown = (error: unknown): Changes => {
	const {stderr, shortMessage, message} = error as {stderr?: string; shortMessage?: string; message?: string};
	const detail = (stderr || shortMessage || message || String(error)).trim().split('\n')[0]!.slice(0, 300);
	return {patch: '', isKnown: false, warnings: [`File changes were not recorded: ${detail}`]};
};

type Git = (...args: readonly string[]) => Promise<string>;

const gitIn =
	(workspace: string, environment: Readonly<Record<string, string>> = {}): Git =>
	async (...args) => {
		const {PATH, HOME} = process.env;
		const options = {
			cwd: workspace,
			extendEnv: false,
			env: {PATH, HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', ...environment},
			stripFinalNewline: false,
			timeout: limits.recordMs,
			maxBuffer: 64 * 1024 * 1024,
		} as const;
		return (await execa('git', [...settings, ...args], options)).stdout;
	};

/** Nothing of the repository is executed, and names stay as they are. */
const settings = [
	'core.quotePath=false',
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'advice.addEmbeddedRepo=false',
].flatMap(setting => ['-c', setting]);

const openGit = async (workspace: string, scratch: string): Promise<Git> => {
	const plain = gitIn(workspace);
	const index = path.join(scratch, 'index');
	const isOwn = await plain('rev-parse', '--is-inside-work-tree').then(
		answer => answer.trim() === 'true',
		() => false,
	);
	if (isOwn && !(await isIgnored(plain))) {
		const placeOf = async (name: string) =>
			(await plain('rev-parse', '--path-format=absolute', '--git-path', name)).trimEnd();
		const used = await placeOf('index');
		// With the repository's own index only what changed since is read.
		if (existsSync(used)) await copyFile(used, index);
		const objects = path.join(scratch, 'objects');
		await mkdir(objects);
		return gitIn(workspace, {
			GIT_INDEX_FILE: index,
			GIT_OBJECT_DIRECTORY: objects,
			GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(await placeOf('objects')),
		});
	}

	await checkSize(workspace);
	const git = gitIn(workspace, {
		GIT_DIR: path.join(scratch, 'repository'),
		GIT_WORK_TREE: workspace,
		GIT_INDEX_FILE: index,
	});
	await git('init', '--quiet');
	return git;
};

const isIgnored = (git: Git): Promise<boolean> =>
	git('check-ignore', '--quiet', '.').then(
		() => true,
		() => false,
	);

const checkSize = async (workspace: string): Promise<void> => {
	let files = 0;
	let sizeBytes = 0;
	const visit = async (folder: string): Promise<void> => {
		for (const entry of await readdir(folder, {withFileTypes: true})) {
			if (++files > limits.recordFilesMax)
				throw new Error(`the workspace is no git repository and holds more than ${limits.recordFilesMax} files.`);
			const place = path.join(folder, entry.name);
			if (entry.isDirectory() && entry.name !== '.git') await visit(place);
			if (entry.isFile()) sizeBytes += (await stat(place)).size;
			if (sizeBytes > limits.recordFilesBytesMax) {
				const max = formatSize(limits.recordFilesBytesMax);
				throw new Error(`the workspace is no git repository and holds more than ${max}.`);
			}
		}
	};

	await visit(workspace);
};

const treeOf = async (git: Git): Promise<string> => {
	await git('add', '--all', '--', '.');
	return (await git('write-tree')).trim();
};

const changesSince = async (git: Git, before: string): Promise<Changes> => {
	const after = await treeOf(git);
	if (after === before) return {patch: '', isKnown: true, warnings: []};
	const between = ['--relative', '--no-renames', '--no-ext-diff', '--no-textconv', '-r', before, after];
	const raw = await git('diff-tree', '--raw', '-z', ...between);
	const binary = binaryIn(await git('diff-tree', '--numstat', '-z', ...between));
	const left = changedIn(raw).filter(({name, modes}) => binary.has(name) || !isRecordable(name, modes));
	const warnings = left.map(
		({name}) => `The change of ${JSON.stringify(name)} was not recorded: only plain text files can be.`,
	);
	const outside = left.map(({name}) => `:(exclude,literal)${name}`);
	const patch = await git('diff-tree', '-p', '--no-color', ...between, '--', '.', ...outside);
	if (Buffer.byteLength(patch) > limits.recordedPatchBytesMax)
		throw new Error(`they are larger than ${formatSize(limits.recordedPatchBytesMax)}, the limit for one answer.`);
	return {patch, isKnown: true, warnings: warnings.length > warningsMax ? [tooMany(warnings)] : warnings};
};

const warningsMax = 20;
const tooMany = (warnings: readonly string[]) =>
	`${warnings.length} changes of files that are no plain text were not recorded.`;

/** Of `--raw -z`: `:<mode> <mode> <object> <object> <letter>`, then the path. */
const changedIn = (raw: string) => {
	const parts = raw.split('\0');
	const changed: {readonly name: string; readonly modes: readonly string[]}[] = [];
	for (let index = 0; index + 1 < parts.length; index += 2)
		changed.push({name: parts[index + 1]!, modes: parts[index]!.slice(1).split(' ', 2)});
	return changed;
};

/** Of `--numstat -z`: `-<tab>-<tab><path>` where the content is no text. */
const binaryIn = (numstat: string): ReadonlySet<string> =>
	new Set(numstat.split('\0').flatMap(line => (line.startsWith('-\t-\t') ? line.slice(4) : [])));

/** What a replay would refuse to bring back is left out of the recording. */
const isRecordable = (name: string, modes: readonly string[]): boolean =>
	!modes.some(mode => mode === '120000' || mode === '160000') &&
	!name.split('/').some(part => ['.git', '.aiworkflow'].includes(part.toLowerCase())) &&
	!/["\\\u0000-\u001F\u007F]|\s$/.test(name);
