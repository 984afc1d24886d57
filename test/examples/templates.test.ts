import {execFileSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Template, TemplateVariable} from '../../source/templates/definition.ts';
import {templateCategories} from '../../source/templates/definition.ts';
import {instantiate} from '../../source/templates/instantiate.ts';
import {loadTemplate, soundTemplate} from '../../source/templates/load.ts';
import {builtInFolder, templateFoldersIn} from '../../source/templates/sources.ts';
import {writeFiles} from '../../source/templates/write.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {openSession, type Session} from '../sessions/session.ts';

const ids = [
	...['code-review', 'data-pipeline', 'deployment', 'docs-update', 'documentation', 'full-development'],
	...['incident-response', 'pr-review', 'quick-implementation', 'security-audit', 'security-scan', 'test-automation'],
];
const starters = readdirSync(path.join(builtInFolder, 'starters'));

let session: Session;
beforeAll(() => {
	session = openSession();
});
afterAll(() => session.close());

const load = async (id: string): Promise<Template> => {
	const folder = path.join(builtInFolder, starters.includes(id) ? 'starters' : '', id);
	return soundTemplate(await loadTemplate(folder, {kind: 'built-in'}));
};

/** What nobody types on a quiet day, as far as the variable takes it. */
const unusualOf = ({type, enum: allowed, pattern, max}: TemplateVariable): string => {
	switch (type) {
		case 'integer':
			return String(max ?? 7);
		case 'number':
			return '0.07';
		case 'boolean':
			return 'false';
		case 'choice':
			return String(allowed!.at(-1));
		case 'list':
			return JSON.stringify(['a: b', '# c', 'it\'s "d", e', '{f}', '- g']);
		case 'path':
			return "an ünusual/fold'er: 1/it.md";
		default:
			return pattern === undefined ? 'echo "a: b" # c {d}\n## Evil\n```sh run\nexit 1\n```\n- e' : 'odd_1.x-y';
	}
};

const makeAll = async (folder: string, valuesOf: (template: Template) => Record<string, string>): Promise<void> => {
	for (const id of [...ids, ...starters]) {
		const template = await load(id);
		const {files, workflow} = instantiate(template, {name: id, ...valuesOf(template)});
		const text = files.find(file => file.path === workflow)!.bytes.toString();
		expect(parseWorkflow(text, `${id}/${workflow}`).diagnostics).toEqual([]);
		await writeFiles(path.join(folder, id), files, false);
	}
};

const testAll = async (folder: string): Promise<Set<string>> => {
	// A proxy that nobody listens at: whatever asked the network would fail.
	const environment = {HTTP_PROXY: 'http://127.0.0.1:9', HTTPS_PROXY: 'http://127.0.0.1:9', TMPDIR: session.home};
	const {code, stdout, stderr} = await session.aiworkflow(['test', folder, '--json'], {environment});
	expect(stderr).toBe('');
	const {cases} = JSON.parse(stdout);
	expect(cases.filter((each: {status: string}) => each.status !== 'passed')).toEqual([]);
	expect(code).toBe(0);
	return new Set(cases.map((each: {workflow: string}) => each.workflow));
};

const msMax = 300_000;

test('there are the twelve, each without a mistake, in known categories', async () => {
	expect((await templateFoldersIn(builtInFolder)).map(folder => path.basename(folder))).toEqual(ids);
	for (const id of ids) {
		const {metadata, diagnostics} = await loadTemplate(path.join(builtInFolder, id), {kind: 'built-in'});
		expect({id: metadata?.id, diagnostics}).toEqual({id, diagnostics: []});
		expect(Object.keys(templateCategories)).toContain(metadata!.category);
		expect(metadata).toMatchObject({license: 'Apache-2.0', author: 'aiworkflow'});
		expect(metadata!.tags).not.toEqual([]);
		for (const {description} of metadata!.variables) expect(description).not.toBe('');
	}
});

test.each(ids)('%s has a budget, a recording and cases', async id => {
	const {files} = await load(id);
	const names = files.map(file => file.path);
	expect(names).toContain('recordings/recording.yaml');
	expect(names.filter(name => name.startsWith('tests/')).length).toBeGreaterThan(1);
	const workflow = readFileSync(path.join(builtInFolder, id, 'workflow.md'), 'utf8');
	expect(workflow).toMatch(/^budget: \{ usd: /m);
	expect(workflow).toMatch(/^outputs:$/m);
});

test('made with defaults, every case of them passes offline', {timeout: msMax}, async () => {
	const folder = path.join(session.home, 'defaults');
	await makeAll(folder, () => ({}));
	expect(await testAll(folder)).toEqual(new Set([...ids, ...starters]));
});

test('made with unusual values, every case of them passes offline', {timeout: msMax}, async () => {
	const folder = path.join(session.home, 'unusual');
	await makeAll(folder, ({metadata}) =>
		Object.fromEntries(metadata.variables.map(variable => [variable.name, unusualOf(variable)])),
	);
	expect(await testAll(folder)).toEqual(new Set([...ids, ...starters]));
});

/** What the recorded answers of each change, or its defaults read. */
const filesFor: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'code-review': {'README.md': '# a project\n'},
	'data-pipeline': {'data/input.csv': 'id,name\n1,Ada\n2,Bo\n'},
	'docs-update': {'README.md': 'Use --fast.\n'},
	documentation: {'README.md': '# A project\n'},
	'security-audit': {'show.js': 'show(process.argv[2]);\n'},
	'test-automation': {'src/add.js': 'export const add = (a, b) => a + b;\n'},
};
const scripts = Object.fromEntries(['test', 'deploy', 'rollback', 'smoke', 'health'].map(name => [name, 'true']));

test.each(ids)('%s runs as it comes, with recorded answers', {timeout: 60_000}, async id => {
	const work = path.join(session.home, 'projects', id);
	mkdirSync(work, {recursive: true});
	const git = (...args: readonly string[]) =>
		execFileSync('git', args, {cwd: work, env: {...session.environment, GIT_CONFIG_GLOBAL: '/dev/null'}});
	git('init', '--quiet', '--initial-branch=main');
	for (const [name, value] of [
		['user.name', 'Ada'],
		['user.email', 'ada@example.org'],
	])
		git('config', name!, value!);
	for (const [name, text] of Object.entries({'package.json': JSON.stringify({scripts}), ...filesFor[id]}))
		session.write(path.relative(session.workspace, path.join(work, name)), text);
	git('add', '--all');
	git('commit', '--quiet', '--message', 'First');
	const used = await session.aiworkflow(['template', 'use', id, '--workspace', work], {cwd: work});
	expect(used.code, used.stderr).toBe(0);
	const ran = await session.aiworkflow(['run', id, '--agent', 'replay', '--yes'], {cwd: work});
	expect(ran.code, `${ran.stdout}${ran.stderr}`).toBe(0);
});
