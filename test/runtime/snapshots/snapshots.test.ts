import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {captureSnapshot, restoreSnapshot} from '../../../runtime/snapshots/snapshots.ts';

let root: string;
let workspace: string;
let folder: string;
beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'aiworkflow-snapshot-'));
	workspace = path.join(root, 'work');
	folder = path.join(root, 'snapshot');
	mkdirSync(workspace);
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const write = (name: string, content: string | Buffer, mode = 0o644) => {
	const file = path.join(workspace, name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, content);
	chmodSync(file, mode);
};

/** Every path with what it is, bit for bit. */
const treeOf = (base: string): Record<string, string> => {
	const tree: Record<string, string> = {};
	const visit = (name: string) => {
		const file = path.join(base, name);
		const found = lstatSync(file, {throwIfNoEntry: false});
		if (!found) return;
		const mode = (found.mode & 0o7777).toString(8);
		if (found.isSymbolicLink()) tree[name] = `link ${readlinkSync(file)}`;
		else if (found.isDirectory()) {
			tree[name] = `folder ${mode}`;
			for (const child of readdirSync(file)) visit(path.join(name, child));
		} else tree[name] = `file ${mode} ${Math.round(found.mtimeMs)} ${readFileSync(file).toString('base64')}`;
	};
	visit('.');
	return tree;
};

const files = (...paths: string[]) => ({kind: 'files' as const, workspace, cwd: workspace, paths});
const git = (...args: string[]) =>
	execFileSync('git', args, {
		cwd: workspace,
		encoding: 'utf8',
		env: {...process.env, ...gitIdentity},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
const gitIdentity = {
	...{GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b'},
	GIT_CONFIG_GLOBAL: '/dev/null',
};

const makeTree = () => {
	write('site/index.html', 'old');
	write('site/run.sh', '#!/bin/sh\n', 0o755);
	write('site/binary', Buffer.from([0, 255, 1, 254]));
	write('site/odd\nname "quoted"', 'odd');
	mkdirSync(path.join(workspace, 'site/empty'));
	symlinkSync('index.html', path.join(workspace, 'site/link'));
	write('single.txt', 'one');
};

const damage = () => {
	write('site/index.html', 'new');
	chmodSync(path.join(workspace, 'site/run.sh'), 0o644);
	rmSync(path.join(workspace, 'site/binary'));
	mkdirSync(path.join(workspace, 'site/binary'));
	write('site/binary/inside', 'x');
	rmSync(path.join(workspace, 'site/empty'), {recursive: true});
	rmSync(path.join(workspace, 'site/link'));
	write('site/link', 'no longer a link');
	write('site/extra/deep/file', 'extra');
	write('single.txt', 'two');
	write('made/later', 'was not there');
};

test('files, modes, links, empty folders and what was not there come back bit for bit', async () => {
	makeTree();
	const before = treeOf(workspace);
	const {files: count} = await captureSnapshot(folder, files('site', 'single.txt', 'made'));
	expect(count).toBe(5);
	damage();
	await restoreSnapshot(folder);
	expect(treeOf(workspace)).toEqual(before);
});

test('what is not named is left alone', async () => {
	makeTree();
	await captureSnapshot(folder, files('site'));
	write('single.txt', 'changed');
	await restoreSnapshot(folder);
	expect(readFileSync(path.join(workspace, 'single.txt'), 'utf8')).toBe('changed');
});

test('globs stand for what they match', async () => {
	write('a/one.txt', '1');
	write('a/two.md', '2');
	await captureSnapshot(folder, files('a/*.txt'));
	write('a/one.txt', 'x');
	write('a/two.md', 'x');
	await restoreSnapshot(folder);
	expect(readFileSync(path.join(workspace, 'a/one.txt'), 'utf8')).toBe('1');
	expect(readFileSync(path.join(workspace, 'a/two.md'), 'utf8')).toBe('x');
});

test('a complete snapshot is kept, one that was cut short is begun anew', async () => {
	write('a', 'first');
	await captureSnapshot(folder, files('a'));
	write('a', 'second');
	await captureSnapshot(folder, files('a'));
	await restoreSnapshot(folder);
	expect(readFileSync(path.join(workspace, 'a'), 'utf8')).toBe('first');
	rmSync(path.join(folder, 'manifest.json'));
	write('a', 'third');
	await captureSnapshot(folder, files('a'));
	write('a', 'fourth');
	await restoreSnapshot(folder);
	expect(readFileSync(path.join(workspace, 'a'), 'utf8')).toBe('third');
});

test('a path outside the workspace is refused, also by way of a link', async () => {
	symlinkSync(root, path.join(workspace, 'out'));
	for (const name of ['../x', '/etc/passwd', 'out/x', '.']) {
		await expect(captureSnapshot(folder, files(name)), name).rejects.toMatchObject({code: 'snapshot.outside'});
	}
});

test('without a snapshot nothing is restored, and it says so', async () => {
	await expect(restoreSnapshot(folder)).rejects.toMatchObject({code: 'snapshot.failed'});
});

const repository = () => {
	git('init', '-q', '-b', 'main');
	write('.gitignore', 'ignored\n');
	write('tracked', 'v1');
	write('gone', 'v1');
	git('add', '.');
	git('commit', '-qm', 'one');
	git('branch', 'other');
	git('tag', 'v1');
	write('tracked', 'staged');
	git('add', 'tracked');
	write('tracked', 'not staged');
	rmSync(path.join(workspace, 'gone'));
	write('untracked/file', 'u');
	write('ignored', 'i');
};

const gitState = () => ({
	refs: git('for-each-ref'),
	head: git('symbolic-ref', 'HEAD'),
	index: git('ls-files', '-s'),
	status: git('status', '--porcelain', '-z'),
	log: git('reflog', '--all'),
	tracked: readFileSync(path.join(workspace, 'tracked'), 'utf8'),
	untracked: readFileSync(path.join(workspace, 'untracked/file'), 'utf8'),
});

test('git: HEAD, refs, logs, index and work tree come back; ignored files are left alone', async () => {
	repository();
	const before = gitState();
	await captureSnapshot(folder, {kind: 'git', workspace, cwd: workspace});
	git('stash', '-q');
	git('checkout', '-q', '-b', 'feature');
	write('new-file', 'n');
	git('add', '.');
	git('commit', '-qm', 'two');
	git('branch', '-q', '-D', 'other');
	git('tag', '-d', 'v1');
	git('pack-refs', '--all');
	write('more/untracked', 'x');
	write('ignored', 'changed');
	await restoreSnapshot(folder);
	expect(gitState()).toEqual(before);
	expect(existsSync(path.join(workspace, 'new-file'))).toBe(false);
	expect(existsSync(path.join(workspace, 'more'))).toBe(false);
	expect(readFileSync(path.join(workspace, 'ignored'), 'utf8')).toBe('changed');
	expect(git('fsck', '--no-dangling')).toBe('');
});

test('git: a merge in the middle is brought back as it was', async () => {
	repository();
	git('stash', '-qu');
	git('checkout', '-q', 'other');
	write('tracked', 'theirs');
	git('commit', '-qam', 'theirs');
	git('checkout', '-q', 'main');
	write('tracked', 'ours');
	git('commit', '-qam', 'ours');
	expect(() => git('merge', 'other')).toThrow();
	const before = [
		git('status', '--porcelain'),
		git('ls-files', '-s'),
		readFileSync(path.join(workspace, 'tracked'), 'utf8'),
	];
	await captureSnapshot(folder, {kind: 'git', workspace, cwd: workspace});
	git('merge', '--abort');
	await restoreSnapshot(folder);
	expect([
		git('status', '--porcelain'),
		git('ls-files', '-s'),
		readFileSync(path.join(workspace, 'tracked'), 'utf8'),
	]).toEqual(before);
});

test('git: outside of a repository, and while git is at work, it says what to do', async () => {
	await expect(captureSnapshot(folder, {kind: 'git', workspace: root, cwd: root})).rejects.toMatchObject({
		code: 'snapshot.failed',
		suggestion: expect.stringContaining('git repository'),
	});
	repository();
	writeFileSync(path.join(workspace, '.git/index.lock'), '');
	await expect(captureSnapshot(folder, {kind: 'git', workspace, cwd: workspace})).rejects.toMatchObject({
		message: expect.stringContaining('index.lock'),
	});
});

const killedRestore = async (kills: number) => {
	const code = `
		const {restoreSnapshot} = await import(${JSON.stringify(new URL('../../../runtime/snapshots/snapshots.ts', import.meta.url).href)});
		let left = ${kills};
		await restoreSnapshot(${JSON.stringify(folder)}, () => { if (--left < 0) process.kill(process.pid, 'SIGKILL'); });`;
	const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {stdio: 'ignore'});
	const [, signal] = await once(child, 'exit');
	return signal === 'SIGKILL';
};

test('killed in the middle, at each of its effects, a restore is finished by the next one', {
	timeout: 60_000,
}, async () => {
	repository();
	makeTree();
	const before = [gitState(), treeOf(path.join(workspace, 'site'))];
	await captureSnapshot(folder, {kind: 'git', workspace, cwd: workspace});
	const worsen = () => {
		git('add', '-A');
		git('commit', '-qm', 'x', '--allow-empty');
		git('branch', '-f', 'other');
		rmSync(path.join(workspace, 'site'), {recursive: true});
		write('site', 'now a file');
	};

	// Every seventh: there are as many effects as files under .git that count.
	for (let effects = 0; ; effects += 7) {
		worsen();
		const wasKilled = await killedRestore(effects);
		await restoreSnapshot(folder);
		const [state, {'.': _, empty: __, ...site}] = [gitState(), treeOf(path.join(workspace, 'site'))];
		expect(state, `after ${effects} effects`).toEqual(before[0]);
		const {'.': ___, empty: ____, ...siteBefore} = before[1] as Record<string, string>;
		expect(site, `after ${effects} effects`).toEqual(siteBefore);
		if (!wasKilled) break;
	}
});
