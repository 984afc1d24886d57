import {expect, test} from 'vitest';
import type {AgentStep} from '../../source/workflow/definition.ts';
import {givenToolsOf} from '../../source/workflow/given-tools.ts';
import {planLinesOf} from '../../source/workflow/plan.ts';
import {type Case, definitionOf, expectCase} from './marked.ts';

/** `tools:`, what agents are given: what it means, and each way to get it wrong. */
const workflow = (frontmatter: string, settings = '') =>
	`---\nname: x\nagent: claude\n${frontmatter}\n---\n# A\n\n## b\n${settings && `~~~yaml step\n${settings}\n~~~\n`}Do.\n`;

const givenTo = (text: string) => {
	const definition = definitionOf(text);
	return givenToolsOf(definition, definition.steps[0] as AgentStep);
};

test('an agent is given no tools unless the file says so', () => {
	expect(givenTo(workflow(''))).toEqual([]);
});

test('the tools of the workflow are for each of its agents', () => {
	expect(givenTo(workflow('tools: [github, files]'))).toEqual([{tool: 'github'}, {tool: 'files'}]);
});

test("a step's own list takes the place of the workflow's, an empty one too", () => {
	expect(givenTo(workflow('tools: [github]', 'tools: files'))).toEqual([{tool: 'files'}]);
	expect(givenTo(workflow('tools: [github]', 'tools: []'))).toEqual([]);
});

test('an operation alone can be given, also one with a dot in its name', () => {
	expect(givenTo(workflow('tools: [github.list, pets.store.find, github.show, github.list]'))).toEqual([
		{tool: 'github', operations: ['list', 'show']},
		{tool: 'pets', operations: ['store.find']},
	]);
});

test('a tool that is named as a whole has all its operations, wherever it is named', () => {
	expect(givenTo(workflow('tools: [github.list, github]'))).toEqual([{tool: 'github'}]);
	expect(givenTo(workflow('tools: [github, github.list]'))).toEqual([{tool: 'github'}]);
});

test('the plan tells which tools an agent is given', () => {
	expect(planLinesOf(definitionOf(workflow('tools: [github, files.read]')))).toEqual([
		'1  b  agent claude  tools github, files.read',
	]);
	expect(planLinesOf(definitionOf(workflow('tools: github', 'tools: []')))).toEqual(['1  b  agent claude']);
});

const many = Array.from({length: 51}, (_, index) => `t${index}`).join(', ');

const cases: readonly Case[] = [
	[
		'a name with a space',
		workflow('', 'tools: [github, ▶git hub]'),
		['tools.name-invalid'],
		'Write the name of a tool, or of one operation: `tools: [github, files.read]`.',
	],
	['a name in upper case', workflow('tools: ▶GitHub'), ['tools.name-invalid']],
	['a tool without an operation after its dot', workflow('tools: [▶github.]'), ['tools.name-invalid']],
	['a pattern of tools', workflow('tools: ["▶*"]').replace('"▶', '▶"'), ['tools.name-invalid']],
	['a mapping', workflow('tools: ▶{ github: true }'), ['value.invalid'], 'Write `tools: [a, b]`.'],
	['an expression', workflow('tools: ["▶${{ inputs.a }}"]'), ['expression.misplaced']],
	['more than an agent is given', workflow(`▶tools: [${many}]`), ['tools.too-many']],
	[
		'tools of a step that asks no agent',
		'---\nname: x\n---\n# A\n\n## b\n~~~yaml step\n▶tools: github\n~~~\n~~~sh run\ntrue\n~~~\n',
		['key.misplaced'],
		'Remove it: `tools` gives tools to an agent.',
	],
];

test.each(cases.map(each => [each[0], each] as const))('%s', (_, each) => expectCase(each));
