import {readFileSync, rmSync, symlinkSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test} from 'vitest';
import {createAdapter} from '../../../../runtime/agents/adapters.ts';
import {createClaudeMeter} from '../../../../runtime/agents/headless/claude/usage.ts';
import {aliveInGroup, temporaryFolder} from '../run-agent.ts';
import {play, recordedProgram, recordingOf} from './play.ts';

/** Claude Code 2.1.329 by itself: `claude -p … stream-json`. Recorded against a stand-in for its model. */
const tokens = {input: 1600, cachedInput: 300, cachedWrite: 100, output: 42, reasoning: 0};

const reportedMicroUsd = (name: string) => {
	const sums = [
		...readFileSync(recordingOf(`headless-claude-${name}`), 'utf8').matchAll(/"total_cost_usd":([\d.e-]+)/g),
	];
	return Math.round(Number(sums.at(-1)![1]) * 1_000_000);
};

test('answers in pieces, and tells its session, tokens and cost', async () => {
	const {end, text, of, heard, starts} = await play('claude', 'text', {request: {prompt: 'Say hello', model: 'opus'}});
	expect(end).toEqual({t: 'end', outcome: 'ok'});
	expect(text).toBe('Hello from the stand-in model. The task is done.');
	expect(of('text').length).toBeGreaterThan(3);
	expect(of('session')).toEqual([
		{t: 'session', id: '4b3fa03c-361f-47e7-aaae-a65d81d9e8a8', model: 'opus', canResume: true},
	]);
	expect(of('usage')).toEqual([
		{
			t: 'usage',
			tokens,
			costMicroUsd: 4695,
			costSource: 'agent',
			model: 'claude-sonnet-4-5',
			provider: 'anthropic',
		},
	]);
	expect(heard).toEqual([{type: 'user', message: {role: 'user', content: 'Say hello'}}]);
	expect(starts[0]!.args).toEqual(
		expect.arrayContaining(['--permission-prompt-tool', 'stdio', '--permission-mode', 'default', '--model', 'opus']),
	);
});

test.each(['text', 'tool-accept', 'tool-denied-default', 'perm-allow', 'perm-deny', 'cancel-sigint', 'resume-1'])(
	'%s: what is recorded is what it reported, to the micro-dollar',
	async name => {
		const {costMicroUsd, of} = await play('claude', name, {reply: 'reject'});
		expect(reportedMicroUsd(name)).toBeGreaterThan(0);
		expect(costMicroUsd).toBe(reportedMicroUsd(name));
		expect(of('usage').every(({costSource}) => costSource === 'agent')).toBe(true);
	},
);

test('of a session gone on with, only what is new', async () => {
	const resume = {sessionId: 'fa8746d4-45b4-4c2a-a651-18a653a6b38c', countedMicroUsd: 4695};
	const {of, starts} = await play('claude', 'resume-2', {request: {resume}});
	expect(of('usage')).toMatchObject([{tokens, costMicroUsd: 4695}]);
	expect(starts[0]!.args.join(' ')).toContain(`--resume ${resume.sessionId}`);
});

test('a session it does not know is lost', async () => {
	const resume = {sessionId: '00000000-0000-7000-8000-000000000000', countedMicroUsd: 0};
	const {end, of} = await play('claude', 'no-session', {request: {resume}});
	expect(end).toMatchObject({outcome: 'failed', failure: {code: 'agent.session-lost', retryable: true}});
	expect(of('usage')).toEqual([]);
});

test('the price it made up for a model it does not know is unknown', async () => {
	const {of, end} = await play('claude', 'unknown-model');
	expect(end.outcome).toBe('ok');
	expect(of('usage')).toMatchObject([{tokens, costMicroUsd: null, costSource: 'none', model: 'my-local-model'}]);
});

describe('outcomes', () => {
	test.each([
		['text', 0, undefined],
		['tool-accept', 0, undefined],
		['tool-denied-default', 0, undefined],
		// `subtype` is "success" in these.
		['e401-retries0', 1, 'agent.unauthenticated'],
		['hang-apitimeout5s', 1, 'agent.overloaded'],
		['e401', 124, 'agent.unauthenticated'],
		// Interrupted by somebody else, with exit code 0.
		['cancel-sigint', 0, 'agent.incomplete'],
	])('%s', async (name, exit, code) => {
		const {end, of} = await play('claude', name, {exit});
		expect(end.failure?.code).toBe(code);
		expect(end.outcome).toBe(code === undefined ? 'ok' : 'failed');
		if (name === 'e401') expect(of('retry')[0]!.detail).toBe('authentication_failed (401), try 1 of 10');
	});

	test('a process that says nothing is unreachable, and its last words are told', async () => {
		const {end} = await play('claude', 'text', {spec: {set: {RECORDED_FILE: '/nowhere.jsonl'}}});
		expect(end).toMatchObject({failure: {code: 'agent.unreachable', message: expect.stringContaining('ENOENT')}});
	});
});

describe('permissions', () => {
	const file = '/tmp/project/out.txt';

	test('asks with the file, the diff and what always would mean; allowed, the tool runs', async () => {
		const {of, heard, end} = await play('claude', 'perm-allow', {reply: 'allow-once'});
		expect(end.outcome).toBe('ok');
		const [asked] = of('approval');
		expect(asked).toMatchObject({
			title: 'Write out.txt',
			kind: 'edit',
			action: {kind: 'write', paths: [file]},
			options: [
				{id: 'allow-once', isAllow: true},
				{id: 'allow-always', label: 'Always allow edits in this session', isAllow: true},
				{id: 'reject', isAllow: false},
			],
		});
		expect(asked!.preview).toContain('+written by the stand-in model');
		expect(heard[1]).toMatchObject({
			type: 'control_response',
			response: {subtype: 'success', response: {behavior: 'allow', updatedInput: {file_path: file}}},
		});
		expect(of('tool').map(({status, paths}) => [status, ...paths])).toEqual([
			['in_progress', file],
			['completed', file],
		]);
	});

	test('rejected, the turn goes on without it', async () => {
		const {of, heard, end} = await play('claude', 'perm-deny', {reply: 'reject'});
		expect(end.outcome).toBe('ok');
		expect(heard[1]).toMatchObject({response: {response: {behavior: 'deny'}}});
		expect(of('tool').at(-1)!.status).toBe('failed');
	});

	test('always is for this session only', async () => {
		const {heard} = await play('claude', 'perm-allow', {reply: 'allow-always'});
		expect(heard[1]).toMatchObject({
			response: {
				response: {
					behavior: 'allow',
					updatedPermissions: [{type: 'setMode', mode: 'acceptEdits', destination: 'session'}],
				},
			},
		});
	});

	test('held to reading, it has nothing to write with, and is refused without a question', async () => {
		const {of, heard, starts} = await play('claude', 'perm-allow', {request: {access: 'read-only'}});
		expect(of('approval')).toEqual([]);
		expect(of('warning')[0]!.message).toContain('Write out.txt');
		expect(heard[1]).toMatchObject({response: {response: {behavior: 'deny'}}});
		expect(starts[0]!.args.join(' ')).toContain('--permission-mode plan');
		expect(starts[0]!.args.join(' ')).toContain('--tools Read,Glob,Grep --strict-mcp-config');
	});
});

test('a cancel while it asks answers the question, interrupts it and leaves nothing behind', async () => {
	let pid = 0;
	const {end, of, heard} = await play('claude', 'perm-allow', {
		request: {onProcess: id => (pid = id)},
		onEvent: ({t}, abort) => t === 'approval' && abort(),
	});
	expect(end).toEqual({t: 'end', outcome: 'cancelled'});
	expect(of('approval-closed')).toHaveLength(1);
	expect(heard.some(({request}) => (request as {subtype?: string})?.subtype === 'interrupt')).toBe(true);
	expect(aliveInGroup(pid)).toEqual([]);
});

test('what it used before it died without a result is told, unpriced', () => {
	const meter = createClaudeMeter();
	const usage = {input_tokens: 900, cache_read_input_tokens: 300, output_tokens: 1};
	meter.onStreamEvent({type: 'message_start', message: {model: 'claude-sonnet-4-5', usage}});
	meter.onStreamEvent({type: 'message_delta', usage: {...usage, output_tokens: 42}});
	meter.onStreamEvent({type: 'message_start', message: {model: 'claude-sonnet-4-5', usage}});
	expect(meter.left()).toMatchObject([
		{tokens: {input: 2400, cachedInput: 600, output: 43}, costMicroUsd: null, costSource: 'none'},
	]);
	expect(meter.left()).toEqual([]);
});

test('two models share the cost, each its own, and nothing is lost to rounding', () => {
	const use = (costUSD: number, costBasis = 'list') => ({inputTokens: 10, outputTokens: 1, costUSD, costBasis});
	const sums = {opus: use(0.0000014), haiku: use(0.0000014), local: use(0.5, 'unknown')};
	const told = createClaudeMeter().onResult({modelUsage: sums, model_usage_since_last_result: sums});
	expect(told.map(({model, costMicroUsd}) => [model, costMicroUsd])).toEqual([
		['opus', 1],
		['haiku', 2],
		['local', null],
	]);
});

test('is chosen where only Claude itself is installed; Codex, which cannot ask this way, is not', async () => {
	const folder = temporaryFolder();
	for (const name of ['claude', 'codex', 'claude-agent-acp']) symlinkSync(recordedProgram, path.join(folder, name));
	const environment = {PATH: [folder, process.env.PATH].join(path.delimiter), NPM_CONFIG_PREFIX: folder};
	const health = (id: 'claude' | 'codex') =>
		createAdapter({id, adapter: id, args: [], env: [], set: {}, idleMs: 60_000}, environment).health('quick');
	expect((await health('claude')).command).toBe('claude-agent-acp');
	rmSync(path.join(folder, 'claude-agent-acp'));
	expect(await health('claude')).toMatchObject({command: 'claude', detail: expect.stringContaining('Headless.')});
	expect(await health('codex')).toMatchObject({isHealthy: false, detail: expect.stringContaining('codex-acp')});
});

test('what is missing is said with what installs it', async () => {
	const spec = {id: 'claude', adapter: 'claude', args: [], env: [], set: {}, idleMs: 60_000} as const;
	const absent = createAdapter({...spec, protocol: 'headless'}, {PATH: temporaryFolder()});
	expect(await absent.health('quick')).toMatchObject({
		isHealthy: false,
		detail: expect.stringContaining('npm install -g @anthropic-ai/claude-code'),
	});
});
