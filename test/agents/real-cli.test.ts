import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest';
import {createAcpAdapter} from '../../runtime/agents/acp.ts';
import type {AgentSpec} from '../../runtime/agents/spec.ts';
import type {OutputsSchema} from '../../source/workflow/definition.ts';
import {aliveInGroup, temporaryFolder} from '../runtime/agents/run-agent.ts';
import {type AttemptOptions, interruptAttempt, runAttempt} from '../runtime/attempts/agent-attempt.ts';
import {geminiEnvironment, geminiSpec, installGemini} from './gemini.ts';
import {type ModelServer, startModelServer} from './model-server.ts';

/** Real agent programs against a stand-in model: `npm run test:agents`. docs/agents.md has what was seen. */
describe.runIf(process.env.AIWORKFLOW_TEST_AGENTS === '1')('the real gemini --acp', {timeout: 60_000}, () => {
	let program: string;
	let server: ModelServer;
	beforeAll(async () => {
		program = installGemini();
		server = await startModelServer();
	}, 600_000);
	afterAll(() => server.close());

	const run = (scene: string, more: Partial<AttemptOptions> & {spec?: AgentSpec; settings?: object} = {}) =>
		runAttempt({
			spec: geminiSpec(program),
			environment: geminiEnvironment(server.urlOf(scene), more.settings),
			...more,
		});

	const pidOf = (folder: string) =>
		vi.waitFor(() => (JSON.parse(readFileSync(path.join(folder, 'agent.json'), 'utf8')) as {pid: number}).pid, {
			timeout: 20_000,
		});

	const stopped = async (attempt: ReturnType<typeof runAttempt>) => {
		const pid = await pidOf(attempt.context.folder);
		const stoppedMs = performance.now();
		attempt.stop();
		const outcome = await attempt.outcome;
		const tookMs = Math.round(performance.now() - stoppedMs);
		console.log(`gone after ${tookMs} ms`);
		expect(tookMs).toBeLessThan(5000);
		expect(aliveInGroup(pid)).toEqual([]);
		return outcome;
	};

	test('is healthy: it tells its version and answers initialize', async () => {
		const environment = {PATH: process.env.PATH ?? '', ...geminiEnvironment(server.urlOf('text'))};
		const health = await createAcpAdapter(geminiSpec(program), environment).health('deep');
		expect(health).toMatchObject({id: 'gemini', isHealthy: true, version: '0.61.0', detail: null});
	});

	test('answers, and its tokens are recorded with an unknown cost', async () => {
		const attempt = run('text');
		expect(await attempt.outcome).toEqual({
			status: 'completed',
			outputs: {},
			text: {preview: 'Hello from the stand-in model.', sizeBytes: 30, isWhole: true},
			agent: {id: 'gemini', isReplay: false, model: 'gemini-2.5-flash'},
		});
		expect(attempt.of('usage.recorded')).toMatchObject([
			{
				agent: 'gemini',
				model: 'gemini-2.5-flash',
				tokens: {input: 1200, output: 42, cachedInput: 0, reasoning: 0},
				costMicroUsd: null,
				costSource: 'none',
			},
		]);
	});

	test('asks before it writes; allowed, the file is there', async () => {
		const workspace = temporaryFolder();
		const file = path.join(workspace, 'out.txt');
		const attempt = run('write', {workspace, prompt: `Please WRITE:${file}`});
		const asked = await attempt.when('approval.requested');
		expect(asked).toMatchObject({
			question: 'gemini: Writing to out.txt',
			preview: expect.stringContaining('+written by'),
		});
		expect(asked.options!.map(({id, isAllow}) => [id, isAllow])).toEqual([
			['proceed_once', true],
			['proceed_always', true],
			['cancel', false],
		]);
		expect(existsSync(file)).toBe(false);
		await attempt.answerPermission!(asked.approvalId, 'proceed_once');
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
		expect(readFileSync(file, 'utf8')).toBe('written by the stand-in model\n');
		expect(attempt.stdout()).toContain('● edit out.txt');
		expect(attempt.of('usage.recorded')).toMatchObject([{tokens: {input: 2400, output: 84}}]);
	});

	test('rejected, the file is not there and the turn goes on', async () => {
		const workspace = temporaryFolder();
		const file = path.join(workspace, 'out.txt');
		const attempt = run('write', {workspace, prompt: `Please WRITE:${file}`});
		const asked = await attempt.when('approval.requested');
		await attempt.answerPermission!(asked.approvalId, 'cancel');
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
		expect(existsSync(file)).toBe(false);
	});

	test('outputs that do not fit are repaired in the same session', async () => {
		const outputs: OutputsSchema = {type: 'object', properties: {risk: {enum: ['low', 'high']}}, required: ['risk']};
		const attempt = run('json', {outputs});
		expect(await attempt.outcome).toMatchObject({outputs: {risk: 'low'}, text: {preview: 'I judged it.'}});
		expect(attempt.of('agent.session-started')).toHaveLength(1);
		// Each turn tells its own tokens, not the session's.
		expect(attempt.of('usage.recorded').map(usage => usage.tokens?.input)).toEqual([1200, 1200]);
	});

	test('cancelled mid-stream it is gone within 5 s', async () => {
		const attempt = run('slow');
		await vi.waitFor(() => expect(attempt.stdout()).toContain('word'), {timeout: 20_000});
		expect(await stopped(attempt)).toMatchObject({status: 'cancelled'});
	});

	test('cancelled while it asks it is gone within 5 s, and nothing was written', async () => {
		const workspace = temporaryFolder();
		const attempt = run('write', {workspace, prompt: `Please WRITE:${path.join(workspace, 'out.txt')}`});
		await attempt.when('approval.requested');
		expect(await stopped(attempt)).toMatchObject({status: 'cancelled'});
		expect(existsSync(path.join(workspace, 'out.txt'))).toBe(false);
	});

	test('a daemon killed with -9 while it asks: the answer given after the restart reaches it', async () => {
		const workspace = temporaryFolder();
		const file = path.join(workspace, 'out.txt');
		const {events, reattach} = await interruptAttempt(
			{
				spec: geminiSpec(program),
				environment: geminiEnvironment(server.urlOf('write')),
				workspace,
				prompt: `Please WRITE:${file}`,
			},
			journal => journal.some(event => event.type === 'approval.requested'),
		);
		const asked = events.find(event => event.type === 'approval.requested')!;
		const attempt = reattach();
		await attempt.answerPermission!(asked.body.approvalId, 'proceed_once');
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
		expect(attempt.events.map(event => event.type)).toEqual(['usage.recorded']);
		expect(readFileSync(file, 'utf8')).toBe('written by the stand-in model\n');
	});

	test('401 is agent.unauthenticated', async () => {
		expect(await run('e401').outcome).toMatchObject({
			status: 'failed',
			failure: {code: 'agent.unauthenticated', message: expect.stringContaining('API key not valid')},
		});
	});

	test.each(['e429', 'e503', 'hang'])('%s: it tries again in silence, so the watchdog ends it', async scene => {
		const outcome = await run(scene, {spec: geminiSpec(program, {idleMs: 6000})}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code: 'attempt.stalled'}});
	});

	test.each([
		['e429', 'agent.rate-limited'],
		['e503', 'agent.overloaded'],
	])('%s with `general.maxAttempts: 1` in its settings is %s', async (scene, code) => {
		const settings = {general: {maxAttempts: 1}};
		const outcome = await run(scene, {settings, spec: geminiSpec(program, {idleMs: 20_000})}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code}});
	});
});
