import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test} from 'vitest';
import {profileOf} from '../../../runtime/agents/profiles.ts';
import {createAgentRegistry} from '../../../runtime/agents/registry.ts';
import type {Candidate} from '../../../runtime/agents/routing/candidate.ts';
import {type RouteFacts, route} from '../../../runtime/agents/routing/route.ts';
import {capabilityNames} from '../../../source/workflow/capabilities.ts';
import type {RoutingStrategy} from '../../../source/workflow/definition.ts';

/** Three that differ in everything: the good one, the cheap one, the fast one. */
const good = {quality: 0.95, capabilities: ['code', 'vision'], priority: 1};
const cheap = {quality: 0.5, capabilities: ['code'], priority: 5};
const fast = {quality: 0.7, capabilities: ['code', 'web'], tags: ['eu'], priority: 3};

type Sketch = Partial<Omit<Candidate, 'profile'>> & {readonly profile?: Partial<Candidate['profile']>};
const candidatesOf = (sketches: Readonly<Record<string, Sketch>>): Candidate[] =>
	Object.entries(sketches).map(([agent, {profile, ...rest}], order) => ({
		...{agent, order, load: 0, costMicroUsd: null, latencyMs: null},
		...rest,
		profile: {capabilities: [], tags: [], ...profile},
	}));
const three = (changes: Readonly<Record<string, Sketch>> = {}) =>
	candidatesOf({
		good: {profile: good, costMicroUsd: 90_000, latencyMs: 4000, ...changes.good},
		cheap: {profile: cheap, costMicroUsd: 5000, latencyMs: 3000, ...changes.cheap},
		fast: {profile: fast, costMicroUsd: 30_000, latencyMs: 500, ...changes.fast},
	});

interface Case {
	readonly name: string;
	readonly strategy: RoutingStrategy;
	readonly candidates?: Candidate[];
	readonly wish?: Partial<RouteFacts['wish']>;
	readonly facts?: Partial<RouteFacts>;
	/** In this order; those that are not eligible are left out. */
	readonly order: readonly string[];
}

const cases: readonly Case[] = [
	{name: 'priority: the highest first', strategy: 'priority', order: ['cheap', 'fast', 'good']},
	{
		name: 'priority: without figures, the order of the list',
		strategy: 'priority',
		candidates: candidatesOf({b: {}, a: {}}),
		order: ['b', 'a'],
	},
	{name: 'lowest-cost: the cheapest first', strategy: 'lowest-cost', order: ['cheap', 'fast', 'good']},
	{
		name: 'lowest-cost: what is unknown is not taken for nothing',
		strategy: 'lowest-cost',
		candidates: three({cheap: {costMicroUsd: null}}),
		order: ['fast', 'good', 'cheap'],
	},
	{
		name: 'lowest-cost: all unknown, the order of the list',
		strategy: 'lowest-cost',
		candidates: candidatesOf({b: {}, a: {}}),
		order: ['b', 'a'],
	},
	{name: 'highest-quality: the best first', strategy: 'highest-quality', order: ['good', 'fast', 'cheap']},
	{
		name: 'highest-quality: what nobody judged is in the middle',
		strategy: 'highest-quality',
		candidates: candidatesOf({
			bad: {profile: {quality: 0.2}},
			unknown: {},
			good: {profile: {quality: 0.9}},
		}),
		order: ['good', 'unknown', 'bad'],
	},
	{name: 'balanced: weighs all of it', strategy: 'balanced', order: ['fast', 'cheap', 'good']},
	{
		name: 'balanced: quality alone',
		strategy: 'balanced',
		facts: {weights: {cost: 0, quality: 1, latency: 0, load: 0}},
		order: ['good', 'fast', 'cheap'],
	},
	{
		name: 'balanced: latency alone',
		strategy: 'balanced',
		facts: {weights: {cost: 0, quality: 0, latency: 2, load: 0}},
		order: ['fast', 'cheap', 'good'],
	},
	{
		name: 'capability-match: the best match, also where nobody has all',
		strategy: 'capability-match',
		wish: {require: ['code', 'vision', 'audio']},
		order: ['good', 'cheap', 'fast'],
	},
	{
		name: 'capability-match: a tag counts; who has nothing of it is out',
		strategy: 'capability-match',
		wish: {require: ['eu']},
		order: ['fast'],
	},
	{name: 'require: who lacks one is out', strategy: 'priority', wish: {require: ['code', 'web']}, order: ['fast']},
	{
		name: 'exclude: is out, however good',
		strategy: 'highest-quality',
		wish: {exclude: ['good']},
		order: ['fast', 'cheap'],
	},
	{
		name: 'prefer: decides between equals only',
		strategy: 'highest-quality',
		candidates: candidatesOf({a: {}, b: {}, c: {profile: {quality: 0.9}}}),
		wish: {prefer: ['b']},
		order: ['c', 'b', 'a'],
	},
	{
		name: 'max-cost: the dear one is out',
		strategy: 'highest-quality',
		wish: {maxCostUsd: 0.05},
		order: ['fast', 'cheap'],
	},
	{
		name: 'max-cost: one of unknown cost is out',
		strategy: 'highest-quality',
		candidates: three({fast: {costMicroUsd: null}}),
		wish: {maxCostUsd: 1},
		order: ['good', 'cheap'],
	},
	{
		name: 'max-latency: the slow one is out, one of unknown latency is not',
		strategy: 'highest-quality',
		candidates: three({cheap: {latencyMs: null}}),
		wish: {maxLatencyMs: 1000},
		order: ['fast', 'cheap'],
	},
	{name: 'round-robin: the first turn', strategy: 'round-robin', order: ['good', 'cheap', 'fast']},
	{name: 'round-robin: the second', strategy: 'round-robin', facts: {turn: 1}, order: ['cheap', 'fast', 'good']},
	{name: 'round-robin: the sixth', strategy: 'round-robin', facts: {turn: 5}, order: ['fast', 'good', 'cheap']},
	{
		name: 'round-robin: goes around those that are eligible',
		strategy: 'round-robin',
		candidates: three({cheap: {excluded: 'rate limited'}}),
		facts: {turn: 1},
		order: ['fast', 'good'],
	},
	{name: 'random: by the number given', strategy: 'random', facts: {random: 0.5}, order: ['cheap', 'fast', 'good']},
	{name: 'random: the largest number', strategy: 'random', facts: {random: 0.999}, order: ['fast', 'good', 'cheap']},
	{
		name: 'least-loaded: the idle one first',
		strategy: 'least-loaded',
		candidates: three({good: {load: 3}, cheap: {load: 1}}),
		order: ['fast', 'cheap', 'good'],
	},
	{
		name: 'least-loaded: by the share of what each may have',
		strategy: 'least-loaded',
		candidates: candidatesOf({
			small: {load: 1, profile: {concurrent: 2}},
			big: {load: 3, profile: {concurrent: 10}},
		}),
		order: ['big', 'small'],
	},
	{
		name: 'one that has as many attempts as it may have is out',
		strategy: 'least-loaded',
		candidates: candidatesOf({full: {load: 2, profile: {concurrent: 2}}, other: {load: 9}}),
		order: ['other'],
	},
];

describe('each strategy decides as documented', () => {
	test.each(cases)('$name', ({strategy, candidates = three(), wish, facts, order}) => {
		const record = route(candidates, {
			...{strategy, turn: 0, random: 0},
			...facts,
			wish: {require: [], prefer: [], exclude: [], ...wish},
		});
		expect(record.candidates.filter(({score}) => score !== null).map(({agent}) => agent)).toEqual(order);
		for (const {score, excluded} of record.candidates) expect(score === null).toBe(excluded !== undefined);
	});
});

describe('the chooser', () => {
	const withAgents = async (yaml: string, use: (workspace: string) => Promise<void>) => {
		const workspace = mkdtempSync(path.join(tmpdir(), 'aiworkflow-routing-'));
		try {
			mkdirSync(path.join(workspace, '.aiworkflow'));
			writeFileSync(path.join(workspace, '.aiworkflow/agents.yaml'), yaml);
			await use(workspace);
		} finally {
			rmSync(workspace, {recursive: true});
		}
	};
	const environment = {PATH: process.env.PATH ?? ''};
	const registry = () => createAgentRegistry({isTrusted: async () => true, now: () => 0});
	const request = {excluded: new Map(), environment, promptCharacters: 100, readOnly: false, random: 0};
	const agent = (more = '') => `{command: ${process.execPath}${more}}`;

	test('least-loaded spreads 50 attempts at once within a tenth', async () => {
		await withAgents(
			`agents: {a: ${agent()}, b: ${agent()}, c: ${agent()}}\nrouting: {strategy: least-loaded}\n`,
			async workspace => {
				const loads = new Map<string, number>();
				const agents = registry();
				for (let index = 0; index < 50; index++) {
					const {agent: chosen, route: record} = await agents.choose({
						...{...request, workspace, agents: ['a', 'b', 'c']},
						loadOf: id => loads.get(id) ?? 0,
					});
					expect(record?.strategy).toBe('least-loaded');
					loads.set(chosen, (loads.get(chosen) ?? 0) + 1);
				}

				for (const load of loads.values()) expect(Math.abs(load - 50 / 3)).toBeLessThanOrEqual(5 / 3);
				expect(loads.size).toBe(3);
			},
		);
	});

	test('passes over those that cannot, and says why', async () => {
		await withAgents(`agents: {a: ${agent()}, b: {command: /nowhere/b}, c: ${agent()}}\n`, async workspace => {
			const excluded = new Map([['a', {reason: 'rate-limited' as const, detail: 'until 15:00'}]]);
			const choice = await registry().choose({
				...request,
				workspace,
				excluded,
				agents: ['a', 'b', 'c'],
				loadOf: () => 0,
			});
			expect(choice).toMatchObject({
				agent: 'c',
				passedOver: [
					{agent: 'a', reason: 'rate-limited', detail: 'until 15:00'},
					{agent: 'b', reason: 'health-check-failed'},
				],
			});
		});
	});

	test('an agent that has as many attempts as it may have is waited for', async () => {
		await withAgents(`agents: {a: ${agent(', profile: {limits: {concurrent: 1}}')}}\n`, async workspace => {
			const choose = (load: number) => registry().choose({...request, workspace, agents: ['a'], loadOf: () => load});
			await expect(choose(1)).rejects.toMatchObject({code: 'agent.busy', retryable: true});
			expect(await choose(0)).toMatchObject({agent: 'a'});
		});
	});

	test('nobody fits: all reasons are given', async () => {
		await withAgents(`agents: {a: ${agent()}}\n`, async workspace => {
			const routing = {require: ['vision'], prefer: [], exclude: []};
			await expect(
				registry().choose({...request, workspace, routing, agents: ['a'], loadOf: () => 0}),
			).rejects.toMatchObject({code: 'agent.unroutable', message: expect.stringContaining('lacks vision')});
		});
	});

	const nothing = {require: [], prefer: [], exclude: []};

	test('a workspace that only excludes agents excludes them', async () => {
		await withAgents(`agents: {a: ${agent()}, b: ${agent()}}\nrouting: {exclude: a}\n`, async workspace => {
			const choice = await registry().choose({...request, workspace, agents: ['a', 'b'], loadOf: () => 0});
			expect(choice.agent).toBe('b');
		});
	});

	test('a workspace that nobody trusts has no say in who is asked', async () => {
		await withAgents('routing: {strategy: highest-quality, exclude: replay}\n', async workspace => {
			const asked = {...request, workspace, agents: ['replay'], loadOf: () => 0};
			const untrusted = createAgentRegistry({isTrusted: async () => false, now: () => 0});
			expect(await untrusted.choose(asked)).toEqual({agent: 'replay', passedOver: []});
			await expect(registry().choose(asked)).rejects.toMatchObject({code: 'agent.unroutable'});
		});
	});

	test('explains a decision with all that was looked at, and takes no turn by it', async () => {
		const yaml = `agents:
  good: ${agent(', model: large, profile: {quality: 0.9, latency: 5s, cost: {request: 0.5}}')}
  cheap: ${agent(', profile: {quality: 0.4, cost: {request: 0.01}}')}
  gone: {command: /nowhere/gone}
`;
		await withAgents(yaml, async workspace => {
			const agents = createAgentRegistry({
				isTrusted: async () => true,
				now: () => 0,
				estimate: ({agent: id, model, promptCharacters}) =>
					id === 'good' && model === 'large' && promptCharacters === 100 ? 500_000 : id === 'cheap' ? 10_000 : null,
			});
			const names = ['good', 'cheap', 'gone', 'elsewhere'];
			const explain = (strategy: RoutingStrategy) =>
				agents.explain({
					...{...request, workspace, agents: names, loadOf: id => (id === 'good' ? 2 : 0)},
					routing: {...nothing, strategy},
				});
			expect(await explain('lowest-cost')).toMatchObject({
				strategy: 'lowest-cost',
				chosen: 'cheap',
				candidates: [
					{agent: 'cheap', score: 1, parts: {cost: 1}, excluded: null, costUsd: 0.01, latencyMs: null, load: 0},
					{agent: 'good', score: 0, model: 'large', costUsd: 0.5, latencyMs: 5000, load: 2, profile: {quality: 0.9}},
					{agent: 'gone', score: null, excluded: expect.stringContaining('not on the PATH'), costUsd: null},
					{agent: 'elsewhere', score: null, excluded: 'There is no agent "elsewhere".', profile: null},
				],
			});
			const choose = () =>
				agents.choose({
					...{...request, workspace, agents: names, loadOf: () => 0},
					routing: {...nothing, strategy: 'round-robin'},
				});
			for (const expected of ['good', 'cheap', 'good']) {
				expect((await explain('round-robin')).chosen).toBe(expected);
				expect((await explain('round-robin')).chosen).toBe(expected);
				expect((await choose()).agent).toBe(expected);
			}
		});
	});

	test('explains that without a wish it is the first that can, whatever profiles say', async () => {
		const yaml = `agents:
  gone: {command: /nowhere/gone}
  full: ${agent(', profile: {limits: {concurrent: 1}}')}
  a: ${agent()}
  b: ${agent(', profile: {priority: 9, quality: 1}')}
`;
		await withAgents(yaml, async workspace => {
			const agents = registry();
			const asked = {...request, workspace, agents: ['gone', 'full', 'a', 'b'], loadOf: () => 1};
			const explained = await agents.explain(asked);
			expect(explained).toMatchObject({strategy: null, chosen: 'a'});
			expect(explained.candidates.map(each => each.agent)).toEqual(['a', 'b', 'gone', 'full']);
			expect(explained.chosen).toBe((await agents.choose(asked)).agent);
		});
	});

	test('explains that nobody can', async () => {
		await withAgents(`agents: {a: ${agent()}}\n`, async workspace => {
			const routing = {...nothing, require: ['vision']};
			const explained = await registry().explain({...request, workspace, routing, agents: ['a'], loadOf: () => 0});
			expect(explained).toMatchObject({
				chosen: null,
				candidates: [{agent: 'a', score: null, excluded: 'lacks vision'}],
			});
		});
	});
});

test('built-in profiles claim only capabilities that the language knows', () => {
	const known: readonly string[] = capabilityNames;
	for (const adapter of [
		'acp',
		'claude',
		'codex',
		'gemini',
		'opencode',
		'copilot',
		'cursor',
		'aider',
		'api',
		'replay',
	] as const)
		for (const capability of profileOf(adapter, undefined).capabilities) expect(known).toContain(capability);
});
