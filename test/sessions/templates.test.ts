import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {metadataText, workflowText, writeAll} from '../source/templates/template-folder.ts';
import {openSession, type Session} from './session.ts';

let session: Session;
beforeAll(() => {
	session = openSession();
});
afterAll(() => session.close());

const run = (...args: readonly string[]) => session.aiworkflow(args);
const json = async (...args: readonly string[]) => JSON.parse((await run(...args, '--json')).stdout);
const textOf = (name: string) => readFileSync(path.join(session.workspace, name), 'utf8');
const template = (folder: string, id: string, more: Readonly<Record<string, string>> = {}) =>
	writeAll(folder, {'template.yaml': metadataText('', id), 'workflow.md': workflowText(), ...more});

test('the list can be narrowed by category and by tag', async () => {
	const {templates} = await json('template', 'list');
	expect(templates).toHaveLength(12);
	const docs = await json('templates', 'list', '--category', 'documentation');
	expect(docs.templates.map(({id}: {id: string}) => id)).toEqual(['docs-update', 'documentation']);
	const approving = await json('template', 'list', '--tag', 'approval');
	expect(approving.templates.map(({id}: {id: string}) => id)).toEqual(['deployment']);
	const {code, stderr} = await run('template', 'list', '--category', 'secuirty');
	expect(code).toBe(2);
	expect(stderr).toContain('Did you mean `security`?');
});

test('the categories are nine, with what each has', async () => {
	const {categories} = await json('template', 'categories');
	expect(categories).toHaveLength(9);
	expect(categories.find(({id}: {id: string}) => id === 'general')).toMatchObject({count: 2});
	expect((await run('template', 'categories')).stdout).toMatch(/^monitoring +1 +incident-response$/m);
});

test('a search takes letters in order, and words of the description', async () => {
	const found = async (text: string) =>
		(await json('template', 'search', text)).templates.map(({id}: {id: string}) => id);
	expect((await found('secscan'))[0]).toBe('security-scan');
	expect(await found('postmortem')).toEqual(['incident-response']);
	expect((await found('rolls back'))[0]).toBe('deployment');
	expect(await found('zzqx')).toEqual([]);
});

test('what is shown is what it asks, what it needs, and the workflow', async () => {
	const {code, stdout} = await run('template', 'show', 'deployment');
	expect(code).toBe(0);
	expect(stdout).toContain('Category  Deployment');
	expect(stdout).toMatch(/^ {2}check-command +string, required +.*= npm run smoke/m);
	expect(stdout).toContain('  ## Preflight');
	const {code: missing, stderr} = await run('template', 'show', 'deploymnt');
	expect({missing, stderr}).toEqual({missing: 3, stderr: expect.stringContaining('Did you mean `deployment`?')});
});

test('one is used without a question where nobody can answer, and says what to type next', async () => {
	const {code, stdout} = await run('template', 'use', 'quick-implementation', '--var', 'test-command=make "all": x');
	expect(code).toBe(0);
	expect(stdout).toContain('✓ .aiworkflow/workflows/quick-implementation/workflow.md');
	expect(stdout).toContain('`aiworkflow test quick-implementation`');
	expect(textOf('.aiworkflow/workflows/quick-implementation/workflow.md')).toContain('default: "make \\"all\\": x"');
	const {workflows} = await json('workflow', 'list');
	expect(workflows).toMatchObject([{name: 'quick-implementation', problems: 0}]);
	const again = await run('workflow', 'from-template', 'quick-implementation');
	expect(again.code).toBe(1);
	expect(again.stderr).toContain('nothing was written');
	expect((await run('template', 'use', 'quick-implementation', '--force')).code).toBe(0);
	expect(textOf('.aiworkflow/workflows/quick-implementation/workflow.md')).toContain('default: npm test');
});

test('a workflow is called like the folder that it is made in', async () => {
	const {workflow, values} = await json('template', 'use', 'docs-update', '--to', 'flows/My Docs');
	expect(values.name).toBe('my-docs');
	expect(workflow).toBe(path.join(session.workspace, 'flows/My Docs/workflow.md'));
	expect(textOf('flows/My Docs/workflow.md')).toContain('name: my-docs');
});

test('values that do not fit are refused together, and nothing is written', async () => {
	const {code, stdout} = await run(
		...['template', 'use', 'security-scan', '--to', 'never', '--json'],
		...['--var', 'fail-on=sometimes', '--var', 'budget-usd=0', '--var', 'reprot=x'],
	);
	expect(code).toBe(2);
	const {error} = JSON.parse(stdout);
	expect(error).toMatchObject({code: 'template.variables-invalid', suggestion: 'Did you mean `report`?'});
	for (const word of ['no variable `reprot`', 'must be one of critical', 'at least 0.01'])
		expect(error.message).toContain(word);
	expect(existsSync(path.join(session.workspace, 'never'))).toBe(false);
	expect((await run('template', 'use', 'security-scan', '--var')).stderr).toContain('--var name=value');
});

test('own templates hide those of packages and built-in ones, and say so', async () => {
	template(path.join(session.workspace, '.aiworkflow/templates/deployment'), 'deployment');
	template(path.join(session.home, '.config/aiworkflow/templates/mine'), 'mine');
	const acme = path.join(session.workspace, 'node_modules/@acme/flows');
	writeAll(acme, {'package.json': JSON.stringify({name: '@acme/flows', aiworkflow: {templates: 'files'}})});
	template(path.join(acme, 'files/deployment'), 'deployment');
	template(path.join(acme, 'files/extra'), 'extra');
	const evil = path.join(session.workspace, 'node_modules/evil');
	writeAll(evil, {'package.json': JSON.stringify({aiworkflow: {templates: '../../..'}})});
	const {templates} = await json('template', 'list');
	expect(templates).toHaveLength(14);
	const of = (id: string) => templates.find((each: {id: string}) => each.id === id);
	expect(of('mine').source).toEqual({kind: 'user'});
	expect(of('extra').source).toEqual({kind: 'package', of: '@acme/flows'});
	expect(of('deployment')).toMatchObject({
		source: {kind: 'workspace'},
		shadows: [{kind: 'package', of: '@acme/flows'}, {kind: 'built-in'}],
	});
	const {stderr, code} = await run('template', 'use', 'deployment', '--to', 'own');
	expect(code).toBe(0);
	expect(stderr).toContain('Of workspace, hides package @acme/flows, built in.');
});

test('a template with mistakes is listed as such and cannot be used', async () => {
	const broken = path.join(session.workspace, '.aiworkflow/templates/broken');
	template(broken, 'broken', {'workflow.md': workflowText('And <% whom %>.')});
	symlinkSync('/etc/passwd', path.join(broken, 'passwd'));
	expect((await run('template', 'list')).stdout).toMatch(/^broken +general +has mistakes/m);
	const {code, stderr} = await run('template', 'use', 'broken', '--to', 'never');
	expect(code).toBe(2);
	expect(stderr).toContain('workflow.md:9:5 error The template has no variable `whom`.');
	expect(stderr).toContain('neither a file nor a folder');
	expect(existsSync(path.join(session.workspace, 'never'))).toBe(false);
});

const repository = (name: string): string => {
	const folder = path.join(session.home, name);
	template(path.join(folder, 'templates/greet'), 'greet');
	const git = (...args: readonly string[]) =>
		execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {cwd: folder});
	git('init', '--quiet', '--initial-branch=main');
	git('add', '--all');
	git('commit', '--quiet', '--message', 'First');
	return folder;
};

test('a template is fetched from a repository, and nothing of it is left behind', async () => {
	const folder = repository('flows');
	const environment = {TMPDIR: path.join(session.home, 'scratch')};
	writeAll(environment.TMPDIR, {keep: ''});
	const address = `git+file://${folder}#templates/greet`;
	const {code, stdout, stderr} = await session.aiworkflow(['template', 'use', address, '--to', 'fetched'], {
		environment,
	});
	expect({code, stderr}).toEqual({code: 0, stderr: `Of git file://${folder}#templates/greet.\n`});
	expect(stdout).toContain('aiworkflow run fetched');
	expect(textOf('fetched/workflow.md')).toContain('Say hello to world.');
	expect(existsSync(path.join(session.workspace, 'fetched/.git'))).toBe(false);
	expect(readdirSync(environment.TMPDIR)).toEqual(['keep']);
});

test('hooks, and programs that settings of git name, are not run', async () => {
	const folder = repository('hooked');
	const marker = path.join(session.home, 'was-run');
	const hooks = path.join(session.home, 'hooks');
	writeAll(hooks, {'post-checkout': `#!/bin/sh\ntouch ${marker}\n`});
	execFileSync('chmod', ['+x', path.join(hooks, 'post-checkout')]);
	writeAll(session.home, {'.gitconfig': `[core]\n\thooksPath = ${hooks}\n[init]\n\ttemplateDir = ${hooks}\n`});
	const {code} = await run('template', 'use', `git+file://${folder}#templates/greet`, '--to', 'unhooked');
	expect(code).toBe(0);
	expect(existsSync(marker)).toBe(false);
});

test.each([
	['ext::sh -c touch% pwned', 3, 'There is no template'],
	['http://example.org/x.git', 2, 'only https, ssh and file are allowed'],
	['git+ext://sh', 2, 'only https, ssh and file are allowed'],
	['file:///tmp/x#../../etc', 2, 'a path inside the repository'],
	['file:///no/such/repository', 1, 'cannot be fetched'],
	['ssh://-oProxyCommand=touch%20pwned/x', 1, 'cannot be fetched'],
])('the address %s is refused', async (address, code, words) => {
	const ended = await run('template', 'use', address, '--to', 'never');
	expect(ended.code).toBe(code);
	expect(ended.stderr).toContain(words);
	expect(existsSync(path.join(session.workspace, 'never'))).toBe(false);
	expect(existsSync(path.join(session.workspace, 'pwned'))).toBe(false);
});

test('a repository with templates elsewhere says where', async () => {
	const {code, stderr} = await run('template', 'show', `git+file://${repository('other')}`);
	expect(code).toBe(2);
	expect(stderr).toContain('It has #templates/greet.');
});

test('a password in an address is not repeated', async () => {
	const {stderr} = await run('template', 'use', 'https://ada:geheim@127.0.0.1:9/x.git', '--to', 'never');
	expect(stderr).not.toContain('geheim');
	expect(stderr).toContain('https://***@127.0.0.1:9/x.git');
});

test('a workflow is created as one file, or as a bundle', async () => {
	const {code, stdout} = await run('workflow', 'create', 'first');
	expect(code).toBe(0);
	expect(stdout).toContain('✓ .aiworkflow/workflows/first.md');
	expect(stdout).toContain('`aiworkflow workflow validate first`');
	expect((await run('workflow', 'validate', 'first')).code).toBe(0);
	const taken = await run('workflow', 'create', 'first', '--template', 'multi-step');
	expect(taken).toMatchObject({code: 1, stderr: expect.stringContaining('first.md is there already')});
	const bundle = await json('workflow', 'create', 'second', '--template', 'multi-step', '--bundle');
	expect(bundle.workflow).toBe(path.join(session.workspace, '.aiworkflow/workflows/second/workflow.md'));
	expect(bundle.files.map((file: string) => path.basename(path.dirname(file)))).toContain('recordings');
	expect(textOf('.aiworkflow/workflows/second/config.yaml')).toContain('name: second');
	const fromTemplate = await run('workflow', 'create', 'third', '--template', 'data-pipeline', '--to', 'flows');
	expect(fromTemplate.code).toBe(0);
	expect(textOf('flows/third/workflow.md')).toContain('name: third');
	const named = await run('workflow', 'create', '../evil');
	expect(named).toMatchObject({code: 2, stderr: expect.stringContaining('cannot be called "../evil"')});
});

test('the tool of a workflow that is created with one really runs', async () => {
	const made = await run('workflow', 'create', 'tooled', '--template', 'with-tools', '--to', 'flows');
	expect(made.code).toBe(0);
	// Without the agent's step nothing is left that a replay would answer.
	const file = 'flows/tooled/workflow.md';
	session.write(file, textOf(file).replace(/\n## Judge[\s\S]*$/, '\n'));
	session.write('counted/a.txt', 'one\ntwo\n');
	session.write('counted/.hidden', 'three\n');
	const {code, stdout, stderr} = await run('run', file, '--input', 'folder=counted', '--json');
	expect(code, stderr).toBe(0);
	const events = stdout
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	expect(events.find(({type}) => type === 'step.completed').body.outputs).toEqual({files: 1, lines: 2});
});

test('one with tools inside of .aiworkflow says that it wants to be trusted first', async () => {
	const {stderr} = await run('workflow', 'create', 'guarded', '--template', 'with-tools');
	expect(stderr).toContain('Its tools run only after `aiworkflow trust`.');
});

test('a workspace may begin with a template instead of the usual first workflow', async () => {
	const workspace = path.join(session.workspace, 'new');
	const {code, stdout} = await run('init', '--workspace', workspace, '--template', 'security-scan', '--yes');
	expect({code, stdout}).toEqual({code: 0, stdout: expect.stringContaining('security-scan/workflow.md')});
	expect(existsSync(path.join(workspace, '.aiworkflow/workflows/plan.md'))).toBe(false);
	const {code: again} = await run('workflow', 'validate', path.join(workspace, '.aiworkflow/workflows/security-scan'));
	expect(again).toBe(0);
	const {code: twice, stderr} = await run('init', '--workspace', workspace, '--template', 'security-scan', '--yes');
	expect({twice, stderr}).toEqual({twice: 1, stderr: expect.stringContaining('--force')});
});
