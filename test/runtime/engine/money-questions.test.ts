import {describe, expect, test} from 'vitest';
import type {ScopedBudget} from '../../../runtime/engine/parts.ts';
import {agentUnreachable} from '../../../source/errors.ts';
import {inTemporaryFolder} from '../../bench/engine-under-test.ts';
import {
	type AgentScript,
	type AgentsWorld,
	completed,
	firstOfList,
	openWorld,
	type WorldOptions,
} from './agents-world.ts';
import {definitionOf} from './simulation.ts';

/** Questions of money where things happen at once, again, on another day, or while the daemon dies. */

const origin = {by: 'tester', via: 'api' as const};
const dayMs = 86_400_000;

const stepsOf = (frontmatter: string, count: number, settings = 'timeout: 30d') =>
	definitionOf(
		`---\nname: spend\nagent: claude\n${frontmatter}\n---\n# Spend\n${Array.from(
			{length: count},
			(_, index) => `\n## s${index + 1}\n\`\`\`yaml step\n${settings}\n\`\`\`\nDo part ${index + 1}.\n`,
		).join('')}`,
	);
const itemsOf = (frontmatter: string, count: number) =>
	definitionOf(
		`---\nname: items\nagent: claude\n${frontmatter}\n---\n# Items\n\n## work\n\`\`\`yaml step\nforeach: [${Array.from({length: count}, (_, index) => index).join(', ')}]\n\`\`\`\nDo it.\n`,
	);

const daily = (settings: object = {}): ScopedBudget => ({
	scope: 'global',
	settings: {
		...{microUsd: 10_000, period: 'day', onExceed: 'pause', onUnknownCost: 'ask', alertAt: []},
		...settings,
	} as ScopedBudget['settings'],
});

const spends =
	(microUsd: number | null): AgentScript =>
	async (_, {spend}) => {
		await spend(microUsd);
		return completed;
	};

const inWorld = (options: WorldOptions, use: (world: AgentsWorld, folder: string) => Promise<void>) =>
	inTemporaryFolder(async folder => {
		const world = openWorld(folder, options);
		try {
			await use(world, folder);
		} finally {
			world.close();
		}
	});

const ended = (world: AgentsWorld, id: string) => expect.poll(() => world.run(id).phase).not.toMatch(/open|queued/);
const asked = async (world: AgentsWorld, id: string) => {
	await expect.poll(() => world.openApprovals(id).length).toBeGreaterThan(0);
	return world.openApprovals(id)[0]!;
};

describe('at once', () => {
	test('ten items that do not fit ask one question, and one yes lets them begin', async () => {
		await inWorld({agents: {claude: spends(1000)}, requestUsd: {claude: 0.001}}, async world => {
			const id = await world.begin(itemsOf('budget: { usd: 0.0005 }', 10));
			const question = await asked(world, id);
			await expect.poll(() => world.engine.loadOf('claude')).toBe(0);
			expect(world.openApprovals(id)).toHaveLength(1);
			expect(world.started).toEqual([]);
			await world.answer(id, question.id, true, {extendBy: 100_000});
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
			expect(world.ofType('approval.requested')).toHaveLength(1);
		});
	});

	test('two that run over the same budget are both held; one yes lets both go on', async () => {
		const gate = Promise.withResolvers<void>();
		const held: (() => boolean)[] = [];
		const claude: AgentScript = async (_, {spend, isHeld}) => {
			held.push(isHeld);
			await spend(6000);
			await spend(6000);
			await gate.promise;
			return completed;
		};
		await inWorld({agents: {claude}}, async world => {
			const id = await world.begin(stepsOf('budget: 0.01', 2, 'needs: []'));
			await expect.poll(() => held.filter(isHeld => isHeld()).length).toBe(2);
			const question = await asked(world, id);
			await world.answer(id, question.id, true, {extendBy: 100_000});
			await expect.poll(() => held.filter(isHeld => isHeld()).length).toBe(0);
			expect(world.openApprovals(id)).toEqual([]);
			expect(world.ofType('budget.extended')).toHaveLength(1);
			gate.resolve();
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
		});
	});

	test('a yes that is not enough for the other leaves its question open', async () => {
		const gate = Promise.withResolvers<void>();
		const held: Record<string, () => boolean> = {};
		const claude: AgentScript = async ({stepId}, {spend, isHeld}) => {
			held[stepId] = isHeld;
			await spend(stepId === 's1' ? 1000 : 6000);
			await gate.promise;
			return completed;
		};
		const budgets = 'budget: [{ usd: 0.005 }, { requests: 1 }]';
		await inWorld({agents: {claude}}, async world => {
			const id = await world.begin(stepsOf(budgets, 2, 'needs: []'));
			const question = await asked(world, id);
			await world.answer(id, question.id, true, {extendBy: 1});
			await expect.poll(() => held.s2?.()).toBe(true);
			expect((await asked(world, id)).budget).toMatchObject({budget: {unit: 'usd'}});
			gate.resolve();
			await ended(world, id);
		});
	});
});

describe('again', () => {
	test('after a no, a retry of the run asks anew', async () => {
		await inWorld({agents: {claude: spends(4000)}, requestUsd: {claude: 0.004}}, async world => {
			const id = await world.begin(stepsOf('budget: { usd: 0.002 }', 1));
			await world.answer(id, (await asked(world, id)).id, false);
			await ended(world, id);
			world.time.pass(1000);
			await world.engine.retryRun(id, {origin} as never);
			const question = await asked(world, id);
			await world.answer(id, question.id, true);
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
			expect(world.started).toEqual(['s1:claude']);
		});
	});

	test('a no holds for the rest of the run: what comes after it is not asked about', async () => {
		await inWorld({agents: {claude: spends(4000)}, requestUsd: {claude: 0.004}}, async world => {
			const id = await world.begin(stepsOf('budget: { usd: 0.002 }', 2, 'continue-on-error: true\nneeds: []'));
			await world.answer(id, (await asked(world, id)).id, false);
			await ended(world, id);
			expect(world.ofType('approval.requested')).toHaveLength(1);
			expect(world.run(id).steps.s2!.failure?.code).toBe('budget.exceeded');
		});
	});

	test('a no of one day does not hold on the next', async () => {
		const workflow = definitionOf(
			'---\nname: days\nagent: claude\n---\n# Days\n\n## s1\n```yaml step\ncontinue-on-error: true\n```\nDo.\n\n## s2\n```yaml step\ncontinue-on-error: true\n```\nDo.\n\n## night\n```yaml step\nwait: 24h\n```\n\n## s3\nDo.\n\n## s4\nDo.\n',
		);
		const options = {agents: {claude: spends(6000)}, requestUsd: {claude: 0.006}, limits: [daily()]};
		await inWorld(options, async world => {
			const id = await world.begin(workflow);
			await world.answer(id, (await asked(world, id)).id, false);
			await expect.poll(() => world.run(id).steps.night!.status).toBe('waiting');
			world.time.pass(dayMs);
			const question = await asked(world, id);
			expect(question).toMatchObject({stepId: 's4', budget: {spent: 6000, limit: 10_000}});
			await world.answer(id, question.id, true);
			await ended(world, id);
			expect(world.run(id).steps.s4!.status).toBe('completed');
		});
	});

	test('a share that was told of one day is told again on the next', async () => {
		const workflow = definitionOf(
			'---\nname: days\nagent: claude\n---\n# Days\n\n## s1\nDo.\n\n## night\n```yaml step\nwait: 24h\n```\n\n## s2\nDo.\n',
		);
		const options = {agents: {claude: spends(6000)}, limits: [daily({alertAt: [0.5]})]};
		await inWorld(options, async world => {
			const id = await world.begin(workflow);
			await expect.poll(() => world.run(id).steps.night!.status).toBe('waiting');
			expect(world.ofType('budget.alerted')).toHaveLength(1);
			world.time.pass(dayMs);
			await ended(world, id);
			expect(world.ofType('budget.alerted')).toHaveLength(2);
		});
	});
});

describe('while the daemon dies', () => {
	test('between what was spent and the question: the next one asks and holds', async () => {
		await inTemporaryFolder(async folder => {
			let isHeld = () => false;
			const claude: AgentScript = async (_, tools) => {
				isHeld = tools.isHeld;
				if (world.run(id)?.steps.s1?.costMicroUsd === null) await tools.spend(20_000);
				await tools.stopped;
				return {status: 'cancelled'};
			};
			let id = '';
			let world = openWorld(folder, {
				agents: {claude},
				onCommit: (events, {die}) => events.some(({type}) => type === 'usage.recorded') && die(),
			});
			const {time} = world;
			const definition = stepsOf('budget: 0.01', 1);
			id = await world.begin(definition);
			await expect.poll(() => world.ofType('usage.recorded').length).toBe(1);
			world.close();
			world = openWorld(folder, {agents: {claude}, time});
			expect(world.openApprovals(id)).toEqual([]);
			world.engine.recover();
			const question = await asked(world, id);
			expect(question).toMatchObject({attempt: 1, budget: {spent: 20_000}});
			await expect.poll(() => isHeld()).toBe(true);
			await world.answer(id, question.id, false);
			await ended(world, id);
			expect(world.run(id).steps.s1!.failure?.code).toBe('budget.exceeded');
			world.close();
		});
	});

	test('between the answer and the attempt: the next one begins it', async () => {
		await inTemporaryFolder(async folder => {
			const options = {agents: {claude: spends(4000)}, requestUsd: {claude: 0.004}};
			let world = openWorld(folder, {
				...options,
				onCommit: (events, {die}) => events.some(({type}) => type === 'approval.approved') && die(),
			});
			const {time} = world;
			const id = await world.begin(stepsOf('budget: { usd: 0.002 }', 1));
			const question = await asked(world, id);
			// Nothing but the question is left: the run is not in memory any more.
			await expect.poll(() => world.engine.openRuns().length).toBe(0);
			await world.answer(id, question.id, true);
			world.close();
			world = openWorld(folder, {...options, time});
			expect(world.engine.recover()).toBe(1);
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
			expect(world.started).toEqual(['s1:claude']);
			world.close();
		});
	});

	test('the question is withdrawn when the run is cancelled, before and in the middle of the attempt', async () => {
		const claude: AgentScript = async (_, {spend, stopped}) => {
			await spend(20_000);
			await stopped;
			return {status: 'cancelled'};
		};
		await inWorld({agents: {claude}, requestUsd: {claude: 0.004}}, async world => {
			for (const budget of ['budget: { usd: 0.002 }', 'budget: { usd: 0.01 }']) {
				const id = await world.begin({...stepsOf(budget, 1), name: budget});
				await asked(world, id);
				await world.engine.cancelRun(id, origin, 'not wanted');
				await ended(world, id);
				expect(world.run(id).phase).toBe('cancelled');
				expect(world.openApprovals(id)).toEqual([]);
				expect(world.engine.loadOf('claude')).toBe(0);
			}
		});
	});
});

describe('other agents', () => {
	const definition = definitionOf('---\nname: two\nagent: [claude, codex]\n---\n# Two\n\n## work\nDo it.\n');

	test('where they cannot be asked, more is asked for the one whose budget is spent', async () => {
		const own: ScopedBudget = {...daily({microUsd: 1000}), scope: 'agent', name: 'claude'};
		const choose: WorldOptions['choose'] = request =>
			firstOfList({...request, agents: request.agents.filter(agent => agent === 'claude')}).catch(() => {
				throw agentUnreachable('codex', 'it is not installed');
			});
		const options = {agents: {claude: spends(2000)}, requestUsd: {claude: 0.002}, limits: [own], choose};
		await inWorld(options, async world => {
			const id = await world.begin(definition);
			const question = await asked(world, id);
			expect(question.budget?.budget).toMatchObject({scope: 'agent', name: 'claude'});
			await world.answer(id, question.id, true);
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
		});
	});

	test('one of them goes on where the agent whose session was left cannot be asked', async () => {
		const claude: AgentScript = async ({stepId, attempt}, {report}) => {
			const agent = {id: 'claude', isReplay: false};
			await report([{type: 'agent.session-started', body: {stepId, attempt, agent, sessionId: 's', canResume: true}}]);
			limit();
			return {status: 'interrupted', reason: 'vanished'};
		};
		let limit = () => {};
		await inWorld({agents: {claude, codex: spends(1000)}}, async world => {
			limit = () =>
				world.breakers.record('agent', 'claude', {
					code: 'agent.rate-limited',
					message: 'limited',
					resetAtMs: world.time.now() + 3_600_000,
				});
			const id = await world.begin(definition);
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
			expect(world.started).toEqual(['work:claude', 'work:codex']);
			expect(world.contexts[1]!.resume).toBeUndefined();
		});
	});
});

test('an agent that was to tell what it costs and did not is asked about before it is used again', async () => {
	await inWorld({agents: {claude: spends(null)}}, async world => {
		const id = await world.begin(stepsOf('budget: 1', 3));
		const question = await asked(world, id);
		expect(question).toMatchObject({stepId: 's2', unknownCostOf: {agent: 'claude'}});
		expect(world.started).toEqual(['s1:claude']);
		await world.answer(id, question.id, true);
		await ended(world, id);
		expect(world.started).toHaveLength(3);
		// Another run knows it beforehand.
		const next = await world.begin(stepsOf('budget: 1', 1));
		expect(await asked(world, next)).toMatchObject({stepId: 's1', unknownCostOf: {agent: 'claude'}});
		await world.engine.cancelRun(next, origin, 'enough');
	});
});
