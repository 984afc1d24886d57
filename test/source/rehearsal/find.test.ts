import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {findRehearsals} from '../../../source/rehearsal/find.ts';

const workflow = (name: string) => `---\nname: ${name}\n---\n# T\n\n## a\n\`\`\`sh run\ntrue\n\`\`\`\n`;

const folderWith = (files: Readonly<Record<string, string>>) => {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-find-')));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
		writeFileSync(path.join(folder, name), text);
	}

	return folder;
};

/** By workflow file, the files of its cases, relative. */
const found = async (folder: string, reference = '.') =>
	Object.fromEntries(
		(await findRehearsals(reference, folder)).map(({file, cases, broken}) => [
			path.relative(folder, file),
			[...cases, ...broken].map(each => path.relative(folder, each.file!)),
		]),
	);

test('all workflows below a folder, and nothing that only looks like one', async () => {
	const folder = folderWith({
		'a.md': workflow('a'),
		'README.md': '# Not one\n',
		'deep/er/workflow.md': workflow('deep'),
		'.aiworkflow/workflows/named.md': workflow('named'),
		'.hidden/h.md': workflow('h'),
		'node_modules/x/x.md': workflow('x'),
		'tests/fixture/f.md': workflow('f'),
		'.aiworkflow/templates/t/template.yaml': 'id: t\n',
		'.aiworkflow/templates/t/workflow.md': workflow('<% name %>'),
		'post.md': '---\ntitle: a blog post\n---\nname: no\n',
	});
	expect(Object.keys(await found(folder))).toEqual(['.aiworkflow/workflows/named.md', 'a.md', 'deep/er/workflow.md']);
});

test('cases beside a workflow are found by its file and by its name', async () => {
	const folder = folderWith({
		'workflow.md': workflow('release'),
		'workflow.test.yaml': '',
		'release.test.yml': '',
		'release.dry.test.yaml': '',
		'other.test.yaml': '',
		'release.yaml': '',
	});
	expect(await found(folder)).toEqual({
		'workflow.md': ['release.dry.test.yaml', 'release.test.yml', 'workflow.test.yaml'],
	});
});

test('a case in tests/ is for the workflow it names, the one it is called after, or workflow.md', async () => {
	const folder = folderWith({
		'workflow.md': workflow('main'),
		'fix.md': workflow('fix'),
		'tests/fix.yaml': '',
		'tests/fix.twice.yaml': '',
		'tests/anything.yaml': '',
		'tests/named.yaml': 'workflow: ../fix.md\n',
		'tests/text.md': '---\ngit: true\n---\n# T\n',
		'tests/notes.md': '# For readers\n',
	});
	expect(await found(folder)).toEqual({
		'fix.md': ['tests/fix.twice.yaml', 'tests/fix.yaml', 'tests/named.yaml'],
		'workflow.md': ['tests/anything.yaml', 'tests/text.md'],
	});
});

test('one file of a case alone', async () => {
	const folder = folderWith({'w.md': workflow('w'), 'tests/a.yaml': '', 'tests/b.yaml': '', 'w.test.yaml': ''});
	expect(await found(folder, 'tests/b.yaml')).toEqual({'w.md': ['tests/b.yaml']});
	expect(await found(folder, 'w.test.yaml')).toEqual({'w.md': ['w.test.yaml']});
});

test('a case that does not say what it tests, beside several workflows, is told so', async () => {
	const folder = folderWith({'a.md': workflow('a'), 'b.md': workflow('b'), 'tests/c.yaml': ''});
	await expect(findRehearsals('tests/c.yaml', folder)).rejects.toMatchObject({
		code: 'usage.invalid',
		suggestion: expect.stringContaining('`workflow: '),
	});
});

test('a name is that of a workflow of the workspace', async () => {
	const folder = folderWith({
		'.aiworkflow/workflows/hi/workflow.md': workflow('hi'),
		'.aiworkflow/workflows/hi/tests/a.yaml': '',
	});
	expect(await found(folder, 'hi')).toEqual({
		'.aiworkflow/workflows/hi/workflow.md': ['.aiworkflow/workflows/hi/tests/a.yaml'],
	});
	await expect(findRehearsals('nothing', folder)).rejects.toMatchObject({code: 'workflow.not-found'});
});
