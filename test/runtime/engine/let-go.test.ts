import {describe, expect, test} from 'vitest';
import type {AgentChooser, ScopedBudget} from '../../../runtime/engine/parts.ts';
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

/** What an attempt takes before it begins (money set aside, a place with its agent, the try of a breaker) is given back. */

const each = definitionOf(
	'---\nname: each\nagent: claude\n---\n# Each\n\n## work\n```yaml step\nforeach: [1, 2]\nundo: git\n```\nDo {{item}}.\n',
);
const one = definitionOf(
	'---\nname: one\nagent: claude\n---\n# One\n\n## work\n```yaml step\nundo: git\n```\nDo it.\n',
);
const plain = definitionOf('---\nname: plain\nagent: claude\n---\n# Plain\n\n## work\nDo it.\n');
const origin = {by: 'tester', via: 'api' as const};

const daily: ScopedBudget = {
	scope: 'global',
	settings: {microUsd: 10_000, period: 'day', onExceed: 'stop', onUnknownCost: 'ask', alertAt: []},
};

const spends: AgentScript = async (_, {spend}) => {
	await spend(4000);
	return completed;
};

const inWorld = (options: WorldOptions, use: (world: AgentsWorld) => Promise<void>) =>
	inTemporaryFolder(async folder => {
		const world = openWorld(folder, options);
		try {
			await use(world);
		} finally {
			world.close();
		}
	});

const ended = (world: AgentsWorld, id: string) => expect.poll(() => world.run(id).phase).not.toMatch(/open|queued/);

/** Snapshots wait at a gate, which tells how many are there. */
const gate = () => {
	const {promise, resolve} = Promise.withResolvers<void>();
	let waiting = 0;
	return {
		open: () => resolve(),
		waiting: () => waiting,
		async pass() {
			waiting++;
			await promise;
			waiting--;
		},
	};
};

/** An agent that was limited until a moment that has passed: one attempt may try whether it works again. */
const halfOpen = async (world: AgentsWorld) => {
	world.breakers.record('agent', 'claude', {
		code: 'agent.rate-limited',
		message: 'limited',
		resetAtMs: world.time.now() + 1000,
	});
	world.time.pass(2000);
	expect(world.breakers.stateOf('agent', 'claude').state).toBe('half-open');
};

describe('an attempt that was prepared and never began', () => {
	const options = (more: object = {}) => ({
		agents: {claude: spends},
		requestUsd: {claude: 0.004},
		limits: [daily],
		...more,
	});

	test('of items whose run was cancelled meanwhile: money and place are free again', async () => {
		const door = gate();
		await inWorld(options({capturing: door.pass}), async world => {
			const id = await world.begin(each);
			await expect.poll(door.waiting).toBe(2);
			await world.engine.cancelRun(id, origin, 'not wanted');
			await ended(world, id);
			door.open();
			await expect.poll(door.waiting).toBe(0);
			await expect.poll(() => world.engine.loadOf('claude')).toBe(0);
			const next = await world.begin(plain);
			await ended(world, next);
			expect(world.run(next).phase).toBe('completed');
			expect(world.started).toEqual(['work:claude']);
			expect(world.ledger.spentSince({}, 0).microUsd).toBe(4000);
			const third = await world.begin(plain);
			await ended(world, third);
			expect(world.run(third).phase).toBe('completed');
		});
	});

	test.each([
		['items', each, 2],
		['a step', one, 1],
	] as const)('of %s cancelled meanwhile: a breaker it was to try is tried by the next', async (_, definition, __) => {
		const door = gate();
		await inWorld({agents: {claude: spends}, capturing: door.pass}, async world => {
			await halfOpen(world);
			const id = await world.begin(definition);
			await expect.poll(door.waiting).toBeGreaterThan(0);
			await world.engine.cancelRun(id, origin, 'not wanted');
			door.open();
			await ended(world, id);
			await expect.poll(door.waiting).toBe(0);
			await expect.poll(() => world.breakers.allows('agent', 'claude')).toBe(true);
			const next = await world.begin(plain);
			await ended(world, next);
			expect(world.run(next).phase).toBe('completed');
		});
	});

	test('of a run that was paused meanwhile: others may spend and try while it is', async () => {
		const door = gate();
		const small = {...daily, settings: {...daily.settings, microUsd: 5000}};
		await inWorld(options({capturing: door.pass, limits: [small]}), async world => {
			await halfOpen(world);
			const id = await world.begin(one);
			await expect.poll(door.waiting).toBe(1);
			await world.engine.pauseRun(id, {origin, reason: 'wait'});
			door.open();
			await expect.poll(() => world.engine.loadOf('claude')).toBe(0);
			const next = await world.begin(plain);
			await ended(world, next);
			expect(world.run(next).phase).toBe('completed');
			// Nothing is left of the day's budget by then.
			await world.engine.resumeRun(id, {origin});
			await ended(world, id);
			expect(world.run(id).steps.work!.failure?.code).toBe('budget.exceeded');
		});
	});

	test('of a step that was cancelled: its run goes on with what it had set aside', async () => {
		const door = gate();
		const two = definitionOf(
			'---\nname: two\nagent: claude\nbudget: 0.005\n---\n# Two\n\n## a\n```yaml step\nundo: git\ncontinue-on-error: true\n```\nDo it.\n\n## c\n```yaml step\nneeds: [a]\nif: always()\n```\nDo it.\n',
		);
		await inWorld(options({capturing: door.pass, limits: []}), async world => {
			const id = await world.begin(two);
			await expect.poll(door.waiting).toBe(1);
			await world.engine.cancelStep(id, 'a', {origin, reason: 'not this one'});
			door.open();
			await ended(world, id);
			expect(world.run(id).steps.c!.status).toBe('completed');
			expect(world.openApprovals(id)).toEqual([]);
		});
	});
});

describe('attempts that are chosen for at once', () => {
	/** Least loaded, after as many turns of the event loop as a look at the health of agents takes. */
	const leastLoaded: AgentChooser['choose'] = async ({agents, loadOf, excluded}) => {
		await new Promise(resolve => setImmediate(resolve));
		const able = agents.filter(agent => !excluded.has(agent));
		const [agent] = able.toSorted((a, b) => loadOf(a) - loadOf(b));
		return {agent: agent!, passedOver: []};
	};

	test('see the load of one another: 48 items are spread over three agents', async () => {
		const door = gate();
		const works: AgentScript = async () => {
			await door.pass();
			return completed;
		};
		const items = definitionOf(
			`---\nname: many\nagent: [a, b, c]\n---\n# Many\n\n## work\n\`\`\`yaml step\nforeach: [${Array.from({length: 48}, (_, index) => index).join(', ')}]\n\`\`\`\nDo it.\n`,
		);
		await inWorld({agents: {a: works, b: works, c: works}, choose: leastLoaded}, async world => {
			const id = await world.begin(items);
			await expect.poll(door.waiting).toBe(48);
			expect(['a', 'b', 'c'].map(agent => world.engine.loadOf(agent))).toEqual([16, 16, 16]);
			door.open();
			await ended(world, id);
			expect(['a', 'b', 'c'].map(agent => world.engine.loadOf(agent))).toEqual([0, 0, 0]);
		});
	});

	test('send one of them to an agent that may work again, not all', async () => {
		const door = gate();
		const works: AgentScript = async () => {
			await door.pass();
			return failedWith('agent.overloaded');
		};
		const items = definitionOf(
			'---\nname: many\nagent: [claude, codex]\n---\n# Many\n\n## work\n```yaml step\nforeach: [1, 2, 3, 4]\n```\nDo it.\n',
		);
		await inWorld({agents: {claude: works, codex: async () => completed}}, async world => {
			await halfOpen(world);
			const id = await world.begin(items);
			await expect.poll(() => world.started.length).toBe(4);
			expect(world.started.filter(name => name.endsWith(':claude'))).toHaveLength(1);
			door.open();
			await ended(world, id);
			expect(world.run(id).phase).toBe('completed');
			expect(world.ofType('breaker.half-opened')).toHaveLength(1);
		});
	});
});
