import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test, vi} from 'vitest';
import {applyPatch} from '../../../../runtime/agents/replay/patch.ts';
import {watchChanges} from '../../../../runtime/attempts/agent-host/changes.ts';
import {limits} from '../../../../source/limits.ts';
import {temporaryFolder} from '../../agents/run-agent.ts';

vi.setConfig({testTimeout: 30_000});

const git = (cwd: string, ...args: string[]) =>
	execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {cwd, encoding: 'utf8'});
const write = (folder: string, name: string, text: string | Buffer) => {
	mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
	writeFileSync(path.join(folder, name), text);
};

const repository = (files: Readonly<Record<string, string>> = {'a.txt': 'a\n'}) => {
	const folder = temporaryFolder();
	git(folder, 'init', '--quiet');
	for (const [name, text] of Object.entries(files)) write(folder, name, text);
	git(folder, 'add', '--all');
	git(folder, 'commit', '--quiet', '--allow-empty', '-m', 'first');
	return folder;
};

const changesOf = async (workspace: string, change: () => void) => {
	const changesSince = await watchChanges(workspace, path.join(temporaryFolder(), 'scratch'));
	change();
	return changesSince();
};

test('a patch can be applied to the files it was made from', async () => {
	const files = {'a.txt': 'a\nb\nc\n', 'gone.txt': 'x\n', 'deep/ü and space.txt': 'old\n'};
	const folder = repository(files);
	const {patch, warnings} = await changesOf(folder, () => {
		write(folder, 'a.txt', 'a\nB\nc\n');
		write(folder, 'deep/ü and space.txt', 'new, without a line end');
		write(folder, 'new/file.txt', 'made\n');
		write(folder, 'empty', '');
		rmSync(path.join(folder, 'gone.txt'));
	});
	expect(warnings).toEqual([]);
	const again = repository(files);
	expect(await applyPatch(again, patch)).toBe(true);
	expect(readFileSync(path.join(again, 'a.txt'), 'utf8')).toBe('a\nB\nc\n');
	expect(readFileSync(path.join(again, 'deep/ü and space.txt'), 'utf8')).toBe('new, without a line end');
	expect(readFileSync(path.join(again, 'new/file.txt'), 'utf8')).toBe('made\n');
	expect(readFileSync(path.join(again, 'empty'), 'utf8')).toBe('');
	expect(existsSync(path.join(again, 'gone.txt'))).toBe(false);
});

test('what was changed before is not in it, whether it is staged or not', async () => {
	const folder = repository({'a.txt': 'a\n', 'b.txt': 'b\n'});
	write(folder, 'a.txt', 'dirty\n');
	git(folder, 'add', 'a.txt');
	write(folder, 'b.txt', 'dirtier\n');
	const index = readFileSync(path.join(folder, '.git/index'));
	const {patch} = await changesOf(folder, () => write(folder, 'b.txt', 'dirtier\nstill\n'));
	expect(patch).toContain('+still');
	expect(patch).not.toMatch(/^[+-]dirty/m);
	expect(readFileSync(path.join(folder, '.git/index')).equals(index)).toBe(true);
});

test('a commit of the agent changes nothing about what it changed', async () => {
	const folder = repository();
	const {patch} = await changesOf(folder, () => {
		write(folder, 'a.txt', 'committed\n');
		git(folder, 'commit', '--quiet', '-am', 'second');
	});
	expect(patch).toContain('+committed');
});

test('in a folder of a repository paths count from that folder, and what is beside it does not count', async () => {
	const folder = repository({'inner/a.txt': 'a\n', 'b.txt': 'b\n'});
	const workspace = path.join(folder, 'inner');
	const {patch} = await changesOf(workspace, () => {
		write(workspace, 'a.txt', 'changed\n');
		write(folder, 'b.txt', 'changed\n');
	});
	expect(patch.match(/^diff --git .*$/gm)).toEqual(['diff --git a/a.txt b/a.txt']);
});

test.each([
	['what a repository ignores is not looked at', '.gitignore', 'out/\n', ''],
	['but a workspace that is ignored itself is', '../.gitignore', 'inner/\n', 'diff --git a/out/x b/out/x'],
])('%s', async (_, ignoreFile, text, expected) => {
	const folder = repository();
	const workspace = path.join(folder, 'inner');
	write(workspace, 'a.txt', 'a\n');
	write(workspace, ignoreFile, text);
	const {patch, isKnown} = await changesOf(workspace, () => write(workspace, 'out/x', 'x\n'));
	expect({isKnown, first: patch.split('\n')[0]}).toEqual({isKnown: true, first: expected});
});

test('links, binary files and files of aiworkflow are left out, each with a word', async () => {
	const folder = repository({'old.bin': '\0old'});
	const {patch, warnings} = await changesOf(folder, () => {
		symlinkSync('/etc/passwd', path.join(folder, 'link'));
		write(folder, 'old.bin', Buffer.from([0, 1, 2]));
		write(folder, '.aiworkflow/agents.yaml', 'agents: {}\n');
		write(folder, 'tab\there.txt', 'x\n');
		write(folder, 'plain.txt', 'x\n');
	});
	expect(patch.match(/^diff --git .*$/gm)).toEqual(['diff --git a/plain.txt b/plain.txt']);
	expect(warnings.map(warning => /"(.*)"/.exec(warning)![1])).toEqual([
		'.aiworkflow/agents.yaml',
		'link',
		'old.bin',
		'tab\\there.txt',
	]);
});

test('outside of a repository a small workspace is looked at, and nothing is left in it', async () => {
	const folder = temporaryFolder();
	write(folder, 'a.txt', 'a\n');
	const {patch} = await changesOf(folder, () => write(folder, 'a.txt', 'b\n'));
	expect(patch).toContain('-a\n+b\n');
	expect(existsSync(path.join(folder, '.git'))).toBe(false);
});

test('a large one is not, and the answer says so', async () => {
	const folder = temporaryFolder();
	for (let index = 0; index <= limits.recordFilesMax; index++) writeFileSync(path.join(folder, String(index)), '');
	const {patch, isKnown, warnings} = await changesOf(folder, () => {});
	expect({patch, isKnown}).toEqual({patch: '', isKnown: false});
	expect(warnings[0]).toContain(`holds more than ${limits.recordFilesMax} files`);
});

test('changes that are too large for an answer are not recorded, and the answer says so', async () => {
	const folder = repository();
	const {patch, isKnown, warnings} = await changesOf(folder, () =>
		write(folder, 'big.txt', 'x'.repeat(limits.recordedPatchBytesMax)),
	);
	expect({patch, isKnown}).toEqual({patch: '', isKnown: false});
	expect(warnings[0]).toContain('larger than 1.0 MB');
});

test('without git nothing fails', async () => {
	vi.stubEnv('PATH', '/nowhere');
	const {isKnown, warnings} = await changesOf(temporaryFolder(), () => {});
	vi.unstubAllEnvs();
	expect(isKnown).toBe(false);
	expect(warnings[0]).toContain('File changes were not recorded');
});
