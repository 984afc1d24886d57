import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test, vi} from 'vitest';
import type {AgentEvent, AgentRequest} from '../../../runtime/agents/adapter.ts';
import {requestIn, runScripted, scriptedSpec, temporaryFolder} from './run-agent.ts';

vi.setConfig({testTimeout: 30_000});

/**
 * What the real command lines said, played by a program in their place: claude-agent-acp 0.100.0, codex-acp 2.6.0,
 * gemini 0.61.0, opencode 1.18.33, copilot 1.0.102 over ACP. Recorded against a stand-in for the model, so texts and
 * tokens are the same everywhere; trimmed of what no client reads.
 */
const agents = path.resolve(import.meta.dirname, '../../agents');
const recordingOf = (name: string) => path.join(agents, 'recordings', `${name}.jsonl`);
const adapterOf = (name: string) => {
	const agent = name.split('-')[0] as 'claude' | 'codex' | 'gemini' | 'opencode' | 'copilot';
	// Copilot's own adapter does not speak ACP.
	return agent === 'copilot' ? 'acp' : agent;
};

const replayed = (
	name: string,
	options: Parameters<typeof runScripted>[2] & {readonly mode?: string; readonly request?: Partial<AgentRequest>} = {},
) => {
	const args = [path.join(agents, 'recorded-agent.ts'), recordingOf(name)];
	const id = name.split('-')[0]!;
	const spec = scriptedSpec('', {id, adapter: adapterOf(name), command: process.execPath, args, mode: options.mode});
	return runScripted(spec, requestIn(temporaryFolder(), options.request), options);
};

const tokens = {input: 1200, cachedInput: 300, output: 42, reasoning: 7};
const claudeTokens = {input: 1600, cachedInput: 300, cachedWrite: 100, output: 42, reasoning: 0};
const sumOf = (usage: ReadonlyArray<{readonly costMicroUsd: number | null}>) =>
	usage.reduce((sum, {costMicroUsd}) => sum + (costMicroUsd ?? 0), 0);

describe('text', () => {
	test.each([
		['claude-text', claudeTokens, 'anthropic', true],
		['codex-text', tokens, 'openai', true],
		['gemini-text', {input: 1200, output: 42}, 'google', true],
		['opencode-text', tokens, 'fake', true],
		['copilot-text', tokens, undefined, true],
	] as const)(
		'%s: the answer, its tokens, and whether the session can be gone on with',
		async (name, used, provider, canResume) => {
			const {text, end, of} = await replayed(name);
			expect(end).toEqual({t: 'end', outcome: 'ok'});
			expect(text).toMatch(/Hello from the (?:fake|stand-in) model\./);
			expect(of('session')).toMatchObject([{canResume}]);
			const counted = of('usage').filter(usage => usage.tokens !== null);
			expect(counted).toMatchObject([{tokens: used}]);
			expect(counted[0]!.provider).toBe(provider);
		},
	);
});

describe('cost', () => {
	/** What the agent itself said the session cost so far, last. */
	const reportedMicroUsd = (name: string) => {
		const amounts = [...readFileSync(recordingOf(name), 'utf8').matchAll(/"cost":\{"amount":([\d.e-]+)/g)];
		return Math.round(Number(amounts.at(-1)![1]) * 1_000_000);
	};

	test.each([
		['claude-text', {}],
		['claude-perm-allow', {reply: 'allow-once'}],
		['claude-perm-reject', {reply: 'reject'}],
		['claude-haiku', {mode: 'acceptEdits'}],
		['opencode-text', {}],
		['opencode-perm-allow', {reply: 'once'}],
		['opencode-perm-reject', {reply: 'reject'}],
	])('%s: what is recorded is what the agent reported, to the micro-dollar', async (name, options) => {
		const {of} = await replayed(name, options);
		const usage = of('usage');
		expect(reportedMicroUsd(name)).toBeGreaterThan(0);
		expect(sumOf(usage)).toBe(reportedMicroUsd(name));
		// The tokens are no second bill, and nothing looks unpriced.
		expect(usage.every(({costSource}) => costSource === 'agent')).toBe(true);
		expect(usage.filter(used => used.tokens !== null).map(used => used.costMicroUsd)).toEqual([0]);
	});

	test.each([
		['claude-load', 4695],
		['opencode-load', 3420],
	])('%s: of a session gone on with, only what is new', async (name, countedMicroUsd) => {
		const {of} = await replayed(name, {request: {resume: {sessionId: 'session-1', countedMicroUsd}}});
		expect(sumOf(of('usage'))).toBe(reportedMicroUsd(name) - countedMicroUsd);
	});

	test.each(['codex-text', 'gemini-text', 'copilot-text'])('%s: no cost is unknown, never 0', async name => {
		const {of} = await replayed(name);
		expect(of('usage')).toMatchObject([{costMicroUsd: null, costSource: 'none'}]);
	});
});

describe('permissions', () => {
	const file = '/tmp/project/out.txt';
	const writes = {kind: 'write', paths: [file]};
	test.each([
		['claude-perm-allow', 'allow-once', writes],
		['gemini-write', 'proceed_once', writes],
		['opencode-perm-allow', 'once', writes],
		['copilot-perm-allow', 'allow_once', writes],
		['codex-perm-allow', 'allow_once', {kind: 'run', command: `printf 'written by the fake model\\n' > ${file}`}],
	])('%s: asked with what it is about, allowed, done', async (name, reply, action) => {
		const {end, of, text} = await replayed(name, {reply});
		expect(of('approval')).toHaveLength(1);
		const [asked] = of('approval');
		expect(Object.fromEntries(Object.entries(asked!.action).filter(([, value]) => value !== undefined))).toEqual(
			action,
		);
		expect(asked!.options[0]).toMatchObject({id: reply, isAllow: true});
		expect(asked!.options.at(-1)).toMatchObject({isAllow: false});
		expect(asked!.preview ?? asked!.title).toContain('written by');
		expect(end.outcome).toBe('ok');
		expect(text).toMatch(/done\.$/);
	});

	test.each([
		['claude-perm-reject', 'reject'],
		['gemini-perm-reject', 'cancel'],
	])('%s: the turn goes on', async (name, reply) => {
		expect((await replayed(name, {reply})).end.outcome).toBe('ok');
	});

	test.each([
		['codex-perm-reject', 'cancel'],
		['opencode-perm-reject', 'reject'],
	])('%s: the turn ends over it, whatever its stop reason', async (name, reply) => {
		expect((await replayed(name, {reply})).end.failure).toMatchObject({
			code: 'agent.refused',
			message: expect.stringContaining('because a permission was rejected'),
		});
	});

	test.each([
		['claude-perm-reject', 'ok'],
		['codex-perm-reject', 'failed'],
		['gemini-perm-reject', 'ok'],
		['opencode-perm-reject', 'failed'],
	])('%s: a run that may only read asks nobody', async (name, outcome) => {
		const {end, of} = await replayed(name, {request: {access: 'read-only'}});
		expect(of('approval')).toEqual([]);
		expect(of('warning').map(({message}) => message)).toEqual([expect.stringContaining('may only read')]);
		expect(end.outcome).toBe(outcome);
	});
});

describe('failures', () => {
	test.each([
		['claude-e401', 'agent.unauthenticated', 'Authentication required'],
		['claude-air-e401', 'agent.unauthenticated', 'Authentication required'],
		['claude-e429', 'agent.rate-limited', 'Rate limit reached'],
		['claude-air-e429', 'agent.rate-limited', 'Rate limit reached'],
		['claude-air-e529', 'agent.overloaded', '529 Overloaded'],
		['codex-e401', 'agent.unauthenticated', 'Authentication required'],
		['codex-air-e401', 'agent.unauthenticated', 'Authentication required'],
		['codex-e429', 'agent.rate-limited', '429 Too Many Requests'],
		['codex-air-e429', 'agent.rate-limited', '429 Too Many Requests'],
		['codex-air-e529', 'agent.overloaded', '503 Service Unavailable'],
		['gemini-e401', 'agent.unauthenticated', 'API key not valid'],
		['opencode-e401', 'agent.unauthenticated', 'invalid x-api-key'],
		['opencode-e429', 'agent.rate-limited', 'Rate limit reached'],
		['copilot-e401', 'agent.unauthenticated', 'HTTP 401'],
		['copilot-e429', 'agent.rate-limited', '429 Rate limit reached'],
	])('%s is %s', async (name, code, words) => {
		const {end, of} = await replayed(name);
		expect(end).toMatchObject({outcome: 'failed', failure: {code, message: expect.stringContaining(words)}});
		expect(of('usage')).toEqual([]);
	});
});

describe('cancelling', () => {
	const cancelAt = (name: string) => (event: AgentEvent, abort: () => void) => {
		// A hanging model says nothing: the session is all there is to wait for.
		if (event.t === (name.includes('hang') ? 'session' : 'text')) setTimeout(abort, 100);
	};

	test.each([
		'claude-cancel',
		'claude-hang-cancel',
		'codex-cancel',
		'codex-hang-cancel',
		'gemini-cancel',
		'gemini-hang-cancel',
		'opencode-cancel',
		'opencode-hang-cancel',
		'copilot-cancel',
	])('%s', async name => {
		const {end, of} = await replayed(name, {onEvent: cancelAt(name)});
		expect(end).toEqual({t: 'end', outcome: 'cancelled'});
		expect(of('answered')).toEqual([]);
	});
});

describe('going on with a session', () => {
	test.each(['claude-load', 'codex-load', 'gemini-load', 'opencode-load', 'copilot-load'])(
		'%s: what was said before is not said again',
		async name => {
			const {text, end, of} = await replayed(name, {request: {resume: {sessionId: 'session-1', countedMicroUsd: 0}}});
			expect(end.outcome).toBe('ok');
			expect(text.replace(/^Warning: Model metadata[^\n]*\n\n/, '')).toBe(
				'Hello from the fake model. The task is done.',
			);
			expect(of('session')).toMatchObject([{id: 'session-1'}]);
		},
	);
});
