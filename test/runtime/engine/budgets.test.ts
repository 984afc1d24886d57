import {describe, expect, test} from 'vitest';
import type {ScopedBudget} from '../../../runtime/engine/parts.ts';
import {formatCost} from '../../../source/units.ts';
import {inTemporaryFolder} from '../../bench/engine-under-test.ts';
import {type AgentScript, type AgentsWorld, completed, openWorld, type WorldOptions} from './agents-world.ts';
import {definitionOf} from './simulation.ts';

const sequence = (budget: string, count = 3, settings = '', agents = '[claude]') =>
	definitionOf(
		`---\nname: spend\nagent: ${agents}\n${budget}\n---\n# Spend\n${Array.from(
			{length: count},
			(_, index) =>
				`\n## s${index + 1}\n\`\`\`yaml step\n${settings || 'timeout: 5m'}\n\`\`\`\nDo part ${index + 1}.\n`,
		).join('')}`,
	);

const spends =
	(microUsd: number): AgentScript =>
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

const ended = (world: AgentsWorld, id: string) => expect.poll(() => world.run(id).phase).not.toBe('open');
const asked = async (world: AgentsWorld, id: string) => {
	await expect.poll(() => world.openApprovals(id).length).toBe(1);
	return world.openApprovals(id)[0]!;
};

describe('a budget of a run', () => {
	const tenth = 'budget: { usd: 0.01 }';
	const options = {agents: {claude: spends(4000)}, requestUsd: {claude: 0.004}};

	test('$0.01 for three steps of $0.004: the third does not start; more is asked for, given, and it goes on', async () => {
		await inWorld(options, async world => {
			const id = await world.begin(sequence(tenth));
			const question = await asked(world, id);
			expect(world.started).toEqual(['s1:claude', 's2:claude']);
			expect(question).toMatchObject({
				kind: 'budget',
				stepId: 's3',
				question:
					'$0.0080 of $0.01 of the budget of this run are spent, and "s3" is expected to take $0.0040. Spend more?',
				budget: {limit: 10_000, spent: 8000, needed: 4000, extendBy: 10_000},
			});
			expect(world.run(id).steps.s3!.status).toBe('waiting');
			await world.answer(id, question.id, true);
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
			expect(world.started).toEqual(['s1:claude', 's2:claude', 's3:claude']);
			expect(world.typesOf(id)).toEqual(
				expect.arrayContaining(['budget.alerted', 'budget.exceeded', 'budget.extended']),
			);
		});
	});

	test('is still spent after a restart, and the question is still there', async () => {
		await inTemporaryFolder(async folder => {
			let world = openWorld(folder, options);
			const id = await world.begin(sequence(tenth));
			const question = await asked(world, id);
			world.close();
			world = openWorld(folder, {...options, time: world.time});
			world.engine.recover();
			expect(world.openApprovals(id)).toMatchObject([{id: question.id}]);
			await world.answer(id, question.id, true, {extendBy: 1000});
			// A tenth of a cent is not enough: it asks again.
			const again = await asked(world, id);
			expect(again.budget).toMatchObject({limit: 11_000, spent: 8000});
			await world.answer(id, again.id, false, {comment: 'enough'});
			await ended(world, id);
			expect(world.run(id).steps.s3!.failure).toMatchObject({
				code: 'budget.exceeded',
				message: 'tester decided against spending more on "s3": enough.',
			});
			world.close();
		});
	});

	test('what a fork takes over is spent there as well, but is not a cost of the fork', async () => {
		await inWorld(options, async world => {
			const id = await world.begin(sequence(tenth));
			await world.answer(id, (await asked(world, id)).id, true);
			await ended(world, id);
			const {id: fork} = await world.engine.forkRun(id, {
				fromStepId: 's3',
				origin: {by: 'tester', via: 'api'},
				environment: {environment: {}, secrets: {}},
			} as never);
			const question = await asked(world, fork);
			expect(question.budget).toMatchObject({limit: 10_000, spent: 8000});
			expect(world.run(fork).steps.s1!.costMicroUsd).toBe(0);
			await world.answer(fork, question.id, true);
			await ended(world, fork);
			expect(world.ledger.spentSince({runId: fork}, 0).microUsd).toBe(4000);
			expect(world.ledger.spentSince({}, 0).microUsd).toBe(16_000);
		});
	});

	test('`stop` fails the step; nobody is asked', async () => {
		await inWorld(options, async world => {
			const id = await world.begin(sequence('budget: { usd: 0.01, on-exceed: stop }'));
			await ended(world, id);
			expect(world.run(id)).toMatchObject({phase: 'failed', steps: {s3: {failure: {code: 'budget.exceeded'}}}});
			expect(world.started).toHaveLength(2);
		});
	});

	test('what runs at once is reserved: of three steps side by side two begin', async () => {
		const gate = Promise.withResolvers<void>();
		const claude: AgentScript = async (_, {spend}) => {
			await gate.promise;
			await spend(4000);
			return completed;
		};
		await inWorld({agents: {claude}, requestUsd: {claude: 0.004}}, async world => {
			const id = await world.begin(sequence(tenth, 3, 'needs: []'));
			const question = await asked(world, id);
			await expect.poll(() => world.started.length).toBe(2);
			expect(question.budget).toMatchObject({spent: 8000, needed: 4000});
			gate.resolve();
			await world.answer(id, question.id, true);
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
		});
	});

	test('tokens and requests have budgets as well', async () => {
		await inWorld(options, async world => {
			const id = await world.begin(sequence('budget: { requests: 2, on-exceed: stop }'));
			await ended(world, id);
			expect(world.started).toHaveLength(2);
			const tokens = await world.begin(sequence('budget: { tokens: 100, on-exceed: stop }'));
			await ended(world, tokens);
			expect(world.run(tokens).steps.s1!.failure?.code).toBe('budget.exceeded');
		});
	});
});

describe('in the middle of a step', () => {
	const greedy =
		(gate: Promise<void>): AgentScript =>
		async (_, {spend, stopped}) => {
			await spend(6000);
			await spend(6000);
			return Promise.race([gate.then(() => completed), stopped.then(() => ({status: 'cancelled' as const}))]);
		};

	test('it is held while a person is asked, and goes on with the answer', async () => {
		const gate = Promise.withResolvers<void>();
		let isHeld = () => false;
		const claude: AgentScript = (context, tools) => {
			isHeld = tools.isHeld;
			return greedy(gate.promise)(context, tools);
		};
		await inWorld({agents: {claude}}, async world => {
			const id = await world.begin(sequence('budget: 0.01', 1));
			const question = await asked(world, id);
			expect(question).toMatchObject({kind: 'budget', attempt: 1, budget: {limit: 10_000, spent: 12_000}});
			expect(world.run(id).steps.s1!.status).toBe('waiting');
			await expect.poll(() => isHeld()).toBe(true);
			await world.answer(id, question.id, true);
			await expect.poll(() => isHeld()).toBe(false);
			expect(world.run(id).steps.s1!.status).toBe('running');
			gate.resolve();
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
		});
	});

	test('a no ends it, and so does `stop` by itself', async () => {
		const never = new Promise<void>(() => {});
		await inWorld({agents: {claude: greedy(never)}}, async world => {
			const id = await world.begin(sequence('budget: 0.01', 1));
			await world.answer(id, (await asked(world, id)).id, false);
			await ended(world, id);
			expect(world.run(id).steps.s1!.failure?.code).toBe('budget.exceeded');
			const stopped = await world.begin(sequence('budget: { usd: 0.01, on-exceed: stop }', 1));
			await ended(world, stopped);
			expect(world.run(stopped).steps.s1!.failure?.code).toBe('budget.exceeded');
		});
	});
});

describe('what cannot be told', () => {
	const silent: AgentScript = async (_, {spend}) => {
		await spend(null, {model: 'nobody-knows-9'});
		return completed;
	};

	test('an agent whose cost is unknown is asked about once for each run; its cost stays unknown', async () => {
		await inWorld({agents: {claude: silent}, reporting: []}, async world => {
			const id = await world.begin(sequence('budget: 1', 2));
			const question = await asked(world, id);
			expect(question.unknownCostOf).toMatchObject({agent: 'claude'});
			expect(world.started).toEqual([]);
			await world.answer(id, question.id, true);
			await ended(world, id);
			const {phase, steps} = world.run(id);
			expect(phase).toBe('completed');
			expect([steps.s1!.costMicroUsd, steps.s1!.unpriced]).toEqual([null, 1]);
			expect(formatCost(steps.s1!.costMicroUsd, steps.s1!.unpriced)).toBe('$?');
			expect(world.ledger.spentSince({runId: id}, 0)).toMatchObject({microUsd: 0, unknown: 2});
		});
	});

	test('`stop` does not begin, `allow` does not ask', async () => {
		await inWorld({agents: {claude: silent}, reporting: []}, async world => {
			const stopped = await world.begin(sequence('budget: { usd: 1, on-unknown-cost: stop }', 1));
			await ended(world, stopped);
			expect(world.run(stopped).steps.s1!.failure?.code).toBe('budget.exceeded');
			const allowed = await world.begin(sequence('budget: { usd: 1, on-unknown-cost: allow }', 1));
			await ended(world, allowed);
			expect(world.run(allowed).phase).toBe('completed');
			expect(world.started).toHaveLength(1);
		});
	});
});

describe('limits beyond one run', () => {
	const daily = (scope: ScopedBudget['scope'], usd: number, more: object = {}): ScopedBudget => ({
		scope,
		settings: {
			microUsd: usd * 1_000_000,
			period: 'day',
			onExceed: 'stop',
			onUnknownCost: 'ask',
			alertAt: [],
			...more,
		},
	});
	const agents = {claude: spends(4000), codex: spends(1000)};
	const requestUsd = {claude: 0.004, codex: 0.001};

	test.each(['workspace', 'global', 'workflow', 'agent'] as const)('a %s may spend so much a day', async scope => {
		await inWorld({agents, requestUsd, limits: [daily(scope, 0.01)]}, async world => {
			const first = await world.begin(sequence('', 2));
			await ended(world, first);
			const second = await world.begin(sequence('', 1));
			await ended(world, second);
			expect(world.run(second).steps.s1!.failure?.code).toBe('budget.exceeded');
			world.time.pass(86_400_000);
			const tomorrow = await world.begin(sequence('', 1));
			await ended(world, tomorrow);
			expect(world.run(tomorrow).phase).toBe('completed');
		});
	});

	test('an agent over its own budget is passed over for another one', async () => {
		await inWorld({agents, requestUsd, limits: [{...daily('agent', 0.005), name: 'claude'}]}, async world => {
			const id = await world.begin(sequence('', 3, '', '[claude, codex]'));
			await ended(world, id);
			expect(world.started).toEqual(['s1:claude', 's2:codex', 's3:codex']);
			expect(world.run(id).steps.s2!.switches).toMatchObject([{from: 'claude', to: 'codex', reason: 'over-budget'}]);
		});
	});

	test('`downgrade` takes the cheaper one where the dear one does not fit, and asks where nothing does', async () => {
		await inWorld({agents, requestUsd}, async world => {
			const definition = sequence('budget: { usd: 0.006, on-exceed: downgrade }', 4, '', '[claude, codex]');
			const id = await world.begin(definition);
			const question = await asked(world, id);
			expect(world.started).toEqual(['s1:claude', 's2:codex', 's3:codex']);
			expect(question.stepId).toBe('s4');
		});
	});
});
