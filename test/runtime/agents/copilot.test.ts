import {cpSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test} from 'vitest';
import type {AgentRequest} from '../../../runtime/agents/adapter.ts';
import {createAdapter} from '../../../runtime/agents/adapters.ts';
import {decisionOf, optionsOfRequest} from '../../../runtime/agents/copilot/permissions.ts';
import {createCopilotReader} from '../../../runtime/agents/copilot/reader.ts';
import {usageOfCall} from '../../../runtime/agents/copilot/usage.ts';
import type {AgentSpec} from '../../../runtime/agents/spec.ts';
import {aliveInGroup, requestIn, runScripted, temporaryFolder} from './run-agent.ts';

/** GitHub Copilot CLI 1.0.102 under its SDK 1.0.14, recorded against a stand-in for its model and played by a program. */
const agents = path.resolve(import.meta.dirname, '../../agents');
const program = path.join(agents, 'recorded-copilot.ts');

const withSdk = () => {
	const folder = temporaryFolder();
	cpSync(path.join(agents, 'stand-in-copilot-sdk'), path.join(folder, 'node_modules/@github/copilot-sdk'), {
		recursive: true,
	});
	return folder;
};

const specOf = (name: string, set: Record<string, string> = {}): AgentSpec => ({
	id: 'copilot',
	adapter: 'copilot',
	command: program,
	searchFolders: [withSdk()],
	args: [],
	env: [],
	set: {RECORDED_FILE: path.join(agents, 'recordings', `sdk-copilot-${name}.jsonl`), ...set},
	idleMs: 60_000,
});

interface Options extends NonNullable<Parameters<typeof runScripted>[2]> {
	readonly set?: Record<string, string>;
	readonly request?: Partial<AgentRequest>;
}

const play = (name: string, {set, request, ...options}: Options = {}) =>
	runScripted(specOf(name, set), requestIn(temporaryFolder(), request), options);

const call = {input: 1200, cachedInput: 300, output: 42, reasoning: 7};

test('answers in pieces, and tells its session and its tokens', async () => {
	const {end, text, of} = await play('text', {request: {model: 'gpt-4.1'}});
	expect(end).toEqual({t: 'end', outcome: 'ok'});
	expect(text).toBe('Hello from the stand-in model.');
	expect(of('text').length).toBeGreaterThan(3);
	expect(of('session')).toEqual([{t: 'session', id: 'session-1', model: 'gpt-4.1', canResume: true}]);
	expect(of('usage')).toEqual([{t: 'usage', tokens: call, costMicroUsd: null, costSource: 'none', model: 'gpt-4.1'}]);
});

test('with a key of one’s own its server is told the model of the step: it does not start without one', async () => {
	const set = {COPILOT_PROVIDER_BASE_URL: 'http://127.0.0.1:9/v1'};
	expect((await play('text', {set, request: {model: 'gpt-4.1'}})).end).toEqual({t: 'end', outcome: 'ok'});
	expect((await play('text', {set})).end).toMatchObject({
		failure: {message: expect.stringContaining('explicit model')},
	});
});

test('asks with the file and the diff; allowed, the tool runs, and each model call tells its tokens', async () => {
	const {end, of} = await play('perm-allow', {reply: 'allow_always'});
	expect(end.outcome).toBe('ok');
	expect(of('approval')).toMatchObject([
		{
			title: 'Create file /tmp/project/out.txt',
			kind: 'edit',
			preview: expect.stringContaining('+written by the stand-in model'),
			action: {kind: 'write', paths: ['/tmp/project/out.txt']},
			options: [
				{id: 'allow_once', isAllow: true},
				{id: 'allow_always', label: 'Always allow edits in this session', isAllow: true},
				{id: 'reject', isAllow: false},
			],
		},
	]);
	expect(of('tool').map(({status}) => status)).toEqual(['in_progress', 'completed']);
	expect(of('usage').map(({tokens}) => tokens)).toEqual([call, call]);
});

test('a command is asked for with its words; rejected with a word, the turn goes on', async () => {
	const {end, of, text} = await play('perm-reject', {reply: 'reject'});
	expect(end.outcome).toBe('ok');
	expect(of('approval')[0]).toMatchObject({
		action: {kind: 'run', command: 'touch out.txt'},
		preview: '$ touch out.txt',
	});
	expect(of('tool').at(-1)!.status).toBe('failed');
	expect(text).toContain('I am done.');
});

test('held to reading, it is refused without a question', async () => {
	const {end, of} = await play('perm-allow', {request: {access: 'read-only'}});
	expect(end.outcome).toBe('ok');
	expect(of('approval')).toEqual([]);
	expect(of('warning')[0]!.message).toContain('may only read');
});

test.each([
	['e401', 'agent.unauthenticated'],
	['e429', 'agent.rate-limited'],
])('%s ends as %s', async (name, code) => {
	const {end, of} = await play(name);
	expect(end).toMatchObject({outcome: 'failed', failure: {code}});
	expect(of('usage')).toEqual([]);
});

describe('failures', () => {
	test('a server that dies in the middle has crashed, with its last words', async () => {
		const {end} = await play('text', {set: {RECORDED_DIE: '1'}});
		expect(end).toMatchObject({failure: {code: 'agent.crashed', message: expect.stringContaining('it broke')}});
	});

	test('a server that does not start for want of a login', async () => {
		const {end} = await play('text', {set: {RECORDED_FILE: ''}});
		expect(end).toMatchObject({failure: {code: 'agent.unauthenticated'}});
	});

	test('a session that is lost is told as such', async () => {
		const {end} = await play('text', {request: {resume: {sessionId: 'lost', countedMicroUsd: 0}}});
		expect(end).toMatchObject({failure: {code: 'agent.session-lost'}});
	});
});

test('a session is gone on with', async () => {
	const {end, of} = await play('text', {request: {resume: {sessionId: 'session-9', countedMicroUsd: 0}}});
	expect(end.outcome).toBe('ok');
	expect(of('session')).toMatchObject([{id: 'session-9'}]);
});

test.each([
	['in a turn', 'session', {RECORDED_SILENT: '1'}],
	['while it asks', 'approval', {}],
] as const)('a cancel %s leaves nothing behind', async (_, when, set) => {
	let pid = 0;
	const {end, of} = await play('perm-allow', {
		set,
		request: {onProcess: id => (pid = id)},
		onEvent: ({t}, abort) => t === when && abort(),
	});
	expect(end).toEqual({t: 'end', outcome: 'cancelled'});
	expect(of('approval-closed')).toHaveLength(of('approval').length);
	expect(aliveInGroup(pid)).toEqual([]);
});

test.each([
	[{finishReason: 'length'}, 'length'],
	[{contentFilterTriggered: true}, 'content_filter'],
	[{finishReason: 'stop'}, undefined],
])('a last model call that ended with %j', (data, type) => {
	const reader = createCopilotReader(() => {});
	reader.take({type: 'assistant.usage', data});
	reader.take({type: 'assistant.message', data: {messageId: '1', content: 'So far'}});
	expect(reader.error()?.type).toBe(type);
});

test('always means this session, and what was asked about', () => {
	const shell = {kind: 'shell', canOfferSessionApproval: true, commands: [{identifier: 'git status'}]};
	expect(decisionOf(shell, 'allow_always')).toEqual({
		kind: 'approve-for-session',
		approval: {kind: 'commands', commandIdentifiers: ['git status']},
	});
	expect(optionsOfRequest({...shell, canOfferSessionApproval: false}).map(({optionId}) => optionId)).toEqual([
		'allow_once',
		'reject',
	]);
	expect(decisionOf(shell, undefined)).toEqual({kind: 'user-not-available'});
});

describe('what it bills in', () => {
	const billed = {model: 'm', inputTokens: 1, outputTokens: 1, cost: 3, copilotUsage: {totalNanoAiu: 1_500_000_000}};

	test('credits for each call, a request for what a person asked', () => {
		expect(usageOfCall({...billed, initiator: 'user'})!.units).toEqual({credits: 1.5, requests: 3});
		expect(usageOfCall({...billed, initiator: 'agent'})!.units).toEqual({credits: 1.5});
	});

	test('nothing with a key of one’s own', () => {
		expect(usageOfCall({...billed, isByok: true})!.units).toBeUndefined();
	});
});

test('without its SDK it is headless, and says that it cannot ask', async () => {
	const bare = {...specOf('text'), searchFolders: []};
	const environment = {PATH: process.env.PATH ?? '', NPM_CONFIG_PREFIX: temporaryFolder()};
	const headless = createAdapter(bare, environment);
	expect(headless.capabilities.approvals).toBe('preset');
	expect((await headless.health('quick')).detail).toContain('cannot ask');
	const asking = createAdapter(specOf('text'), environment);
	expect(asking.capabilities.approvals).toBe('ask');
	expect(await asking.health('quick')).toMatchObject({isHealthy: true, detail: expect.stringContaining('its SDK')});
});
