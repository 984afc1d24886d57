import {expect, test} from 'vitest';
import {aliveInGroup} from '../run-agent.ts';
import {play} from './play.ts';

/** GitHub Copilot CLI 1.0.102 by itself: `--output-format json`. Recorded against a stand-in for its model. */
const usageFile = (calls: number, more: object = {}) =>
	JSON.stringify({
		modelMetrics: {
			'gpt-4.1': {
				requests: {count: calls, cost: 0},
				usage: {
					inputTokens: 1200 * calls,
					outputTokens: 42 * calls,
					cacheReadTokens: 300 * calls,
					cacheWriteTokens: 0,
					reasoningTokens: 7 * calls,
				},
				totalNanoAiu: 0,
				...more,
			},
		},
	});
const call = {input: 1200, cachedInput: 300, output: 42, reasoning: 7};

test('answers in pieces; its tokens are those of its usage file', async () => {
	const {end, text, of, heard, starts} = await play('copilot', 'text', {
		request: {prompt: 'Say hello'},
		spec: {set: {RECORDED_USAGE: usageFile(1)}},
	});
	expect(end).toEqual({t: 'end', outcome: 'ok'});
	expect(text).toBe('Hello from the stand-in model. The task is done.');
	expect(of('text').length).toBeGreaterThan(3);
	expect(of('usage')).toEqual([{t: 'usage', tokens: call, costMicroUsd: null, costSource: 'none', model: 'gpt-4.1'}]);
	expect(heard).toEqual(['Say hello']);
	expect(starts[0]!.args).toContain(`--session-id=${of('session')[0]!.id}`);
});

test.each([
	['text', 0, undefined],
	['tool-allow', 0, undefined],
	['tool-default-denied', 0, undefined],
	['e401', 1, 'agent.unauthenticated'],
	['e503', 1, 'agent.overloaded'],
	// Its last line says 0.
	['cancel-sigint', 130, 'agent.incomplete'],
])('%s', async (name, exit, code) => {
	const {end} = await play('copilot', name, {exit});
	expect(end.failure?.code).toBe(code);
	expect(end.outcome).toBe(code === undefined ? 'ok' : 'failed');
});

test('that it cannot ask is said, and so is what was refused for it', async () => {
	const {of} = await play('copilot', 'tool-default-denied');
	expect(of('warning').map(({message}) => message)).toEqual([
		expect.stringContaining('cannot ask'),
		'A tool was refused, for nobody could be asked.',
	]);
	expect(of('tool').at(-1)!.status).toBe('failed');
	expect((await play('copilot', 'tool-allow')).of('tool').at(-1)).toMatchObject({
		status: 'completed',
		paths: ['/tmp/project/out.txt'],
	});
});

test('held to reading, it has nothing else', async () => {
	const {starts, of} = await play('copilot', 'text', {
		request: {access: 'read-only'},
		spec: {args: ['--allow-all-tools']},
	});
	expect(starts[0]!.args.slice(-2)).toEqual(['--available-tools', 'view,grep,glob']);
	expect(of('warning')).toEqual([]);
});

test('its sums are those of the session: only what is new counts', async () => {
	const resume = {sessionId: '96c10106-536b-4f11-9b69-78b1dfa8c50b', countedMicroUsd: 0, countedTokens: call};
	const {of, starts} = await play('copilot', 'resume-2', {
		request: {resume},
		spec: {set: {RECORDED_USAGE: usageFile(2)}},
	});
	expect(of('usage')).toMatchObject([{tokens: call}]);
	expect(starts[0]!.args).toContain(`--resume=${resume.sessionId}`);
});

test('credits and requests are its bill', async () => {
	const file = usageFile(1, {requests: {count: 1, cost: 1}, totalNanoAiu: 2_500_000_000});
	const {of} = await play('copilot', 'text', {spec: {set: {RECORDED_USAGE: file}}});
	expect(of('usage')).toMatchObject([{units: {credits: 2.5, requests: 1}}]);
});

test('a cancel in the middle leaves nothing behind, and what it used is told', async () => {
	let pid = 0;
	const {end, of} = await play('copilot', 'text', {
		request: {onProcess: id => (pid = id)},
		spec: {set: {RECORDED_USAGE: usageFile(1)}},
		onEvent: ({t}, abort) => t === 'session' && abort(),
	});
	expect(end).toEqual({t: 'end', outcome: 'cancelled'});
	expect(of('usage')).toMatchObject([{tokens: call}]);
	expect(aliveInGroup(pid)).toEqual([]);
});
