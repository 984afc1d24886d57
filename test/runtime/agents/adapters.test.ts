import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test, vi} from 'vitest';
import {createAdapter} from '../../../runtime/agents/adapters.ts';
import {builtInIds, catalogue} from '../../../runtime/agents/catalogue.ts';
import {findCommand, globalNpmFolders} from '../../../runtime/agents/find-command.ts';
import type {AgentSpec} from '../../../runtime/agents/spec.ts';
import {requestIn, scriptedAgent, scriptedSpec, temporaryFolder} from './run-agent.ts';

vi.setConfig({testTimeout: 30_000});

/** Starts an adapter on a program that keeps its environment and arguments, then speaks the protocol as far as `start`. */
const startedAs = async (
	spec: Partial<AgentSpec> & Pick<AgentSpec, 'adapter'>,
	environment: Readonly<Record<string, string>> = {},
	more: {readonly access?: 'read-only'; readonly model?: string; readonly programs?: readonly string[]} = {},
) => {
	const folder = temporaryFolder();
	const kept = path.join(folder, 'kept.json');
	const keep = `require('node:fs').writeFileSync(${JSON.stringify(kept)}, JSON.stringify({env: process.env, args: process.argv.slice(2)}))`;
	const program = `#!${process.execPath}\n${keep}; import(${JSON.stringify(scriptedAgent)})\n`;
	const names = more.programs ?? catalogue[spec.adapter as 'claude'].commands;
	for (const name of names) writeFileSync(path.join(folder, name), program, {mode: 0o755});
	const adapter = createAdapter(
		{...scriptedSpec(''), id: spec.adapter, command: undefined, args: [], ...spec},
		{PATH: folder, HOME: folder, ...environment},
	);
	const request = requestIn(temporaryFolder(), more);
	const events = [];
	for await (const event of adapter.run(request, AbortSignal.timeout(20_000))) {
		events.push(event);
		if (event.t === 'answered') event.reply(undefined);
	}

	const read = () => JSON.parse(readFileSync(kept, 'utf8')) as {env: Record<string, string>; args: string[]};
	return {folder, end: events.at(-1)!, read};
};

describe('what is started', () => {
	test('claude: the bridge, with the user’s own program and few retries', async () => {
		const programs = ['claude-agent-acp', 'claude'];
		const {read, folder} = await startedAs({adapter: 'claude'}, {}, {programs, model: 'opus'});
		expect(read().env).toMatchObject({
			CLAUDE_CODE_EXECUTABLE: path.join(folder, 'claude'),
			CLAUDE_CODE_MAX_RETRIES: '2',
			ANTHROPIC_MODEL: 'opus',
		});
	});

	test('what the user or agents.yaml sets comes before it', async () => {
		const programs = ['claude-agent-acp', 'claude'];
		const set = {CLAUDE_CODE_MAX_RETRIES: '7'};
		const {read} = await startedAs({adapter: 'claude', set}, {CLAUDE_CODE_EXECUTABLE: '/my/claude'}, {programs});
		expect(read().env).toMatchObject({CLAUDE_CODE_EXECUTABLE: '/my/claude', CLAUDE_CODE_MAX_RETRIES: '7'});
	});

	test('codex: few retries for every provider that the configuration defines', async () => {
		const CODEX_CONFIG = JSON.stringify({
			model: 'm',
			model_providers: {a: {base_url: 'x'}, b: {request_max_retries: 9}},
		});
		const {read, folder} = await startedAs({adapter: 'codex'}, {CODEX_CONFIG}, {programs: ['codex-acp', 'codex']});
		const {env} = read();
		expect(JSON.parse(env.CODEX_CONFIG!)).toEqual({
			model: 'm',
			model_providers: {
				a: {base_url: 'x', request_max_retries: 1, stream_max_retries: 1},
				b: {request_max_retries: 9, stream_max_retries: 1},
			},
		});
		expect(env).toMatchObject({CODEX_PATH: path.join(folder, 'codex'), NO_BROWSER: '1'});
	});

	test('gemini: the model as a flag', async () => {
		const {read} = await startedAs({adapter: 'gemini'}, {}, {model: 'gemini-2.5-flash'});
		expect(read().args).toEqual(['--acp', '-m', 'gemini-2.5-flash']);
	});

	test('opencode: told to ask, whatever its configuration allows; what that denies stays denied', async () => {
		const OPENCODE_CONFIG_CONTENT = JSON.stringify({model: 'a/b', permission: {edit: 'allow', webfetch: 'deny'}});
		const {read} = await startedAs({adapter: 'opencode'}, {OPENCODE_CONFIG_CONTENT});
		expect(read().args).toEqual(['acp']);
		expect(JSON.parse(read().env.OPENCODE_CONFIG_CONTENT!)).toMatchObject({
			model: 'a/b',
			permission: {'*': 'ask', edit: 'ask', bash: 'ask', webfetch: 'deny', glob: 'allow'},
		});
	});

	test('opencode, held to reading: may not', async () => {
		const {read} = await startedAs({adapter: 'opencode'}, {}, {access: 'read-only'});
		expect(JSON.parse(read().env.OPENCODE_CONFIG_CONTENT!).permission).toMatchObject({
			'*': 'deny',
			edit: 'deny',
			bash: 'deny',
			grep: 'allow',
		});
	});

	test('a program that is not installed fails the start, with what to install', async () => {
		const {end} = await startedAs({adapter: 'codex'}, {}, {programs: ['codex']});
		expect(end).toMatchObject({
			outcome: 'failed',
			failure: {
				code: 'agent.unreachable',
				suggestion: expect.stringContaining('npm install -g @agentclientprotocol/codex-acp'),
			},
		});
	});
});

test('a way to run an agent that this build does not have is told, in health and in a run', async () => {
	const spec = scriptedSpec('', {id: 'g', adapter: 'gemini', protocol: 'headless'});
	// Gemini without ACP is nothing we run.
	const adapter = createAdapter(spec, {});
	expect(await adapter.health('quick')).toMatchObject({isHealthy: false});
	const events = [];
	for await (const event of adapter.run(requestIn('/'), AbortSignal.timeout(1000))) events.push(event);
	expect(events).toMatchObject([{t: 'end', failure: {code: 'agent.unreachable'}}]);
});

test.each(builtInIds)('%s: the catalogue is whole', id => {
	const {capabilities, modes, commands, install, keys, env} = catalogue[id];
	// Aider has a flag for it, Copilot a list of tools, and neither a session with modes.
	if (id !== 'aider' && id !== 'copilot') expect(capabilities.readOnly).toBe(modes.readOnly !== undefined);
	expect(commands.length).toBeGreaterThan(0);
	expect(install).not.toBe('');
	expect(keys.every(name => env.includes(name))).toBe(true);
});

describe('finding programs', () => {
	const program = (folder: string, name: string) => {
		mkdirSync(folder, {recursive: true});
		writeFileSync(path.join(folder, name), '', {mode: 0o755});
		return path.join(folder, name);
	};

	test('the PATH comes before other folders; what cannot be run is nothing', () => {
		const [first, second] = [temporaryFolder(), temporaryFolder()];
		const own = program(second, 'agent');
		expect(findCommand('agent', {PATH: first}, [second])).toBe(own);
		writeFileSync(path.join(first, 'agent'), '', {mode: 0o644});
		expect(findCommand('agent', {PATH: first}, [second])).toBe(own);
		expect(findCommand('agent', {PATH: path.dirname(program(first, 'agent'))}, [second])).toBe(own);
		expect(findCommand('nothing', {PATH: first}, [second])).toBeUndefined();
	});

	test('the global folder of npm is found without starting it', () => {
		const home = temporaryFolder();
		writeFileSync(path.join(home, '.npmrc'), 'registry=x\nprefix = ~/npm\n');
		expect(globalNpmFolders({HOME: home})).toEqual([path.join(home, 'npm/bin')]);
		expect(globalNpmFolders({HOME: home, NPM_CONFIG_PREFIX: '/opt/npm'})).toEqual(['/opt/npm/bin']);
		expect(globalNpmFolders({PATH: '/nowhere'})).toEqual([]);
	});
});
