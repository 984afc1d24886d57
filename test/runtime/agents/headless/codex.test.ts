import {expect, test} from 'vitest';
import {configArgsOf} from '../../../../runtime/agents/headless/codex/config.ts';
import {play} from './play.ts';

/** Codex 0.169 by itself: `codex exec --json`. Recorded against a stand-in for its model. */
const call = {input: 1200, cachedInput: 300, output: 42, reasoning: 7};
const both = {input: 2400, cachedInput: 600, output: 84, reasoning: 14};

test('answers, and tells its session and tokens; what they cost is unknown', async () => {
	const {end, text, of, heard, starts} = await play('codex', 'text', {request: {prompt: 'Say hello', model: 'gpt-5'}});
	expect(end).toEqual({t: 'end', outcome: 'ok'});
	expect(text).toBe('Hello from the stand-in model. The task is done.');
	expect(of('session')).toMatchObject([{id: '01a1faeb-9648-7c73-929b-10deacb763eb', model: 'gpt-5', canResume: true}]);
	expect(of('usage')).toMatchObject([{tokens: call, costMicroUsd: null, costSource: 'none', provider: 'openai'}]);
	expect(heard).toEqual(['Say hello']);
	expect(starts[0]!.args).toEqual(expect.arrayContaining(['exec', '--json', '-m', 'gpt-5', '-']));
	expect(starts[0]!.args.join(' ')).toContain('-c sandbox_mode="workspace-write"');
});

test.each([
	['text', 0, undefined],
	['tool-bypass', 0, undefined],
	['tool-readonly', 0, undefined],
	['tool-workspace-write', 0, undefined],
	['e401', 1, 'agent.unauthenticated'],
	['e503', 1, 'agent.overloaded'],
	// No final event.
	['cancel-sigint', 1, 'agent.crashed'],
	['stall', 1, 'agent.crashed'],
])('%s', async (name, exit, code) => {
	const {end} = await play('codex', name, {exit});
	expect(end.failure?.code).toBe(code);
	expect(end.outcome).toBe(code === undefined ? 'ok' : 'failed');
});

test('what it runs is shown, and why it tries again', async () => {
	const {of} = await play('codex', 'tool-workspace-write');
	expect(of('tool').map(({kind, status}) => [kind, status])).toEqual([
		['execute', 'in_progress'],
		['execute', 'completed'],
	]);
	expect(of('tool')[0]!.title).toContain('/tmp/project/out.txt');
	expect((await play('codex', 'e401', {exit: 1})).of('retry')[0]!.detail).toContain('401');
});

test('of a session gone on with, only what is new', async () => {
	const resume = {sessionId: '01a1fafe-34b8-7fd2-9000-0057ca9c6953', countedMicroUsd: 0};
	const {of, starts} = await play('codex', 'resume-2', {request: {resume: {...resume, countedTokens: call}}});
	expect(of('usage')).toMatchObject([{tokens: call}]);
	expect(starts[0]!.args.slice(0, 2)).toEqual(['exec', 'resume']);
	expect(starts[0]!.args.slice(-2)).toEqual([resume.sessionId, '-']);
	// Its process vanished before it told anything.
	expect((await play('codex', 'resume-2', {request: {resume}})).of('usage')).toMatchObject([{tokens: both}]);
});

test('a repair goes on with the session in another process, and counts once', async () => {
	let turns = 0;
	const {starts, of, end} = await play('codex', 'text', {
		onEvent(event) {
			if (event.t === 'answered' && turns++ === 0) event.reply('Once more.');
		},
	});
	expect(end.outcome).toBe('ok');
	expect(starts.map(({args}) => args[1])).toEqual(['--json', 'resume']);
	// The recording says the same sum twice.
	expect(of('usage')).toMatchObject([{tokens: call}]);
	expect(of('session')).toHaveLength(1);
});

test('held to reading, its sandbox is, whatever its arguments say', async () => {
	const {starts, of} = await play('codex', 'tool-readonly', {
		request: {access: 'read-only'},
		spec: {args: ['-c', 'sandbox_mode="danger-full-access"'], mode: 'danger-full-access'},
	});
	expect(starts[0]!.args.slice(-3)).toEqual(['-c', 'sandbox_mode="read-only"', '-']);
	expect(of('warning').some(({message}) => message.includes('cannot ask'))).toBe(false);
});

test('that it cannot ask is said', async () => {
	const {of} = await play('codex', 'text');
	expect(of('warning').filter(({message}) => message.includes('cannot ask'))).toHaveLength(1);
});

test('the settings of its bridge become its own', async () => {
	const config = {model_providers: {local: {name: 'A "b"', base_url: 'http://h/v1', none: null}}, tools: [true, 2]};
	expect(configArgsOf(JSON.stringify(config))).toEqual([
		'-c',
		'model_providers={local = {name = "A \\"b\\"", base_url = "http://h/v1"}}',
		'-c',
		'tools=[true, 2]',
	]);
	expect(configArgsOf('not JSON')).toEqual([]);
	const CODEX_CONFIG = JSON.stringify({model_provider: 'local', ...config});
	const {starts, of} = await play('codex', 'text', {spec: {set: {CODEX_CONFIG}}});
	expect(starts[0]!.args.join(' ')).toContain('request_max_retries = 1');
	// Who serves it is not known, so nobody prices it as OpenAI's.
	expect(of('usage')[0]!.provider).toBeUndefined();
});
