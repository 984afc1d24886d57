import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {findWorkflow, findWorkspace, listWorkflows, readWorkflow} from '../../../source/workflow-files.ts';

const text = '---\nname: x\ndescription: Says hi.\n---\n# A\n\n## b\nHi.\n';
let root: string;

const put = (file: string, content: string | Uint8Array = text): string => {
	const place = path.join(root, file);
	mkdirSync(path.dirname(place), {recursive: true});
	writeFileSync(place, content);
	return place;
};

beforeEach(() => {
	root = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-files-')));
});

afterEach(() => rmSync(root, {recursive: true, force: true}));

test('a file is read with the hash of its bytes', async () => {
	const bytes = Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
	const file = put('w.md', bytes);
	const {hash, definition, diagnostics, ...rest} = await readWorkflow(file);
	expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
	expect(rest.file).toBe(file);
	expect(diagnostics).toEqual([]);
	expect(definition!.name).toBe('x');
});

test('a missing file and a folder are not found', async () => {
	await expect(readWorkflow(path.join(root, 'none.md'))).rejects.toMatchObject({code: 'workflow.not-found'});
	await expect(readWorkflow(root)).rejects.toMatchObject({
		code: 'workflow.not-found',
		message: `No workflow "${root}": that is a folder, not a file.`,
	});
});

test('five megabytes, binary data and nothing get one diagnostic each', async () => {
	const codes = async (content: string | Uint8Array) =>
		(await readWorkflow(put('w.md', content))).diagnostics.map(({code}) => code);
	expect(await codes('x'.repeat(5_000_000))).toEqual(['file.too-large']);
	expect(await codes(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]))).toEqual(['file.binary']);
	expect(await codes('')).toEqual(['file.empty']);
});

test('bytes that are not UTF-8 are refused where they stand', async () => {
	const file = put(
		'w.md',
		Buffer.concat([Buffer.from('---\nname: '), Buffer.from([0xe4, 0xf6]), Buffer.from('\n---\n')]),
	);
	await expect(readWorkflow(file)).rejects.toMatchObject({
		code: 'workflow.invalid',
		diagnostics: [{code: 'file.encoding', line: 2, column: 7}],
	});
});

test('a workflow is found by file, by folder and by name', async () => {
	mkdirSync(path.join(root, '.aiworkflow'));
	const plain = put('some.md');
	const usual = put('bundle/workflow.md');
	put('bundle/README.md', '# x\n');
	const main = put('other/main.md');
	const single = put('single/only.md');
	const named = put('.aiworkflow/workflows/review.md');
	const folder = put('.aiworkflow/workflows/deploy/workflow.md');
	const inner = path.join(root, 'bundle');
	expect(await findWorkflow('some.md', root)).toBe(plain);
	expect(await findWorkflow('../some.md', inner)).toBe(plain);
	expect(await findWorkflow('bundle', root)).toBe(usual);
	expect(await findWorkflow('.', inner)).toBe(usual);
	expect(await findWorkflow('./other/', root)).toBe(main);
	expect(await findWorkflow('single', root)).toBe(single);
	expect(await findWorkflow('review', inner)).toBe(named);
	expect(await findWorkflow('deploy', root)).toBe(folder);
});

test('a workflow is found by the name inside its file, unless several have it', async () => {
	const file = put('.aiworkflow/workflows/first.md', text.replace('name: x', 'name: fix-issue'));
	expect(await findWorkflow('fix-issue', root)).toBe(file);
	expect(await findWorkflow('first', root)).toBe(file);
	put('.aiworkflow/workflows/second.md', text.replace('name: x', 'name: fix-issue'));
	await expect(findWorkflow('fix-issue', root)).rejects.toMatchObject({
		code: 'workflow.not-found',
		message: expect.stringContaining('second.md'),
	});
});

test('what cannot be found says what was meant', async () => {
	put('.aiworkflow/workflows/review.md');
	put('many/a.md');
	put('many/b.md');
	put('empty/x.txt');
	await expect(findWorkflow('reveiw', root)).rejects.toThrow('No workflow "reveiw": did you mean "review"?');
	await expect(findWorkflow('none.md', root)).rejects.toThrow(
		'No workflow "none.md": there is no such file, folder or name.',
	);
	await expect(findWorkflow('many', root)).rejects.toThrow(
		'The folder many holds no workflow.md, and 2 files could be its workflow: a.md, b.md.',
	);
	await expect(findWorkflow('empty', root)).rejects.toThrow('No workflow "empty": the folder holds no workflow.md.');
});

test('the workspace is the nearest folder with .aiworkflow, else the git root, else the folder', () => {
	const deep = path.join(root, 'a/b/c');
	mkdirSync(deep, {recursive: true});
	expect(findWorkspace(deep)).toBe(deep);
	mkdirSync(path.join(root, 'a/.git'));
	expect(findWorkspace(deep)).toBe(path.join(root, 'a'));
	mkdirSync(path.join(root, '.aiworkflow'));
	expect(findWorkspace(deep)).toBe(root);
});

test('the workflows of a workspace are listed, those with mistakes too', async () => {
	put('.aiworkflow/workflows/review.md');
	put('.aiworkflow/workflows/deploy/workflow.md', text.replace('# A', '# A\n\n## c'));
	put('.aiworkflow/workflows/latin.md', new Uint8Array([0xe4]));
	put('.aiworkflow/workflows/notes.txt', 'x');
	expect(
		(await listWorkflows(root)).map(({name, description, steps, problems}) => [name, description, steps, problems]),
	).toEqual([
		['deploy', null, 0, 1],
		['latin', null, 0, 1],
		['review', 'Says hi.', 1, 0],
	]);
	expect(await listWorkflows(path.join(root, 'nowhere'))).toEqual([]);
});
