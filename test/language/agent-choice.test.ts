import {expect, test} from 'vitest';
import {planLinesOf} from '../../source/workflow/plan.ts';
import {type Case, definitionOf, expectCase} from './marked.ts';

/** `agent:` as a mapping: what it means, and each way to get it wrong. */
const workflow = (frontmatter: string, settings = '') =>
	`---\nname: x\n${frontmatter}\n---\n# A\n\n## b\n${settings && `~~~yaml step\n${settings}\n~~~\n`}Do.\n`;
const step = (settings: string) => workflow('agent: claude', settings);
const nothing = {require: [], prefer: [], exclude: []};

const agentOf = (text: string) => {
	const definition = definitionOf(text);
	const [only] = definition.steps;
	return {
		workflow: {agents: definition.agents, routing: definition.routing},
		step: only?.kind === 'agent' ? {agents: only.agents, routing: only.routing} : undefined,
	};
};

test('a name and a list of names are asked in their order, with nothing to weigh', () => {
	expect(agentOf(workflow('agent: claude', 'agent: [codex, gemini]'))).toEqual({
		workflow: {agents: ['claude'], routing: undefined},
		step: {agents: ['codex', 'gemini'], routing: undefined},
	});
});

test('a mapping says who may be asked and how one of them is chosen', () => {
	const text = step(`agent:
  any: [claude, codex, gemini]
  strategy: balanced
  require: [vision, eu]
  prefer: codex
  exclude: gemini
  max-cost: $0.25
  max-latency: 30s`);
	expect(agentOf(text).step).toEqual({
		agents: ['claude', 'codex', 'gemini'],
		routing: {
			strategy: 'balanced',
			require: ['vision', 'eu'],
			prefer: ['codex'],
			exclude: ['gemini'],
			maxCostUsd: 0.25,
			maxLatencyMs: 30_000,
		},
	});
});

test('a limit alone is enough; a cost is a number, too', () => {
	expect(agentOf(step('agent: { any: auto, max-cost: 2 }')).step).toEqual({
		agents: ['auto'],
		routing: {...nothing, maxCostUsd: 2},
	});
});

test('a workflow that does not say which agents means any', () => {
	expect(agentOf(workflow('agent: { strategy: lowest-cost }'))).toEqual({
		workflow: {agents: ['auto'], routing: {...nothing, strategy: 'lowest-cost'}},
		step: {agents: [], routing: undefined},
	});
});

test('a step that does not say which agents means those of the workflow, else any', () => {
	const settings = 'agent: { require: vision }';
	expect(agentOf(step(settings))).toMatchObject({workflow: {agents: ['claude']}, step: {agents: []}});
	expect(agentOf(workflow('', settings)).step).toEqual({agents: ['auto'], routing: {...nothing, require: ['vision']}});
});

test('the plan tells how an agent is chosen', () => {
	const frontmatter = 'agent: { any: [claude, codex], strategy: lowest-cost, max-cost: 0.1 }';
	const planOf = (text: string) => planLinesOf(definitionOf(text));
	expect(planOf(workflow(frontmatter))).toEqual(['1  b  agent claude, codex  lowest-cost; at most $0.10']);
	expect(planOf(workflow(frontmatter, 'agent: { require: [vision], exclude: codex, max-latency: 5s }'))).toEqual([
		'1  b  agent claude, codex  needs vision; not codex; within 5.0s',
	]);
	// Agents of its own are asked in the step's own way.
	expect(planOf(workflow(frontmatter, 'agent: gemini'))).toEqual(['1  b  agent gemini']);
});

const cases: readonly Case[] = [
	['nothing in it', step('agent: ▶{}'), ['value.invalid']],
	['an unknown key', step('agent: { any: claude, ▶stratgy: random }'), ['key.unknown'], 'Did you mean `strategy`?'],
	[
		'a key of the workflow, as other tools write it',
		workflow('agent: { any: claude, ▶maxCost: 1 }'),
		['key.unknown'],
		'Did you mean `max-cost`?',
	],
	[
		'an unknown strategy',
		step('agent: { any: claude, strategy: ▶lowest-costs }'),
		['value.invalid'],
		'Did you mean `lowest-cost`?',
	],
	[
		'a strategy that is like none',
		step('agent: { strategy: ▶wisest }'),
		['value.invalid'],
		'Known here: capability-match, lowest-cost, highest-quality, balanced, round-robin, random, priority, least-loaded.',
	],
	['names that are a mapping', step('agent: { any: ▶{ a: b } }'), ['value.invalid'], 'Write `any: [a, b]`.'],
	['an expression', step('agent: { any: ▶"${{ inputs.a }}" }').replace('▶"', '"▶'), ['expression.misplaced']],
	['a cost without a number', step('agent: { max-cost: ▶cheap }'), ['value.invalid'], 'Write `max-cost: 0.25`.'],
	['a cost of nothing', step('agent: { max-cost: ▶0 }'), ['value.invalid'], 'Write `max-cost: 0.25`.'],
	[
		'a latency without its unit',
		step('agent: { max-latency: ▶5 }'),
		['value.invalid'],
		'Say the unit: `max-latency: 5s` or `max-latency: 5m`.',
	],
	[
		'preferring one that is not there',
		step('agent: { any: [claude, codex], prefer: ▶claud }'),
		['agent.unlisted'],
		'Did you mean `claude`?',
	],
	[
		'excluding one that is not there',
		step('agent: { any: [claude, codex], exclude: [▶gemini] }'),
		['agent.unlisted'],
		'Known here: claude, codex.',
	],
	[
		'excluding all of them',
		step('agent: { any: [claude, codex], exclude: [▶codex, claude] }'),
		['agent.none-left'],
		'Leave at least one of them.',
	],
	[
		'preferring what is excluded',
		step('agent: { any: auto, prefer: ▶codex, exclude: codex }'),
		['agent.contradiction'],
		'Remove it from one of the two.',
	],
	[
		'a capability with a typo',
		step('agent: { require: [code, ▶visoin] }'),
		['agent.capability-unknown'],
		'Did you mean `vision`?',
	],
];

test.each(cases.map(each => [each[0], each] as const))('%s', (_, each) => expectCase(each));

test('an own capability or tag is no slip', () => {
	expect(agentOf(step('agent: { require: [eu, web, tested, local, internal] }')).step?.routing?.require).toHaveLength(
		5,
	);
});
