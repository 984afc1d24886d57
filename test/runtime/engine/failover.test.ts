import {afterEach, describe, expect, test} from 'vitest';
import {inTemporaryFolder} from '../../bench/engine-under-test.ts';
import {
	type AgentScript,
	type AgentsWorld,
	completed,
	failedWith,
	openWorld,
	type WorldOptions,
} from './agents-world.ts';
import {definitionOf} from './simulation.ts';

const steps = (settings: string, agents = '[claude, codex, gemini]', more = '') =>
	definitionOf(`---
name: chain
agent: ${agents}
${more}---
# Chain

## work
\`\`\`yaml step
${settings}
\`\`\`
Do the work.

## after
Do more.
`);
const only = (settings: string, agents?: string) => {
	const definition = steps(settings, agents);
	return {...definition, steps: definition.steps.slice(0, 1)};
};

const succeeds: AgentScript = async (_, {spend}) => {
	await spend(3000);
	return completed;
};
const failsWith =
	(code: string, more: object = {}, spent = 0): AgentScript =>
	async (_, {spend}) => {
		if (spent > 0) await spend(spent);
		return failedWith(code, more);
	};

let world: AgentsWorld | undefined;
afterEach(() => {
	world = undefined;
});

const inWorld = (options: WorldOptions, use: (opened: AgentsWorld) => Promise<void>) =>
	inTemporaryFolder(async folder => {
		world = openWorld(folder, options);
		try {
			await use(world);
		} finally {
			world.close();
		}
	});

const ended = (opened: AgentsWorld, id: string) => expect.poll(() => opened.run(id).phase).not.toBe('open');

describe('failover', () => {
	test('the first is limited, the second stalls, the third does it; all of it is told and paid for', async () => {
		const agents = {
			claude: failsWith('agent.rate-limited', {}, 1000),
			codex: failsWith('attempt.stalled', {}, 2000),
			gemini: succeeds,
		};
		await inWorld({agents}, async opened => {
			const id = await opened.begin(only('timeout: 5m'));
			await ended(opened, id);
			const run = opened.run(id);
			expect(run.phase).toBe('completed');
			expect(opened.started).toEqual(['work:claude', 'work:codex', 'work:gemini']);
			expect(run.steps.work!.costMicroUsd).toBe(6000);
			expect(run.steps.work!.switches).toMatchObject([
				{from: 'claude', to: 'codex', reason: 'rate-limited'},
				{from: 'codex', to: 'gemini', reason: 'timed-out'},
			]);
			expect(opened.ledger.spentSince({runId: id}, 0)).toMatchObject({microUsd: 6000, unknown: 0, requests: 3});
		});
	});

	test('what the one before wrote and said is handed over', async () => {
		const agents = {
			claude: async () => ({
				...failedWith('agent.crashed'),
				text: {preview: 'I was about to edit x.ts', sizeBytes: 24, isWhole: true},
			}),
			codex: succeeds,
		} as Record<string, AgentScript>;
		await inWorld({agents}, async opened => {
			const id = await opened.begin(only('timeout: 5m', '[claude, codex]'));
			await ended(opened, id);
			expect(opened.contexts[0]!.prompt).toBe('Do the work.');
			expect(opened.contexts[1]!.prompt).toMatch(/^Another agent \(claude\) began this task/);
			expect(opened.contexts[1]!.prompt).toContain('I was about to edit x.ts');
			expect(opened.contexts[1]!.prompt).toMatch(/Do the work\.$/);
		});
	});

	test('with `reset` what it wrote is taken back, and nothing is handed over', async () => {
		const restored: string[] = [];
		const agents = {claude: failsWith('agent.crashed'), codex: succeeds};
		await inWorld({agents, snapshots: {restored}}, async opened => {
			const id = await opened.begin(only('on-failover: reset\nundo: git', '[claude, codex]'));
			await ended(opened, id);
			expect(opened.run(id).phase).toBe('completed');
			expect(restored).toEqual([`runs/${id}/snapshots/work/1`]);
			expect(opened.contexts[1]!.prompt).toBe('Do the work.');
		});
	});

	test('steps after it ask the one that took over, until the first has had its rest', async () => {
		let isLimited = true;
		const claude: AgentScript = async () => (isLimited ? failedWith('agent.overloaded') : completed);
		await inWorld({agents: {claude, codex: succeeds}}, async opened => {
			const definition = steps('on-failover: { retry-primary-after: 10m }', '[claude, codex]');
			const id = await opened.begin(definition);
			await ended(opened, id);
			expect(opened.started).toEqual(['work:claude', 'work:codex', 'after:codex']);
			isLimited = false;
			// Another run knows nothing of it.
			await ended(opened, await opened.begin(definition));
			expect(opened.started.slice(3)).toEqual(['work:claude', 'after:claude']);
		});
	});

	test('a code that `on` does not name fails the step', async () => {
		await inWorld({agents: {claude: failsWith('agent.refused'), codex: succeeds}}, async opened => {
			const id = await opened.begin(only('on-failover: { on: [agent.rate-limited] }', '[claude, codex]'));
			await ended(opened, id);
			expect(opened.run(id)).toMatchObject({phase: 'failed', steps: {work: {failure: {code: 'agent.refused'}}}});
			expect(opened.started).toEqual(['work:claude']);
		});
	});

	test('`max` limits how often in a round; a retry begins another round with the first', async () => {
		const crash = failsWith('agent.crashed');
		await inWorld({agents: {claude: crash, codex: crash, gemini: succeeds}, random: 1}, async opened => {
			const id = await opened.begin(
				only('on-failover: { max: 1, retry-primary-after: 1ms }\nretry: { max: 1, delay: 1s, on: [agent.*] }'),
			);
			await expect
				.poll(() => opened.run(id).steps.work!.status === 'retrying' && opened.started.length === 2)
				.toBe(true);
			opened.time.pass(1000);
			await ended(opened, id);
			expect(opened.started).toEqual(['work:claude', 'work:codex', 'work:claude', 'work:codex']);
			expect(opened.run(id).phase).toBe('failed');
		});
	});
});

describe('a limit with a known reset', () => {
	const soon = (opened: () => AgentsWorld): AgentScript => {
		let calls = 0;
		return async () =>
			++calls === 1 ? failedWith('agent.rate-limited', {resetAtMs: opened().time.now() + 3_600_000}) : completed;
	};

	test('is waited for where no other agent is left, across a restart, and then gone on with', async () => {
		await inTemporaryFolder(async folder => {
			const claude = soon(() => world!);
			world = openWorld(folder, {agents: {claude}});
			const {time} = world;
			const id = await world.begin(only('timeout: 5m', '[claude]'));
			await expect.poll(() => world!.run(id).steps.work!.status).toBe('retrying');
			const {retryAtMs, attempts} = world.run(id).steps.work!;
			expect(attempts).toMatchObject([{next: 'quota', failure: {code: 'agent.rate-limited'}}]);
			expect(retryAtMs).toBe(time.now() + 3_600_000);
			await expect.poll(() => world!.engine.openRuns().length).toBe(0);
			world.close();
			time.pass(1_800_000);
			world = openWorld(folder, {agents: {claude}, time});
			world.engine.recover();
			time.pass(1_799_000);
			await new Promise(resolve => setImmediate(resolve));
			expect(world.started).toEqual([]);
			time.pass(1000);
			await expect.poll(() => world!.run(id).phase).toBe('completed');
			expect(world.started).toEqual(['work:claude']);
			world.close();
		});
	});

	test('another agent takes over at once; others are not sent into the same limit', async () => {
		await inWorld({agents: {claude: soon(() => world!), codex: succeeds}}, async opened => {
			const id = await opened.begin(only('timeout: 5m', '[claude, codex]'));
			await ended(opened, id);
			expect(opened.started).toEqual(['work:claude', 'work:codex']);
			await ended(opened, await opened.begin(only('timeout: 5m', '[claude, codex]')));
			expect(opened.started).toEqual(['work:claude', 'work:codex', 'work:codex']);
			expect(opened.ofType('agent.switched').at(-1)!.body).toMatchObject({from: 'claude', reason: 'rate-limited'});
		});
	});

	test('`quota: wait` waits although another agent is there; `fail` never waits', async () => {
		await inWorld({agents: {claude: soon(() => world!), codex: succeeds}}, async opened => {
			const id = await opened.begin(only('on-failover: { quota: wait }', '[claude, codex]'));
			await expect.poll(() => opened.run(id).steps.work!.status).toBe('retrying');
			opened.time.pass(3_600_000);
			await ended(opened, id);
			expect(opened.started).toEqual(['work:claude', 'work:claude']);
		});
		await inWorld({agents: {claude: soon(() => world!)}}, async opened => {
			const id = await opened.begin(only('on-failover: { quota: fail }', '[claude]'));
			await ended(opened, id);
			expect(opened.run(id)).toMatchObject({phase: 'failed', steps: {work: {failure: {code: 'agent.rate-limited'}}}});
		});
	});

	test('one that is too far away is a failure like any other', async () => {
		await inWorld({agents: {claude: soon(() => world!)}}, async opened => {
			const id = await opened.begin(only('on-failover: { quota-max: 30m }', '[claude]'));
			await ended(opened, id);
			expect(opened.run(id).phase).toBe('failed');
		});
	});
});

test('an attempt whose process vanished goes on with the session of its agent', async () => {
	let calls = 0;
	const claude: AgentScript = async ({stepId, attempt}, {report, spend}) => {
		calls++;
		if (calls > 1) return completed;
		const agent = {id: 'claude', isReplay: false};
		await report([{type: 'agent.session-started', body: {stepId, attempt, agent, sessionId: 's-1', canResume: true}}]);
		await spend(1500);
		return {status: 'interrupted', reason: 'vanished'};
	};
	await inWorld({agents: {claude, codex: succeeds}}, async opened => {
		const id = await opened.begin(only('on-interrupt: fail', '[claude, codex]'));
		await ended(opened, id);
		expect(opened.run(id).phase).toBe('completed');
		expect(opened.started).toEqual(['work:claude', 'work:claude']);
		expect(opened.contexts[1]).toMatchObject({resume: {sessionId: 's-1', countedMicroUsd: 1500}});
		expect(opened.run(id).steps.work!.attempts).toMatchObject([
			{status: 'interrupted'},
			{status: 'completed', resumes: 1},
		]);
	});
});

test('one without a session to go on with is decided by `on-interrupt`', async () => {
	const claude: AgentScript = async () => ({status: 'interrupted', reason: 'vanished'});
	await inWorld({agents: {claude}}, async opened => {
		const id = await opened.begin(only('on-interrupt: fail', '[claude]'));
		await ended(opened, id);
		expect(opened.run(id).steps.work!.failure?.code).toBe('attempt.vanished');
	});
});
