import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';

// Settings of the user that would change what git prints, or start programs of theirs.
const settings = ['color.ui=false', 'log.showSignature=false', 'core.fsmonitor=false'];
const environment = {GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat'};

/**
 * Runs git in `folder` and returns what it prints. A name of a file is bytes to git, not text, so the answer is a
 * string of bytes (latin1): `textOf` makes text of it.
 */
export const git = (args, {folder = root, acceptedExitCodes = [0]} = {}) => {
	const result = spawnSync('git', [...settings.flatMap(setting => ['-c', setting]), ...args], {
		cwd: folder,
		env: {...process.env, ...environment},
		encoding: 'latin1',
		maxBuffer: 256 * 1024 ** 2,
	});
	if (result.error?.code === 'ENOBUFS') fail(`git ${args[0]} printed more than 256 MiB. A later \`since\` may help.`);
	if (result.error) fail(`git could not be started: ${result.error.message}`);
	if (acceptedExitCodes.includes(result.status)) return result.stdout;
	return fail(`git ${args[0]} failed: ${textOf(result.stderr).trim() || `exit code ${result.status}`}`);
};

/** Ends the step as failed, with a sentence. */
export const fail = message => {
	process.stderr.write(`${message}\n`);
	process.exit(1);
};

export const textOf = bytes => Buffer.from(bytes, 'latin1').toString('utf8');

/** Control characters and those that turn the writing direction become visible: a name must not draw on a terminal. */
export const visible = text =>
	text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, character =>
		character === '\n' ? '\\n' : `\\u${character.codePointAt(0).toString(16).padStart(4, '0')}`,
	);

/** The names of all tracked files, as bytes, relative to the top of the repository. */
export const trackedFiles = () => [...new Set(git(['ls-files', '-z']).split('\0').filter(Boolean))];

/** The path of a tracked file for functions of `node:fs`, whatever its bytes are. */
export const pathOf = name => Buffer.concat([Buffer.from(`${root}${path.sep}`), Buffer.from(name, 'latin1')]);

/** The top of the working tree, whatever folder of it the run works in. */
export const root = textOf(git(['rev-parse', '--show-toplevel'], {folder: process.cwd()})).replace(/\n$/, '');

/** False in a repository that was only just made. */
export const hasCommits = git(['rev-parse', '--quiet', '--verify', 'HEAD'], {acceptedExitCodes: [0, 1, 128]}) !== '';

/**
 * The oldest commits of a shallow clone. Their parents are missing, so git shows them as if they had added every file.
 */
export const shallowCommits = () => {
	const file = path.resolve(root, textOf(git(['rev-parse', '--git-path', 'shallow'])).replace(/\n$/, ''));
	return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};
