import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {builtInIds, catalogue} from '../../../../runtime/agents/catalogue.ts';
import {parseAgentsFile} from '../../../../runtime/agents/registry/agents-file.ts';
import {expandAuto} from '../../../../runtime/agents/registry/built-in.ts';
import {createAgentRegistry} from '../../../../runtime/agents/registry.ts';
import type {ChoiceRequest} from '../../../../runtime/engine/parts.ts';
import {temporaryFolder} from '../run-agent.ts';

vi.setConfig({testTimeout: 30_000});

const registry = (isTrusted = true) => createAgentRegistry({isTrusted: async () => isTrusted, now: Date.now});

/** A folder with programs that do nothing but tell a version. */
const programs = (...names: string[]) => {
	const folder = temporaryFolder();
	for (const name of names) writeFileSync(path.join(folder, name), '#!/bin/sh\necho 1.2.3\n', {mode: 0o755});
	return folder;
};

const environmentWith = (...names: string[]) => ({PATH: `${programs(...names)}:/bin`, HOME: temporaryFolder()});

const choice = (agents: readonly string[], environment: Readonly<Record<string, string>>): ChoiceRequest => ({
	workspace: temporaryFolder(),
	agents,
	excluded: new Map(),
	environment,
	promptCharacters: 5,
	readOnly: false,
	loadOf: () => 0,
	random: 0.5,
});

const workspaceWith = (agents: string) => {
	const workspace = temporaryFolder();
	mkdirSync(path.join(workspace, '.aiworkflow'));
	writeFileSync(path.join(workspace, '.aiworkflow/agents.yaml'), agents);
	return workspace;
};

describe('without any agents.yaml', () => {
	test.each(builtInIds)('%s is there, also in a workspace that nobody trusts', async id => {
		expect(await registry(false).specOf(temporaryFolder(), id)).toMatchObject({id, adapter: id, args: []});
	});

	test('an agent that is not installed says exactly what to install', async () => {
		const all = await registry().healthOf(temporaryFolder(), {PATH: '/nowhere', HOME: '/nowhere'}, 'quick');
		const detailOf = (id: string) => all.find(health => health.id === id)!.detail;
		expect(all.filter(({isHealthy}) => isHealthy).map(({id}) => id)).toEqual(['replay']);
		expect(detailOf('claude')).toBe(
			'`claude-agent-acp`, through which Claude Code is used, is not installed. ' +
				'Install it with `npm install -g @agentclientprotocol/claude-agent-acp`, or name another agent with `--agent`.',
		);
		expect(detailOf('codex')).toContain('`npm install -g @agentclientprotocol/codex-acp`');
		expect(detailOf('gemini')).toContain(
			'`gemini` is not installed. Install it with `npm install -g @google/gemini-cli`',
		);
		expect(detailOf('opencode')).toContain('`npm install -g opencode-ai`');
	});

	test('one that is installed is healthy, and says whether it has a key', async () => {
		const environment = environmentWith('claude-agent-acp', 'claude');
		const healthOf = async (more: object) =>
			(await registry().healthOf(temporaryFolder(), {...environment, ...more}, 'quick')).find(
				({id}) => id === 'claude',
			);
		expect(await healthOf({})).toMatchObject({
			isHealthy: true,
			version: '1.2.3',
			detail: expect.stringContaining('it must be logged in'),
		});
		expect(await healthOf({ANTHROPIC_API_KEY: 'made-up'})).toMatchObject({isHealthy: true, detail: null});
	});

	test('a program called `agent` is not taken for Cursor', async () => {
		const all = await registry().healthOf(temporaryFolder(), environmentWith('agent'), 'quick');
		expect(all.find(({id}) => id === 'cursor')).toMatchObject({isHealthy: false});
	});
});

describe('auto', () => {
	test('is every built-in agent, in the order of the catalogue, each once', () => {
		expect(expandAuto(['gemini', 'auto', 'replay'])).toEqual([
			'gemini',
			...builtInIds.filter(id => id !== 'gemini'),
			'replay',
		]);
		expect(builtInIds).toHaveLength(Object.keys(catalogue).length);
	});

	test('is the first that is found on the PATH', async () => {
		const choose = async (...names: string[]) =>
			(await registry().choose(choice(['auto'], environmentWith(...names)))).agent;
		expect(await choose('opencode', 'gemini')).toBe('gemini');
		expect(await choose('opencode')).toBe('opencode');
	});

	test('is known before a run begins, and hands on the variables of all', async () => {
		const workspace = temporaryFolder();
		await registry().check(workspace, ['auto']);
		const names = await registry().environmentNames(workspace, ['auto']);
		expect(names).toContain('ANTHROPIC_API_KEY');
		expect(names).toContain('GEMINI_API_KEY');
		expect(await registry().environmentNames(workspace, ['gemini'])).not.toContain('ANTHROPIC_API_KEY');
	});

	test('is no name for an agent', () => {
		expect(parseAgentsFile('f', 'agents: {auto: {command: x}}').diagnostics).toMatchObject([
			{message: '`auto` stands for any agent.'},
		]);
	});
});

describe('in agents.yaml', () => {
	test('an entry takes the place of the built-in one, and needs trust', async () => {
		const workspace = workspaceWith('agents: {gemini: {env: [MY_KEY], idle-timeout: 90s}}');
		const spec = await registry().specOf(workspace, 'gemini');
		expect(spec).toMatchObject({adapter: 'gemini', command: undefined, idleMs: 90_000});
		expect(spec.env).toEqual(expect.arrayContaining(['MY_KEY', 'GEMINI_API_KEY']));
		await expect(registry(false).specOf(workspace, 'gemini')).rejects.toMatchObject({code: 'workspace.untrusted'});
		expect(await registry(false).specOf(workspace, 'claude')).toMatchObject({adapter: 'claude'});
	});

	test('an entry may use a built-in adapter under another name, with another program', async () => {
		const workspace = workspaceWith('agents: {careful: {adapter: claude, command: bin/mine, mode: plan}}');
		expect(await registry().specOf(workspace, 'careful')).toMatchObject({
			adapter: 'claude',
			command: path.join(workspace, 'bin/mine'),
			mode: 'plan',
		});
	});

	test('without an adapter that knows its program, an entry needs a command', () => {
		expect(parseAgentsFile('f', 'agents:\n  mine: {mode: x}\n').diagnostics).toMatchObject([
			{line: 2, message: '`agents.mine` has no `command`.', suggestion: expect.stringContaining('claude, codex')},
		]);
	});

	test('programs of the workspace count only where it is trusted', async () => {
		const workspace = temporaryFolder();
		const folder = path.join(workspace, 'node_modules/.bin');
		mkdirSync(folder, {recursive: true});
		writeFileSync(path.join(folder, 'codex-acp'), '#!/bin/sh\necho 9.9.9\n', {mode: 0o755});
		const environment = {PATH: '/bin', HOME: temporaryFolder()};
		const codex = async (isTrusted: boolean) =>
			(await registry(isTrusted).healthOf(workspace, environment, 'quick')).find(({id}) => id === 'codex');
		expect(await codex(true)).toMatchObject({isHealthy: true, version: '9.9.9'});
		expect(await codex(false)).toMatchObject({isHealthy: false});
	});
});
