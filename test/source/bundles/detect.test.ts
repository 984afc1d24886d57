import path from 'node:path';
import {expect, test} from 'vitest';
import {findBundle, readBundle} from '../../../source/bundles/read-bundle.ts';
import {findWorkflow, listWorkflows} from '../../../source/workflow-files.ts';
import {temporaryBundle, workflowText} from './bundle-folder.ts';

test('the workflow of a folder is workflow.md, main.md, or the only Markdown file with a name', async () => {
	const root = temporaryBundle({
		'.aiworkflow/workflows/usual/workflow.md': workflowText,
		'.aiworkflow/workflows/usual/README.md': '# Read me\n',
		'.aiworkflow/workflows/main/main.md': workflowText,
		'.aiworkflow/workflows/main/other.md': workflowText,
		'.aiworkflow/workflows/named/fix.md': workflowText,
		'.aiworkflow/workflows/named/README.md': '# Read me\n',
		'.aiworkflow/workflows/notes/README.md': '# No workflow\n',
	});
	const workflows = path.join(root, '.aiworkflow/workflows');
	expect(await findWorkflow('usual', root)).toBe(path.join(workflows, 'usual/workflow.md'));
	expect(await findWorkflow('main', root)).toBe(path.join(workflows, 'main/main.md'));
	expect(await findWorkflow('named', root)).toBe(path.join(workflows, 'named/fix.md'));
	expect((await listWorkflows(root)).map(({name}) => name)).toEqual(['main', 'named', 'usual']);
	expect(await findBundle('named', root)).toBe(path.join(workflows, 'named'));
});

test('two that could be it are both named', async () => {
	const root = temporaryBundle({
		'.aiworkflow/workflows/two/a.md': workflowText,
		'.aiworkflow/workflows/two/b.md': workflowText,
		'.aiworkflow/workflows/two/README.md': '# Read me\n',
	});
	const told = {
		code: 'bundle.ambiguous',
		message: expect.stringContaining('2 files could be its workflow: a.md, b.md'),
	};
	await expect(findWorkflow('two', root)).rejects.toMatchObject(told);
	await expect(findBundle('.aiworkflow/workflows/two', root)).rejects.toMatchObject(told);
	expect(await listWorkflows(root)).toEqual([]);
});

test('a workflow that lies among others is no bundle', async () => {
	const root = temporaryBundle({
		'.aiworkflow/workflows/a.md': workflowText,
		'.aiworkflow/workflows/b.md': workflowText.replace('name: greet', 'name: other'),
	});
	await expect(findBundle('a', root)).rejects.toMatchObject({
		code: 'workflow.not-found',
		message: expect.stringContaining('no bundle'),
	});
});

test('a bundle without a configuration is called like its workflow', async () => {
	const folder = temporaryBundle({
		'workflow.md': workflowText,
		'tests/a.yaml': 'title: a\n',
		'tests/b.yaml': 'oops: 1\n',
	});
	expect(await readBundle(folder)).toMatchObject({name: 'greet', config: undefined, tests: 2});
});
