import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test, vi} from 'vitest';
import {replaySpec} from '../../../runtime/agents/spec.ts';
import type {OutputsSchema} from '../../../source/workflow/definition.ts';
import {aliveInGroup, scriptedSpec, temporaryFolder} from '../agents/run-agent.ts';
import {interruptAttempt, runAttempt} from './agent-attempt.ts';

/** Processes take their time on a busy machine. */
const patiently = {timeout: 15_000, interval: 10};
vi.setConfig({testTimeout: 30_000});

describe('an attempt under its host', () => {
	test('completes with its text, and the journal learns of session and usage', async () => {
		const attempt = runAttempt({spec: scriptedSpec('text')});
		expect(await attempt.outcome).toEqual({
			status: 'completed',
			outputs: {},
			text: {preview: 'Hello from the script.', sizeBytes: 22, isWhole: true},
			agent: {id: 'scripted', isReplay: false, model: 'small'},
		});
		expect(attempt.stdout()).toBe('Hello from the script.');
		expect(attempt.of('agent.session-started')).toMatchObject([
			{
				stepId: 'judge',
				attempt: 1,
				agent: {id: 'scripted', isReplay: false, model: 'small'},
				sessionId: 'scripted-session',
				hostLine: 0,
			},
		]);
		expect(attempt.of('usage.recorded')).toMatchObject([
			{costMicroUsd: 3420, costSource: 'agent', tokens: null, hostLine: 1},
			{costMicroUsd: 700, costSource: 'agent', tokens: null, hostLine: 2},
			// What they cost is in the lines above.
			{costMicroUsd: 0, costSource: 'agent', tokens: {input: 1200}, model: 'small', hostLine: 3},
		]);
	});

	test('the text of a step is its last message; the transcript has all of it', async () => {
		const attempt = runAttempt({spec: scriptedSpec('tool')});
		expect(await attempt.outcome).toMatchObject({text: {preview: 'Wrote "b\\n".'}});
		expect(attempt.stdout()).toBe('I will edit.\n● edit src/x.ts\nWrote "b\\n".');
	});

	test('its folder and files are private', async () => {
		const attempt = runAttempt({spec: scriptedSpec('text')});
		await attempt.outcome;
		const modeOf = (name: string) => statSync(path.join(attempt.context.folder, name)).mode & 0o777;
		expect(['.', 'answers'].map(modeOf)).toEqual([0o700, 0o700]);
		expect(['request.json', 'events.ndjson', 'result.json', 'stdout.log'].map(modeOf)).toEqual([
			0o600, 0o600, 0o600, 0o600,
		]);
	});

	test('50 MB of text pass through: the beginning is in the event, all of it in answer.txt', {
		timeout: 60_000,
	}, async () => {
		const attempt = runAttempt({spec: scriptedSpec('flood')});
		const outcome = await attempt.outcome;
		const sizeBytes = 50 * 1024 * 1024 + 'The end.'.length;
		expect(outcome).toMatchObject({status: 'completed', text: {sizeBytes, isWhole: false}});
		expect(statSync(path.join(attempt.context.folder, 'answer.txt')).size).toBe(sizeBytes);
		expect(statSync(path.join(attempt.context.folder, 'stdout.log')).size).toBe(sizeBytes);
	});

	test.runIf(process.env.AIWORKFLOW_PROOF === 'full')(
		'more text than a transcript may have ends it',
		{
			timeout: 120_000,
		},
		async () => {
			const attempt = runAttempt({spec: scriptedSpec('flood', {set: {FLOOD_MB: '300'}})});
			expect(await attempt.outcome).toMatchObject({status: 'failed', failure: {code: 'output.too-large'}});
			expect(statSync(path.join(attempt.context.folder, 'stdout.log')).size).toBeLessThan(260 * 1024 * 1024);
		},
	);

	test('a line of 33 MiB is skipped, as much on standard error is cut, and what follows is heard', async () => {
		const attempt = runAttempt({spec: scriptedSpec('long-line')});
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'It goes on.'}});
		const kept = attempt.stderr();
		expect(kept).toContain('(the rest is not kept)');
		expect(Buffer.byteLength(kept)).toBeLessThan(17 * 1024 * 1024);
	});

	test('junk on standard output is kept with the standard error', async () => {
		const attempt = runAttempt({spec: scriptedSpec('junk')});
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'bad \uFFFD( byte'}});
		expect(attempt.stderr()).toContain('[not a message] Welcome to Agent 3000!');
	});

	test.each([
		['e401', 'agent.unauthenticated', false],
		['e429', 'agent.rate-limited', true],
		['e529-marker', 'agent.overloaded', true],
		['crash', 'agent.crashed', true],
	])('%s fails as %s', async (scene, code, retryable) => {
		const outcome = await runAttempt({spec: scriptedSpec(scene)}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code, retryable}, agent: {id: 'scripted'}});
	});

	test('an agent that is not there fails as agent.unreachable', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('text', {command: 'no-such-agent'})}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code: 'agent.unreachable'}});
	});

	test('silence ends it as attempt.stalled', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('hang', {idleMs: 400})}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code: 'attempt.stalled'}, text: {preview: 'One word.'}});
	});

	test('the deadline ends it as attempt.timed-out', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('stream'), deadlineAtMs: Date.now() + 700}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code: 'attempt.timed-out'}});
	});

	test('a host that dies fails as agent.crashed, and its agent does not survive it', async () => {
		const attempt = runAttempt({spec: scriptedSpec('stubborn')});
		const pid = await agentPidOf(attempt.context.folder);
		await vi.waitFor(() => expect(attempt.stdout()).toContain('never'), patiently);
		// The host is the agent's parent.
		process.kill(Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], {encoding: 'utf8'})), 'SIGKILL');
		expect(await attempt.outcome).toMatchObject({status: 'failed', failure: {code: 'agent.crashed'}});
		await vi.waitFor(() => expect(aliveInGroup(pid)).toEqual([]), patiently);
	});
});

const agentPidOf = (folder: string) =>
	vi.waitFor(() => (JSON.parse(readFileSync(path.join(folder, 'agent.json'), 'utf8')) as {pid: number}).pid, {
		...patiently,
	});

describe('cancelling', () => {
	test('mid-stream: nothing of it is left within 5 s', async () => {
		const attempt = runAttempt({spec: scriptedSpec('stream')});
		const pid = await agentPidOf(attempt.context.folder);
		await vi.waitFor(() => expect(attempt.stdout()).toContain('tick'), patiently);
		attempt.stop();
		expect(await attempt.outcome).toMatchObject({
			status: 'cancelled',
			text: {preview: expect.stringContaining('tick')},
		});
		expect(aliveInGroup(pid)).toEqual([]);
	});

	test('an agent that ignores it is killed within 5 s', async () => {
		const attempt = runAttempt({spec: scriptedSpec('stubborn')});
		const pid = await agentPidOf(attempt.context.folder);
		await vi.waitFor(() => expect(attempt.stdout()).toContain('never'), patiently);
		const stoppedMs = performance.now();
		attempt.stop();
		expect(await attempt.outcome).toMatchObject({status: 'cancelled'});
		expect(performance.now() - stoppedMs).toBeLessThan(5000);
		expect(aliveInGroup(pid)).toEqual([]);
	});

	test('with a permission open: it is gone, and leaves withdrawing to the engine, which did it already', async () => {
		const attempt = runAttempt({spec: scriptedSpec('permission')});
		await attempt.when('approval.requested');
		attempt.stop();
		expect(await attempt.outcome).toMatchObject({status: 'cancelled'});
		expect(attempt.of('approval.withdrawn')).toEqual([]);
	});

	test('before it began: nothing is left running', async () => {
		const attempt = runAttempt({spec: scriptedSpec('stream')});
		attempt.stop();
		expect(await attempt.outcome).toMatchObject({status: 'cancelled'});
	});
});

describe('permissions', () => {
	test('are approvals of the journal, answered by option', async () => {
		const attempt = runAttempt({spec: scriptedSpec('permission')});
		const asked = await attempt.when('approval.requested');
		expect(asked).toMatchObject({
			approvalId: expect.stringMatching(/^[0-9a-f]{12}$/),
			kind: 'permission',
			question: 'scripted: Writing a file',
			preview: expect.stringContaining('+new'),
			hostLine: 1,
		});
		await attempt.answerPermission!(asked.approvalId, 'once');
		// A second answer, after a restart for instance, changes nothing.
		await attempt.answerPermission!(asked.approvalId, 'no');
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'Done.'}});
		expect(readFileSync(path.join(attempt.context.workspace, 'out.txt'), 'utf8')).toBe('new\n');
		expect(attempt.stdout()).toContain('? Writing a file\n→ Allow\n');
		expect(attempt.of('approval.withdrawn')).toEqual([]);
	});

	test('a rejected one keeps the file away', async () => {
		const attempt = runAttempt({spec: scriptedSpec('permission')});
		const {approvalId, options} = await attempt.when('approval.requested');
		await attempt.answerPermission!(approvalId, options!.find(option => !option.isAllow)!.id);
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'Then not.'}});
		expect(existsSync(path.join(attempt.context.workspace, 'out.txt'))).toBe(false);
	});

	test('one that the agent takes back is withdrawn', async () => {
		const attempt = runAttempt({spec: scriptedSpec('permission-back')});
		expect(await attempt.outcome).toMatchObject({status: 'completed', text: {preview: 'Never mind.'}});
		const {approvalId} = attempt.of('approval.requested')[0]!;
		expect(attempt.of('approval.withdrawn')).toMatchObject([{approvalId, stepId: 'judge'}]);
	});

	test('waiting for one is no silence', async () => {
		const attempt = runAttempt({spec: scriptedSpec('permission', {idleMs: 400})});
		const {approvalId} = await attempt.when('approval.requested');
		await new Promise(resolve => setTimeout(resolve, 1000));
		await attempt.answerPermission!(approvalId, 'once');
		expect(await attempt.outcome).toMatchObject({status: 'completed'});
	});
});

describe('a daemon killed with -9', () => {
	const interrupted = async (scene: string, until: Parameters<typeof interruptAttempt>[1]) => {
		const log = path.join(temporaryFolder(), 'agent.log');
		const {events, reattach} = await interruptAttempt({spec: scriptedSpec(scene, {set: {AGENT_LOG: log}})}, until);
		const prompts = () =>
			readFileSync(log, 'utf8')
				.split('\n')
				.filter(line => line.includes('"prompt"')).length;
		return {events, reattached: reattach(), prompts};
	};

	test('while a permission waits: the answer given after the restart reaches the agent, nothing is asked twice', async () => {
		const {events, reattached, prompts} = await interrupted('permission', journal =>
			journal.some(event => event.type === 'approval.requested'),
		);
		const asked = events.find(event => event.type === 'approval.requested')!;
		await reattached.answerPermission!(asked.body.approvalId, 'once');
		expect(await reattached.outcome).toMatchObject({status: 'completed', text: {preview: 'Done.'}});
		expect(reattached.events.map(event => event.type)).toEqual(['usage.recorded']);
		expect(prompts()).toBe(1);
	});

	test('mid-stream: the agent is not started again and can still be stopped', async () => {
		const {reattached, prompts} = await interrupted(
			'stream',
			(_, folder) =>
				existsSync(path.join(folder, 'stdout.log')) &&
				readFileSync(path.join(folder, 'stdout.log'), 'utf8').includes('tick'),
		);
		reattached.stop();
		expect(await reattached.outcome).toMatchObject({status: 'cancelled'});
		expect(reattached.events).toEqual([]);
		expect(prompts()).toBe(1);
	});

	test('an attempt that ended meanwhile is taken in', async () => {
		const {events, reattached} = await interrupted('text', (_, folder) => existsSync(path.join(folder, 'claim')));
		expect(await reattached.outcome).toMatchObject({status: 'completed', text: {preview: 'Hello from the script.'}});
		const types = [...events, ...reattached.events].map(event => event.type);
		expect(types).toEqual(['agent.session-started', 'usage.recorded', 'usage.recorded', 'usage.recorded']);
	});

	test('an attempt that never began says so', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('text')}, 'reattach').outcome;
		expect(outcome).toEqual({status: 'interrupted', reason: 'never-claimed'});
	});

	test('an overdue attempt is ended on the way back', async () => {
		const spec = scriptedSpec('stream');
		const first = runAttempt({spec});
		await agentPidOf(first.context.folder);
		const again = runAttempt({spec, folder: first.context.folder, deadlineAtMs: Date.now() - 1}, 'reattach');
		expect(await again.outcome).toMatchObject({status: 'failed', failure: {code: 'attempt.timed-out'}});
	});
});

describe('outputs', () => {
	const outputs: OutputsSchema = {
		type: 'object',
		properties: {risk: {enum: ['low', 'high']}, files: {type: 'array', items: {type: 'string'}}},
		required: ['risk', 'files'],
	};

	test('are read from the block at the end, which is no part of the text', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('outputs'), outputs}).outcome;
		expect(outcome).toMatchObject({
			status: 'completed',
			outputs: {risk: 'low', files: ['a.ts']},
			text: {preview: 'It is fine.', isWhole: true},
		});
	});

	test('that do not fit are asked for once more, in the same session', async () => {
		const log = path.join(temporaryFolder(), 'log');
		const attempt = runAttempt({spec: scriptedSpec('outputs-repaired', {set: {AGENT_LOG: log}}), outputs});
		expect(await attempt.outcome).toMatchObject({
			status: 'completed',
			outputs: {risk: 'high', files: []},
			text: {preview: 'Risky.'},
		});
		expect(attempt.of('agent.warned')).toHaveLength(1);
		expect(attempt.of('agent.session-started')).toHaveLength(1);
		expect(attempt.of('usage.recorded')).toHaveLength(2);
		expect(readFileSync(log, 'utf8')).toContain('do not fit');
	});

	test('that still do not fit fail the step', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('output.invalid'), outputs}).outcome;
		expect(outcome).toMatchObject({
			status: 'failed',
			failure: {code: 'output.invalid', message: expect.stringContaining('no fenced block')},
			text: {preview: 'I will not.'},
		});
	});

	test('that hold a secret fail the step', async () => {
		const outcome = await runAttempt({spec: scriptedSpec('outputs'), outputs, secrets: ['a.ts']}).outcome;
		expect(outcome).toMatchObject({status: 'failed', failure: {code: 'output.secret'}});
	});
});

describe('a replay', () => {
	test('says that it is one, costs nothing, and hands over its outputs', async () => {
		const bundleFolder = temporaryFolder();
		mkdirSync(path.join(bundleFolder, 'recordings'));
		const recording = 'version: 1\nanswers:\n  - step: judge\n    text: All good.\n    outputs: {risk: low}\n';
		writeFileSync(path.join(bundleFolder, 'recordings/review.yaml'), recording);
		const outputs: OutputsSchema = {type: 'object', properties: {risk: {enum: ['low', 'high']}}, required: ['risk']};
		const attempt = runAttempt({spec: replaySpec, bundleFolder, outputs});
		expect(await attempt.outcome).toMatchObject({
			status: 'completed',
			outputs: {risk: 'low'},
			text: {preview: 'All good.'},
			agent: {id: 'replay', isReplay: true},
		});
		expect(attempt.of('agent.session-started')).toMatchObject([{agent: {isReplay: true}}]);
		expect(attempt.of('usage.recorded')).toMatchObject([{costMicroUsd: 0, tokens: null}]);
	});
});
