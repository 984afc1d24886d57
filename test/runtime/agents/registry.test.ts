import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test, vi} from 'vitest';
import {parseAgentsFile} from '../../../runtime/agents/registry/agents-file.ts';
import {createAgentRegistry} from '../../../runtime/agents/registry.ts';
import {commandLineOf} from '../../../runtime/agents/spec.ts';
import {scriptedAgent, scriptedSpec, temporaryFolder} from './run-agent.ts';

const unhindered = {excluded: new Map(), promptCharacters: 100, readOnly: false, loadOf: () => 0, random: 0};

vi.setConfig({testTimeout: 30_000});

const workspaceWith = (agents: string) => {
	const workspace = temporaryFolder();
	mkdirSync(path.join(workspace, '.aiworkflow'));
	writeFileSync(path.join(workspace, '.aiworkflow/agents.yaml'), agents);
	return workspace;
};

const registry = (isTrusted = true, now = Date.now) => createAgentRegistry({isTrusted: async () => isTrusted, now});
const environment = {PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/'};
const scripted = `agents:
  broken: {adapter: acp, command: no-such-agent}
  scripted:
    command: ${process.execPath}
    args: [${scriptedAgent}, text]
    env: [SCRIPT_KEY]
    idle-timeout: 90s
`;

describe('agents.yaml', () => {
	test('describes agents', () => {
		const {specs, diagnostics} = parseAgentsFile(
			'f',
			'agents: {mine: {command: gemini, args: [--acp, -m, gemini-2.5-flash], env: [GEMINI_API_KEY], set: {GEMINI_CLI_TRUST_WORKSPACE: true}, mode: default, model-arg: -m, idle-timeout: 5m}}',
		);
		expect(diagnostics).toEqual([]);
		expect(specs).toEqual([
			{
				id: 'mine',
				adapter: 'acp',
				command: 'gemini',
				args: ['--acp', '-m', 'gemini-2.5-flash'],
				env: ['GEMINI_API_KEY'],
				set: {GEMINI_CLI_TRUST_WORKSPACE: 'true'},
				mode: 'default',
				readOnlyMode: undefined,
				protocol: undefined,
				modelArg: '-m',
				modelEnv: undefined,
				idleMs: 300_000,
			},
		]);
	});

	test('tells every problem at once, each with its line', () => {
		const {diagnostics} = parseAgentsFile(
			'agents.yaml',
			`agents:
  one:
    comand: gemini
    command: gemini
  two:
    adapter: http
    command: x
    env: [A=b]
    idle-timeout: 5
  replay: {command: x}
  "bad name": {command: x}
agent: {}
`,
		);
		expect(
			diagnostics.map(({line, column, message, suggestion}) => `${line}:${column} ${message} ${suggestion ?? ''}`),
		).toEqual(
			expect.arrayContaining([
				'3:5 `agents.one` has an unknown key `comand`. Did you mean `command`?',
				expect.stringMatching(/^6:5 `agents.two.adapter`: Invalid/),
				expect.stringMatching(/^8:11 `agents.two.env.0`: is no name of an environment variable/),
				expect.stringMatching(/^9:5 `agents.two.idle-timeout`: /),
				'10:3 `replay` is built in. Give this agent another name.',
				'11:3 "bad name" is no name for an agent. Use letters, digits, - and _.',
				'12:1 `the file` has an unknown key `agent`. Did you mean `agents`?',
			]),
		);
		expect(diagnostics[0]).toMatchObject({code: 'agents.invalid', severity: 'error', file: 'agents.yaml'});
	});

	test('that is no YAML tells where', () => {
		expect(parseAgentsFile('f', 'agents:\n  a: {command: x\n  b: [').diagnostics[0]).toMatchObject({
			line: expect.any(Number),
		});
	});

	test('that is empty describes nothing', () => {
		expect(parseAgentsFile('f', '# nothing yet\n')).toEqual({specs: [], diagnostics: []});
	});
});

describe('choosing', () => {
	test('takes the first healthy agent of the list', async () => {
		const workspace = workspaceWith(scripted);
		expect(
			await registry().choose({...unhindered, workspace, agents: ['broken', 'scripted', 'replay'], environment}),
		).toMatchObject({agent: 'scripted'});
	});

	test('an agent this workspace does not have is passed over, unless there is no other', async () => {
		const workspace = workspaceWith(scripted);
		expect(
			await registry().choose({...unhindered, workspace, agents: ['nobody', 'scripted'], environment}),
		).toMatchObject({agent: 'scripted'});
		await expect(registry().choose({...unhindered, workspace, agents: ['nobody'], environment})).rejects.toMatchObject({
			code: 'agent.unknown',
			suggestion: expect.stringContaining('replay, broken, scripted'),
		});
	});

	test('says why none of them works', async () => {
		await expect(
			registry().choose({...unhindered, workspace: workspaceWith(scripted), agents: ['broken'], environment}),
		).rejects.toMatchObject({
			code: 'agent.unreachable',
			message: expect.stringContaining('"no-such-agent" is not on the PATH'),
		});
	});

	test('an untrusted workspace starts no command, but may replay', async () => {
		const workspace = workspaceWith(scripted);
		const untrusted = registry(false);
		await expect(untrusted.choose({...unhindered, workspace, agents: ['scripted'], environment})).rejects.toMatchObject(
			{
				code: 'workspace.untrusted',
			},
		);
		await expect(untrusted.specOf(workspace, 'scripted')).rejects.toMatchObject({code: 'workspace.untrusted'});
		expect(
			await untrusted.choose({...unhindered, workspace, agents: ['replay', 'scripted'], environment}),
		).toMatchObject({agent: 'replay'});
		expect(await untrusted.environmentNames(workspace, ['scripted'])).toEqual([]);
		expect((await untrusted.healthOf(workspace, environment, 'deep')).slice(0, 3)).toMatchObject([
			{id: 'replay', isHealthy: true},
			{id: 'broken', isHealthy: false, detail: expect.stringContaining('not trusted')},
			{id: 'scripted', isHealthy: false},
		]);
	});

	test('a broken agents.yaml is told with file and line', async () => {
		const workspace = workspaceWith('agents:\n  a: {comand: x}\n');
		await expect(registry().choose({...unhindered, workspace, agents: ['a'], environment})).rejects.toMatchObject({
			code: 'agents.invalid',
			message: expect.stringMatching(/agents\.yaml:2:\d+: /),
		});
	});

	test('names the variables that the chosen agents need', async () => {
		expect(await registry().environmentNames(workspaceWith(scripted), ['scripted', 'replay', 'nobody'])).toEqual([
			'SCRIPT_KEY',
		]);
		expect(await registry().environmentNames(temporaryFolder(), ['replay'])).toEqual([]);
	});
});

describe('health', () => {
	test('deep: the agent answers its protocol', async () => {
		expect((await registry().healthOf(workspaceWith(scripted), environment, 'deep')).slice(0, 3)).toMatchObject([
			{id: 'replay', adapter: 'replay', isHealthy: true},
			{id: 'broken', isHealthy: false},
			{id: 'scripted', adapter: 'acp', isHealthy: true, version: process.version, detail: 'Not set: SCRIPT_KEY.'},
		]);
	});

	test('deep: a command that speaks something else is not healthy', async () => {
		const workspace = workspaceWith(
			`agents: {a: {command: ${process.execPath}, args: [${scriptedAgent}, no-protocol]}}`,
		);
		const [, health] = await registry().healthOf(workspace, environment, 'deep');
		expect(health).toMatchObject({isHealthy: false, detail: 'It does not speak the protocol: it exited with code 41'});
	});

	test('is believed for a minute', async () => {
		const folder = temporaryFolder();
		const command = path.join(folder, 'agent');
		writeFileSync(command, '#!/bin/sh\necho 1.0\n');
		chmodSync(command, 0o755);
		const workspace = workspaceWith(`agents: {a: {command: agent}}`);
		let nowMs = 0;
		const agents = registry(true, () => nowMs);
		const choose = () =>
			agents.choose({...unhindered, workspace, agents: ['a'], environment: {PATH: `${folder}:/bin:/usr/bin`}});
		expect(await choose()).toMatchObject({agent: 'a'});
		chmodSync(command, 0o644);
		expect(await choose()).toMatchObject({agent: 'a'});
		nowMs = 61_000;
		await expect(choose()).rejects.toMatchObject({code: 'agent.unreachable'});
	});
});

test('the model takes the place of the one in the arguments, or joins them', () => {
	const spec = scriptedSpec('text', {args: ['--acp', '-m', 'small'], modelArg: '-m'});
	expect(commandLineOf(spec, 'large').args).toEqual(['--acp', '-m', 'large']);
	expect(commandLineOf({...spec, args: ['--acp']}, 'large').args).toEqual(['--acp', '-m', 'large']);
	expect(commandLineOf(spec, undefined).args).toEqual(spec.args);
	expect(commandLineOf({...spec, modelArg: undefined, modelEnv: 'MODEL'}, 'large').set).toEqual({MODEL: 'large'});
});
