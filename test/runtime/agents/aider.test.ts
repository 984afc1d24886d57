import {readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test} from 'vitest';
import {usageOfLine} from '../../../runtime/agents/aider/usage.ts';
import {createAiderAdapter} from '../../../runtime/agents/aider.ts';
import type {AgentSpec} from '../../../runtime/agents/spec.ts';
import {aliveInGroup, requestIn, runScripted, temporaryFolder} from './run-agent.ts';

const program = path.resolve(import.meta.dirname, '../../agents/scripted-aider.ts');
/** A program named as a command, because the flags of Aider come first. */
const aiderSpec = (scene: string, set: Record<string, string> = {}): AgentSpec => ({
	id: 'aider',
	adapter: 'aider',
	command: program,
	args: [],
	env: [],
	set: {AIDER_SCENE: scene, ...set},
	idleMs: 60_000,
});

describe('the line of usage', () => {
	test.each([
		[
			'Tokens: 4.2k sent, 381 received. Cost: $0.02 message, $0.03 session.',
			{input: 4200, output: 381, costMicroUsd: 20_000},
		],
		[
			'Tokens: 1.2M sent, 10k received. Cost: $3.60 message, $1,003.60 session.',
			{input: 1_200_000, output: 10_000, costMicroUsd: 3_600_000},
		],
		['Tokens: 900 sent, 12 received.', {input: 900, output: 12, costMicroUsd: null}],
		[
			'Tokens: 900 sent, 12 received. Cost: $0.00 message, $0.00 session.',
			{input: 900, output: 12, costMicroUsd: null},
		],
		['Tokens: 5k sent, 2k cache write, 1k cache hit, 7 received.', {input: 5000, output: 7, costMicroUsd: null}],
	])('%s', (line, {input, output, costMicroUsd}) =>
		expect(usageOfLine(line)).toMatchObject({tokens: {input, output}, costMicroUsd}),
	);

	test.each(['Tokens: many', 'The Tokens: 4 sent, 5 received.', 'Cost: $1'])('not: %s', line =>
		expect(usageOfLine(line)).toBeUndefined(),
	);
});

test('edits, says so, and tells what it cost', async () => {
	const folder = temporaryFolder();
	const log = path.join(folder, 'log');
	const spec = aiderSpec('edit', {AIDER_LOG: log});
	const {end, text, of} = await runScripted(spec, requestIn(folder, {prompt: 'Change it.', model: 'gpt-5.1'}));
	expect(end).toEqual({t: 'end', outcome: 'ok'});
	expect(text.trim()).toBe('I changed the file.');
	expect(of('usage')).toMatchObject([
		{tokens: {input: 4200, cachedInput: 1100, output: 381}, costMicroUsd: 20_000, costSource: 'agent'},
	]);
	expect(of('tool')).toMatchObject([{kind: 'edit', paths: ['out.txt']}]);
	expect(readFileSync(path.join(folder, 'out.txt'), 'utf8')).toBe('new\n');
	const {args, prompt} = JSON.parse(readFileSync(log, 'utf8')) as {args: string[]; prompt: string};
	expect(prompt).toBe('Change it.');
	expect(args).toEqual(expect.arrayContaining(['--yes-always', '--no-auto-commits', '--model', 'gpt-5.1']));
	expect(args).not.toContain('--chat-mode');
});

test('held to reading, it is told to only answer', async () => {
	const folder = temporaryFolder();
	const log = path.join(folder, 'log');
	await runScripted(aiderSpec('unpriced', {AIDER_LOG: log}), requestIn(folder, {access: 'read-only'}));
	const {args} = JSON.parse(readFileSync(log, 'utf8')) as {args: string[]};
	expect(args.slice(args.indexOf('--chat-mode'), args.indexOf('--chat-mode') + 2)).toEqual(['--chat-mode', 'ask']);
});

test.each([
	['limited', 'agent.rate-limited'],
	['unauthenticated', 'agent.unauthenticated'],
	['crash', 'agent.crashed'],
])('%s ends as %s, whatever the exit code says', async (scene, code) => {
	const {end} = await runScripted(aiderSpec(scene), requestIn(temporaryFolder()));
	expect(end).toMatchObject({outcome: 'failed', failure: {code}});
	if (scene === 'limited') expect(end.failure!.resetAtMs).toBeGreaterThan(Date.now());
});

test('an error it gets over is no failure', async () => {
	const {end, of} = await runScripted(aiderSpec('recovers'), requestIn(temporaryFolder()));
	expect(end).toEqual({t: 'end', outcome: 'ok'});
	expect(of('retry')).toHaveLength(1);
});

test('a cancel leaves nothing behind', async () => {
	let pid = 0;
	const request = requestIn(temporaryFolder(), {onProcess: id => (pid = id)});
	const {end} = await runScripted(aiderSpec('hang'), request, {onEvent: ({t}, abort) => t === 'text' && abort()});
	expect(end).toEqual({t: 'end', outcome: 'cancelled'});
	expect(aliveInGroup(pid)).toEqual([]);
});

test('what is not there is said with what installs it; what is there tells its version', async () => {
	const absent = createAiderAdapter({...aiderSpec('edit'), command: undefined}, {PATH: '/nowhere'});
	expect(await absent.health('quick')).toMatchObject({isHealthy: false, detail: expect.stringContaining('aider')});
	const present = createAiderAdapter(aiderSpec('edit'), {PATH: process.env.PATH ?? ''});
	expect(await present.health('quick')).toMatchObject({isHealthy: true, version: 'aider 0.99.0'});
});
