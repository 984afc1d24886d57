import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

export const examplesFolder = path.resolve(import.meta.dirname, '../../examples');

/** Nothing of the machine's own settings reaches git, and npm is never asked unless a test says so. */
const cleanEnvironment = (home: string) => ({
	PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
	HOME: home,
	GIT_CONFIG_GLOBAL: '/dev/null',
	GIT_CONFIG_NOSYSTEM: '1',
	// A temporary folder inside somebody's repository must not pass for a repository.
	GIT_CEILING_DIRECTORIES: realpathSync(tmpdir()),
	INPUT_ONLINE: 'false',
});

export const temporaryFolder = (): string => {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'examples-')));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
};

export interface Repository {
	readonly folder: string;
	git(...args: string[]): string;
	write(name: string, text: string): void;
	/** Commits everything there is; a moment in the past by default. */
	commit(author?: string, date?: string): void;
}

export const repositoryIn = (folder: string): Repository => {
	const git = (args: readonly string[], environment: Record<string, string> = {}) =>
		execFileSync('git', args, {
			cwd: folder,
			env: {...cleanEnvironment(folder), ...environment},
			encoding: 'utf8',
			stdio: 'pipe',
		});
	return {
		folder,
		git: (...args) => git(args),
		write: (name, text) => writeFileSync(path.join(folder, name), text),
		commit(author = 'Ada', date = new Date(Date.now() - 86_400_000).toISOString()) {
			git(['add', '--all']);
			git(['-c', `user.name=${author}`, '-c', 'user.email=x@example.org', 'commit', '-qm', 'Change'], {
				GIT_AUTHOR_DATE: date,
				GIT_COMMITTER_DATE: date,
			});
		},
	};
};

export const temporaryRepository = (): Repository => {
	const repository = repositoryIn(temporaryFolder());
	repository.git('init', '--quiet', '--initial-branch=main');
	return repository;
};

export interface ScriptResult {
	readonly exitCode: number | null;
	readonly stdout: string;
	readonly stderr: string;
	/** What the script appended to `$OUTPUT`, as written. */
	readonly output: string;
	/** The same, where it is one JSON object. */
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever the script says.
	readonly outputs: any;
}

/** Runs a command as a step would: in a folder, with `$OUTPUT` and the inputs in the environment. */
export const runScript = (
	command: readonly [string, ...string[]],
	folder: string,
	{env = {}, stdin = ''}: {env?: Record<string, string>; stdin?: string} = {},
): ScriptResult => {
	const outputFile = path.join(temporaryFolder(), 'output');
	const result = spawnSync(command[0], command.slice(1), {
		cwd: folder,
		env: {...cleanEnvironment(folder), OUTPUT: outputFile, ...env},
		input: stdin,
		encoding: 'utf8',
	});
	const output = existsSync(outputFile) ? readFileSync(outputFile, 'utf8') : '';
	return {
		exitCode: result.status,
		stdout: result.stdout,
		stderr: result.stderr,
		output,
		outputs: output.startsWith('{') ? JSON.parse(output) : undefined,
	};
};

export const runReportScript = (name: string, folder: string, options?: Parameters<typeof runScript>[2]) =>
	runScript(['node', path.join(examplesFolder, 'repo-report/scripts', `${name}.mjs`)], folder, options);

/** The script that stands in the workflow file under a heading. */
export const scriptUnder = (example: string, heading: string): string => {
	const text = readFileSync(path.join(examplesFolder, example, 'workflow.md'), 'utf8');
	const section = text.split(/^## /m).find(part => part.startsWith(`${heading}\n`));
	const script = section && /^```\w+ run\n([\s\S]*?)^```$/m.exec(section)?.[1];
	if (script === undefined) throw new Error(`There is no script under "${heading}" in ${example}.`);
	return script;
};
