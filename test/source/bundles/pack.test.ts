import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {gunzipSync, gzipSync} from 'node:zlib';
import {create, Header} from 'tar';
import {expect, test} from 'vitest';
import {packBundle} from '../../../source/bundles/pack.ts';
import {unpackBundle} from '../../../source/bundles/unpack.ts';
import {limits} from '../../../source/limits.ts';
import {temporaryBundle, workflowText} from './bundle-folder.ts';

const files = {
	'workflow.md': workflowText,
	'config.yaml': 'name: greeter\nversion: 1.0.0\n',
	'scripts/run.sh': '#!/bin/sh\necho hi\n',
	'tests/a.yaml': 'title: a\n',
};

const packed = async (more: Record<string, string> = {}) => {
	const cwd = temporaryBundle({});
	const folder = temporaryBundle({...files, ...more});
	return {cwd, folder, ...(await packBundle(folder, {cwd, force: false}))};
};

test('the same folder gives the same bytes, whatever its times and modes are', async () => {
	const first = await packed();
	const folder = temporaryBundle(files);
	for (const name of Object.keys(files)) {
		utimesSync(path.join(folder, name), new Date(0), new Date(0));
		chmodSync(path.join(folder, name), name.endsWith('.sh') ? 0o700 : 0o600);
	}

	const second = await packBundle(folder, {cwd: temporaryBundle({}), force: false});
	expect(path.basename(first.file)).toBe('greeter-1.0.0.tgz');
	expect(second.sha256).toBe(first.sha256);
	expect(readFileSync(second.file)).toEqual(readFileSync(first.file));
});

test('what is unpacked is what was packed, programs included', async () => {
	const {cwd, file} = await packed();
	const {folder, manifest} = await unpackBundle(file, {cwd, force: false});
	expect(folder).toBe(path.join(cwd, 'greeter'));
	expect(manifest.files.map(each => each.path)).toEqual([
		'config.yaml',
		'scripts/run.sh',
		'tests/a.yaml',
		'workflow.md',
	]);
	for (const [name, text] of Object.entries(files)) expect(readFileSync(path.join(folder, name), 'utf8')).toBe(text);
	expect(statSync(path.join(folder, 'scripts/run.sh')).mode & 0o100).toBe(0o100);
	expect(readdirSync(cwd).sort()).toEqual(['greeter', 'greeter-1.0.0.tgz']);
});

test('secrets, hidden files, packages and links are left out, and told', async () => {
	const folder = temporaryBundle({
		...files,
		'.env': 'TOKEN=1',
		'.env.local': 'TOKEN=1',
		'prod.env': 'TOKEN=1',
		'server.key': 'x',
		'.git/config': 'x',
		'node_modules/x/index.js': 'x',
		'scripts/id_rsa': 'x',
	});
	symlinkSync('/etc/passwd', path.join(folder, 'passwd'));
	const {leftOut, manifest} = await packBundle(folder, {cwd: temporaryBundle({}), force: false});
	expect(leftOut).toEqual([
		{path: '.env', reason: 'looks like a secret'},
		{path: '.env.local', reason: 'looks like a secret'},
		{path: '.git', reason: 'hidden'},
		{path: 'node_modules', reason: 'packages'},
		{path: 'passwd', reason: 'a link'},
		{path: 'prod.env', reason: 'looks like a secret'},
		{path: 'scripts/id_rsa', reason: 'looks like a secret'},
		{path: 'server.key', reason: 'looks like a secret'},
	]);
	expect(manifest.files).toHaveLength(4);
});

test('a bundle with mistakes is not packed, and no file is overwritten unasked', async () => {
	await expect(packed({'config.yaml': 'name: NO\n'})).rejects.toMatchObject({
		code: 'bundle.invalid',
		diagnostics: [expect.objectContaining({code: 'name.invalid'})],
	});
	const {cwd, folder, file} = await packed();
	await expect(packBundle(folder, {cwd, force: false})).rejects.toMatchObject({code: 'bundle.exists'});
	expect((await packBundle(folder, {cwd, force: true})).file).toBe(file);
});

test('what is there is replaced only with force, and then put aside', async () => {
	const {cwd, file} = await packed();
	mkdirSync(path.join(cwd, 'greeter'));
	writeFileSync(path.join(cwd, 'greeter/mine.txt'), 'mine');
	await expect(unpackBundle(file, {cwd, force: false})).rejects.toMatchObject({code: 'bundle.exists'});
	const {replaced} = await unpackBundle(file, {cwd, force: true});
	expect(readFileSync(path.join(replaced!, 'mine.txt'), 'utf8')).toBe('mine');
	await expect(unpackBundle(file, {cwd, force: true})).rejects.toMatchObject({code: 'usage.invalid'});
	await expect(unpackBundle(file, {cwd, to: cwd, force: true})).rejects.toMatchObject({
		code: 'usage.invalid',
		message: expect.stringContaining('holds the folder you are in'),
	});
	expect(readdirSync(cwd).sort()).toEqual(['greeter', 'greeter-1.0.0.tgz', 'greeter.old']);
});

interface Entry {
	readonly path: string;
	readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
	readonly linkpath?: string;
	readonly content?: string;
	readonly size?: number;
}

/** An archive as nobody but an attacker writes it. */
const crafted = (...entries: readonly Entry[]): string => {
	const blocks = entries.flatMap(({path: name, type = 'File', linkpath, content = '', size = content.length}) => {
		const header = Buffer.alloc(512);
		new Header({path: name, type, linkpath, size, mode: 0o644, mtime: new Date(0)}).encode(header, 0);
		return [header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)];
	});
	const folder = temporaryBundle({'x.tgz': gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))});
	return path.join(folder, 'x.tgz');
};

const manifest = (...listed: {path: string; sha256: string}[]): Entry => ({
	path: 'x/MANIFEST.json',
	content: JSON.stringify({format: 1, name: 'x', version: null, files: listed.map(each => ({sizeBytes: 1, ...each}))}),
});

const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test.each<[string, readonly Entry[], string, string]>([
	['an absolute path', [manifest(), {path: '/tmp/evil'}], 'bundle.unsafe', 'it is absolute'],
	['a path upwards', [manifest(), {path: 'x/../../evil'}], 'bundle.unsafe', 'it leads out of the folder'],
	['a hidden file', [manifest(), {path: 'x/.git/hooks/pre-commit'}], 'bundle.unsafe', 'hidden'],
	['a backslash', [manifest(), {path: 'x/..\\evil'}], 'bundle.unsafe', 'backslash'],
	[
		'a symbolic link',
		[manifest(), {path: 'x/l', type: 'SymbolicLink', linkpath: '/etc'}],
		'bundle.unsafe',
		'symbolic link',
	],
	['a hard link', [manifest(), {path: 'x/l', type: 'Link', linkpath: 'x/MANIFEST.json'}], 'bundle.unsafe', 'hard link'],
	['a device', [manifest(), {path: 'x/d', type: 'CharacterDevice'}], 'bundle.unsafe', 'device'],
	['a pipe', [manifest(), {path: 'x/p', type: 'FIFO'}], 'bundle.unsafe', 'pipe'],
	['a file twice', [manifest(), {path: 'x/a'}, {path: 'x/a'}], 'bundle.unsafe', 'twice'],
	[
		'names that differ in capitals',
		[manifest(), {path: 'x/a'}, {path: 'x/A'}],
		'bundle.unsafe',
		'one file on some disks',
	],
	['a second folder', [manifest(), {path: 'y/a'}], 'bundle.damaged', 'not in the folder x'],
	['a file not in the manifest', [manifest(), {path: 'x/a'}], 'bundle.damaged', 'not in its manifest'],
	[
		'a file that was changed',
		[manifest({path: 'a', sha256: nothing}), {path: 'x/a', content: '!'}],
		'bundle.damaged',
		'not as its manifest says',
	],
	['a file that is missing', [manifest({path: 'a', sha256: nothing})], 'bundle.damaged', 'is missing'],
	['no manifest', [{path: 'x/a'}], 'bundle.damaged', 'no packed bundle'],
	[
		'a file too large',
		[manifest(), {path: 'x/a', size: limits.bundleFileBytesMax + 1}],
		'bundle.too-large',
		'larger than',
	],
])('%s is refused, and nothing is written', async (_, entries, code, message) => {
	const cwd = temporaryBundle({});
	await expect(unpackBundle(crafted(...entries), {cwd, force: true})).rejects.toMatchObject({
		code,
		message: expect.stringContaining(message),
	});
	expect(readdirSync(cwd)).toEqual([]);
	expect(existsSync('/tmp/evil')).toBe(false);
});

test('too many files are refused', async () => {
	const entries = Array.from({length: limits.bundleFilesMax + 2}, (_, index) => ({path: `x/${index}`}));
	await expect(
		unpackBundle(crafted(manifest(), ...entries), {cwd: temporaryBundle({}), force: false}),
	).rejects.toMatchObject({
		code: 'bundle.too-large',
		message: expect.stringContaining(`more than ${limits.bundleFilesMax} files`),
	});
});

test('a small file that unpacks to very much is refused', async () => {
	const bomb = gzipSync(Buffer.alloc(limits.bundleBytesMax * 2));
	const file = path.join(temporaryBundle({'x.tgz': bomb}), 'x.tgz');
	expect(statSync(file).size).toBeLessThan(1_000_000);
	await expect(unpackBundle(file, {cwd: temporaryBundle({}), force: false})).rejects.toMatchObject({
		code: 'bundle.too-large',
	});
});

test('what is no archive, cut off, or not there is told so', async () => {
	const {cwd, file} = await packed();
	const bytes = readFileSync(file);
	const place = (content: Uint8Array) => path.join(temporaryBundle({'x.tgz': content}), 'x.tgz');
	for (const content of [
		Buffer.from('hello'),
		bytes.subarray(0, bytes.length / 2),
		gzipSync(gunzipSync(bytes).subarray(0, 700)),
	]) {
		await expect(unpackBundle(place(content), {cwd, force: false})).rejects.toMatchObject({code: 'bundle.damaged'});
	}

	await expect(unpackBundle(path.join(cwd, 'none.tgz'), {cwd, force: false})).rejects.toMatchObject({
		code: 'bundle.not-found',
	});
});

test('an archive of a tar of this machine is none of ours', async () => {
	const folder = temporaryBundle({'greeter/workflow.md': workflowText});
	const file = path.join(folder, 'x.tgz');
	await create({gzip: true, cwd: folder, file}, ['greeter']);
	await expect(unpackBundle(file, {cwd: folder, force: true})).rejects.toMatchObject({code: 'bundle.damaged'});
});
