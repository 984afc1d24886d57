import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, test, vi} from 'vitest';
import {createAdapter} from '../../runtime/agents/adapters.ts';
import type {AgentSpec} from '../../runtime/agents/spec.ts';
import type {OutputsSchema} from '../../source/workflow/definition.ts';
import {aliveInGroup, temporaryFolder} from '../runtime/agents/run-agent.ts';
import {type AttemptOptions, interruptAttempt, runAttempt} from '../runtime/attempts/agent-attempt.ts';
import {notesIn} from '../runtime/tools/given.ts';
import {type ModelServer, startModelServer} from './model-server.ts';
import {written} from './models/scenes.ts';
import {type Asks, chosenAgents, environmentOf, homeOf, install, specOf} from './real-agents.ts';

/** Real agent programs against a stand-in for their models: `npm run test:agents`. docs/agents.md has what was seen. */
const chosen = chosenAgents();

test.skipIf(chosen.length > 0)('no real agents were asked for: AIWORKFLOW_TEST_AGENTS names none', ({skip}) => skip());

describe.each(chosen)('the real $name', {timeout: 120_000}, agent => {
	const {id, name, seen} = agent;
	let home: string;
	let server: ModelServer;
	beforeAll(async () => {
		install(agent);
		home = homeOf(agent);
		server = await startModelServer();
	}, 900_000);
	afterAll(() => server.close());

	type Options = Partial<AttemptOptions> & {readonly idleMs?: number; readonly change?: Partial<AgentSpec>};
	const optionsOf = (scene: string, {idleMs, change, ...more}: Options = {}): AttemptOptions => ({
		spec: specOf(agent, {...(idleMs !== undefined && {idleMs}), ...change}),
		environment: environmentOf(agent, home, server.urlOf(scene)),
		model: agent.model,
		...more,
	});
	const started: Array<ReturnType<typeof runAttempt>> = [];
	const run = (scene: string, options?: Options) => {
		const attempt = runAttempt(optionsOf(scene, options));
		started.push(attempt);
		return attempt;
	};

	/** A test that failed leaves no agent behind that waits for an answer. */
	afterEach(async () => {
		for (const attempt of started.splice(0)) {
			attempt.stop();
			await attempt.outcome;
		}
	});

	const writing = () => {
		const workspace = temporaryFolder();
		const file = path.join(workspace, 'out.txt');
		return {workspace, file, prompt: `Please WRITE:${file}`};
	};

	const pidOf = (folder: string) =>
		vi.waitFor(() => (JSON.parse(readFileSync(path.join(folder, 'agent.json'), 'utf8')) as {pid: number}).pid, {
			timeout: 30_000,
		});

	const stopped = async (attempt: ReturnType<typeof runAttempt>) => {
		const pid = await pidOf(attempt.context.folder);
		const stoppedMs = performance.now();
		attempt.stop();
		const outcome = await attempt.outcome;
		const tookMs = Math.round(performance.now() - stoppedMs);
		console.log(`${name}: gone after ${tookMs} ms`);
		expect(tookMs).toBeLessThan(5000);
		expect(aliveInGroup(pid)).toEqual([]);
		return outcome;
	};

	/** @returns Whether the model that never ends has begun to speak, as far as the transcript can show it. */
	const saying = () => {
		const callsBefore = server.calls().length;
		return (transcript: string) =>
			seen.saysAtOnce ? server.calls().length > callsBefore : transcript.includes('word');
	};

	const costOf = (attempt: ReturnType<typeof runAttempt>) =>
		attempt.of('usage.recorded').reduce((sum, usage) => sum + (usage.costMicroUsd ?? 0), 0);

	const countedBy = (attempt: ReturnType<typeof runAttempt>) =>
		attempt.of('usage.recorded').filter(({tokens}) => tokens !== null);

	test('is healthy: it tells its version and answers initialize', async () => {
		const health = await createAdapter(specOf(agent), environmentOf(agent, home, server.urlOf('text'))).health('deep');
		expect(health).toMatchObject({id, isHealthy: true, version: agent.version});
	});

	test('answers; its tokens and its cost are recorded', async () => {
		const callsBefore = server.calls().length;
		const attempt = run('text');
		expect(await attempt.outcome).toMatchObject({
			status: 'completed',
			text: {preview: 'Hello from the stand-in model.', isWhole: true},
			agent: {id, isReplay: false, model: agent.model},
		});
		expect(attempt.of('agent.session-started')).toHaveLength(1);
		const usage = attempt.of('usage.recorded');
		const counted = countedBy(attempt);
		expect(counted).toMatchObject([{agent: id, model: agent.model, tokens: seen.tokens}]);
		if (seen.costMicroUsd === null) {
			expect(usage).toMatchObject([{costMicroUsd: null, costSource: 'none'}]);
		} else {
			// What it reports may hold a call of its own besides, for a title.
			const calls = server.calls().length - callsBefore;
			expect(costOf(attempt) % seen.costMicroUsd).toBe(0);
			expect(costOf(attempt)).toBeGreaterThanOrEqual(seen.costMicroUsd);
			expect(costOf(attempt)).toBeLessThanOrEqual(seen.costMicroUsd * calls);
			const costMicroUsd = seen.costsWithTokens ? costOf(attempt) : 0;
			expect(counted).toMatchObject([{costMicroUsd, costSource: 'agent'}]);
		}
	});

	test.each(['write', 'run'])('held to reading, it does not %s, and nobody is asked', async scene => {
		const {workspace, file, prompt} = writing();
		const attempt = run(scene, {workspace, prompt: `${prompt} RUN:touch ran.txt;`, access: 'read-only'});
		await attempt.outcome;
		expect(attempt.of('approval.requested')).toEqual([]);
		expect(server.calls().at(-1)!.scene).toBe(scene);
		expect(existsSync(file)).toBe(false);
		expect(existsSync(path.join(workspace, 'ran.txt'))).toBe(false);
	});

	test('outputs that do not fit are repaired in the same session', async () => {
		const outputs: OutputsSchema = {type: 'object', properties: {risk: {enum: ['low', 'high']}}, required: ['risk']};
		const attempt = run('json', {outputs});
		expect(await attempt.outcome).toMatchObject({outputs: {risk: 'low'}, text: {preview: 'I judged it.'}});
		expect(attempt.of('agent.session-started')).toHaveLength(1);
	});

	test('cancelled mid-stream it is gone within 5 s', async () => {
		const isSaid = saying();
		const attempt = run('slow');
		await vi.waitFor(() => expect(isSaid(attempt.stdout())).toBe(true), {timeout: 40_000});
		expect(await stopped(attempt)).toMatchObject({status: 'cancelled'});
	});

	const calling = (tool: string, more: Options = {}) => {
		const workspace = temporaryFolder();
		const notes = path.join(workspace, 'notes.txt');
		const attempt = run('tool', {workspace, prompt: `Please TOOL:${tool} now.`, tools: notesIn(workspace), ...more});
		return {attempt, notes};
	};

	test('calls a tool that it was given: a person is asked once, and the model gets the answer', async () => {
		const {attempt, notes} = calling('notes_add');
		const asked = await attempt.when('approval.requested');
		expect(asked).toMatchObject({question: `${id}: Call notes.add`, action: {tool: 'notes', operation: 'add'}});
		expect(asked.preview).toContain(written);
		expect(existsSync(notes)).toBe(false);
		await attempt.answerPermission!(asked.approvalId, 'allow');
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
		expect(readFileSync(notes, 'utf8')).toBe(`${written}\n`);
		expect(attempt.of('approval.requested')).toHaveLength(1);
		expect(attempt.of('agent.tool-called')).toMatchObject([{tool: 'notes', operation: 'add', outcome: 'ok'}]);
		expect(server.calls().at(-1)!.body).toMatch(/\{\\*"added\\*":true\}/);
	});

	test('held to reading, it calls what only reads', async () => {
		const {attempt} = calling('notes_read', {access: 'read-only'});
		const asked = await attempt.when('approval.requested');
		await attempt.answerPermission!(asked.approvalId, 'allow');
		await attempt.outcome;
		expect(attempt.of('agent.tool-called')).toMatchObject([{operation: 'read', outcome: 'ok'}]);
	});

	test('held to reading, it calls nothing that may change something', async () => {
		const {attempt, notes} = calling('notes_add', {access: 'read-only'});
		await attempt.outcome;
		expect(attempt.of('approval.requested')).toEqual([]);
		expect(existsSync(notes)).toBe(false);
	});

	const testAsking = (asks: Asks) => {
		test('asks before it writes; allowed, the file is there', async () => {
			const {workspace, file, prompt} = writing();
			const attempt = run('write', {workspace, prompt});
			const asked = await attempt.when('approval.requested');
			expect(asked.question).toContain(asks.question);
			expect(asked.preview).toContain(written);
			expect(asked.options![0]).toMatchObject({id: asks.allow, isAllow: true});
			expect(asked.options!.at(-1)).toMatchObject({id: asks.reject, isAllow: false});
			expect(existsSync(file)).toBe(false);
			await attempt.answerPermission!(asked.approvalId, asks.allow);
			expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
			expect(readFileSync(file, 'utf8')).toBe(`${written}\n`);
			const [permission] = hostEventsOf(attempt, 'permission');
			expect(permission!.action).toMatchObject({
				kind: asks.action,
				...(asks.action === 'write' ? {paths: [file]} : {command: expect.stringContaining(file)}),
			});
		});

		test('rejected, the file is not there', async () => {
			const {workspace, file, prompt} = writing();
			const attempt = run('write', {workspace, prompt});
			const asked = await attempt.when('approval.requested');
			await attempt.answerPermission!(asked.approvalId, asks.reject);
			expect(await attempt.outcome).toMatchObject(
				asks.goesOn ? {status: 'completed', text: {preview: 'I am done.'}} : {failure: {code: 'agent.refused'}},
			);
			expect(existsSync(file)).toBe(false);
		});

		test('asks before it runs a command, and says which', async () => {
			const workspace = temporaryFolder();
			const attempt = run('run', {workspace, prompt: 'Please RUN:touch ran.txt;'});
			const asked = await attempt.when('approval.requested');
			expect(hostEventsOf(attempt, 'permission')[0]!.action).toMatchObject({kind: 'run', command: 'touch ran.txt'});
			expect(existsSync(path.join(workspace, 'ran.txt'))).toBe(false);
			await attempt.answerPermission!(asked.approvalId, asked.options![0]!.id);
			expect(await attempt.outcome).toMatchObject({status: 'completed'});
			expect(existsSync(path.join(workspace, 'ran.txt'))).toBe(true);
		});

		test('cancelled while it asks it is gone within 5 s, and nothing was written', async () => {
			const {workspace, file, prompt} = writing();
			const attempt = run('write', {workspace, prompt});
			await attempt.when('approval.requested');
			expect(await stopped(attempt)).toMatchObject({status: 'cancelled'});
			expect(existsSync(file)).toBe(false);
		});

		test('a daemon killed with -9 while it asks: the answer given after the restart reaches it', async () => {
			const {workspace, file, prompt} = writing();
			const {events, reattach} = await interruptAttempt(optionsOf('write', {workspace, prompt}), journal =>
				journal.some(event => event.type === 'approval.requested'),
			);
			const asked = events.find(event => event.type === 'approval.requested')!;
			const attempt = reattach();
			await attempt.answerPermission!(asked.body.approvalId, asks.allow);
			expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
			expect(new Set(attempt.events.map(event => event.type))).toEqual(new Set(['usage.recorded']));
			expect(readFileSync(file, 'utf8')).toBe(`${written}\n`);
		});
	};

	const testNotAsking = (becomes: 'written' | 'refused') => {
		test(`cannot ask: a command is ${becomes === 'written' ? 'run in its sandbox' : 'refused'}`, async () => {
			const workspace = temporaryFolder();
			const attempt = run('run', {workspace, prompt: 'Please RUN:touch ran.txt;'});
			expect(await attempt.outcome).toMatchObject({status: 'completed'});
			expect(attempt.of('approval.requested')).toEqual([]);
			expect(existsSync(path.join(workspace, 'ran.txt'))).toBe(becomes === 'written');
		});

		test(`cannot ask, and says so: what it would write is ${becomes}`, async () => {
			const {workspace, file, prompt} = writing();
			const attempt = run('write', {workspace, prompt});
			expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'I am done.'}});
			expect(attempt.of('approval.requested')).toEqual([]);
			expect(hostEventsOf(attempt, 'warning')[0]!.message).toMatch(/cannot ask for leave this way/);
			expect(existsSync(file)).toBe(becomes === 'written');
			const adapter = createAdapter(specOf(agent), environmentOf(agent, home, server.urlOf('text')));
			expect(adapter.capabilities).toMatchObject({approvals: 'preset', deltas: !seen.saysAtOnce});
		});

		test('a daemon killed with -9 mid-stream: after the restart it works on, and can be cancelled', async () => {
			const isSaid = saying();
			const {reattach} = await interruptAttempt(optionsOf('slow'), (_, folder) => {
				const file = path.join(folder, 'stdout.log');
				return existsSync(file) && isSaid(readFileSync(file, 'utf8'));
			});
			const attempt = reattach();
			const before = attempt.stdout().length;
			if (!seen.saysAtOnce)
				await vi.waitFor(() => expect(attempt.stdout().length).toBeGreaterThan(before), {timeout: 10_000});
			expect(await stopped(attempt)).toMatchObject({status: 'cancelled'});
		});
	};

	if (typeof seen.write === 'string') testNotAsking(seen.write);
	else testAsking(seen.write);

	test('its session is gone on with after its process is gone; only what is new is counted', async () => {
		const workspace = temporaryFolder();
		const first = run('text', {workspace, prompt: 'Remember the word heliotrope.'});
		expect(await first.outcome).toMatchObject({status: 'completed'});
		const [session] = hostEventsOf(first, 'session');
		expect(session!.canResume).toBe(true);
		agent.age?.(home);
		const callsBefore = server.calls().length;
		const countedTokens = countedBy(first)[0]!.tokens!;
		const resume = {sessionId: session!.sessionId, countedMicroUsd: costOf(first), countedTokens};
		const second = run('text', {workspace, prompt: 'Go on.', resume});
		expect(await second.outcome).toMatchObject({
			status: 'completed',
			// Nothing of what was said before is said again.
			text: {preview: 'Hello from the stand-in model.', isWhole: true},
		});
		expect(second.stdout().match(/Hello/g)).toHaveLength(1);
		const calls = server.calls().slice(callsBefore);
		expect(calls.some(({body}) => body.includes('heliotrope') && body.includes('Go on.'))).toBe(true);
		expect(countedBy(second)).toMatchObject([{tokens: seen.tokens}]);
		if (seen.costMicroUsd === null) return;
		expect(costOf(second)).toBeGreaterThanOrEqual(seen.costMicroUsd);
		expect(costOf(second)).toBeLessThanOrEqual(seen.costMicroUsd * (calls.length + 1));
	});

	test('a session it does not know is agent.session-lost', async () => {
		const sessionId = id === 'opencode' ? 'ses_0000000000000000000000000' : '00000000-0000-7000-8000-000000000000';
		const attempt = run('text', {resume: {sessionId, countedMicroUsd: 0}});
		expect(await attempt.outcome).toMatchObject({failure: {code: 'agent.session-lost', retryable: true}});
	});

	test('401 is agent.unauthenticated', async () => {
		expect(await run('e401').outcome).toMatchObject({
			status: 'failed',
			failure: {code: 'agent.unauthenticated', retryable: false},
		});
	});

	test.each(['e429', 'e503'] as const)('%s', async scene => {
		const idleMs = seen[scene] === 'attempt.stalled' ? 8000 : 60_000;
		const attempt = run(scene, {idleMs});
		const beganAtMs = Date.now();
		const outcome = await attempt.outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code: seen[scene]}});
		const {failure} = outcome as Extract<typeof outcome, {status: 'failed'}>;
		expect(failure.resetAtMs !== undefined).toBe(scene === 'e429' && seen.tellsReset);
		console.log(`${name}: ${scene} after ${Date.now() - beganAtMs} ms, resets ${failure.resetAtMs ?? 'unsaid'}`);
		expect(attempt.of('usage.recorded')).toEqual([]);
	});

	test('a model that hangs: the watchdog ends it', async () => {
		expect(await run('hang', {idleMs: 8000}).outcome).toMatchObject({
			status: 'failed',
			failure: {code: 'attempt.stalled'},
		});
	});
});

interface HostLine {
	readonly t: string;
	readonly sessionId: string;
	readonly canResume?: boolean;
	readonly message?: string;
	readonly action?: object;
}

const hostEventsOf = (attempt: ReturnType<typeof runAttempt>, t: string) =>
	readFileSync(path.join(attempt.context.folder, 'events.ndjson'), 'utf8')
		.split('\n')
		.filter(Boolean)
		.map(line => JSON.parse(line) as HostLine)
		.filter(line => line.t === t);
