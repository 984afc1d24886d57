import {expect, test} from 'vitest';
import type {TemplateVariable} from '../../../source/templates/definition.ts';
import {resolveVariables, typedTextOf, variableWordsOf} from '../../../source/templates/values.ts';

const variable = (rest: Partial<TemplateVariable>): TemplateVariable => ({
	name: 'it',
	type: 'string',
	description: '',
	required: false,
	...rest,
});
const resolved = (rest: Partial<TemplateVariable>, text?: string) =>
	resolveVariables([variable(rest)], text === undefined ? {} : {it: text});
const messageOf = (rest: Partial<TemplateVariable>, text?: string) => resolved(rest, text).problems[0]?.message;

test.each([
	[{type: 'integer'}, '42', 42],
	[{type: 'number'}, '1.5', 1.5],
	[{type: 'boolean'}, 'false', false],
	[{type: 'choice', enum: ['low', 'high']}, 'high', 'high'],
	[{type: 'choice', enum: [18, 20]}, '20', 20],
	[{type: 'list'}, 'a, b ,c', ['a', 'b', 'c']],
	[{type: 'list'}, '["a, b", "c"]', ['a, b', 'c']],
	[{type: 'path'}, 'docs/a.md', 'docs/a.md'],
	[{type: 'string'}, '42', '42'],
	[{type: 'string'}, '', ''],
	[{type: 'integer', default: 3}, '', 3],
	[{type: 'list'}, undefined, []],
] as const)('%j takes %j as %j', (rest, text, value) => {
	expect(resolved(rest as Partial<TemplateVariable>, text)).toEqual({values: {it: value}, problems: []});
});

test.each([
	[{type: 'integer'}, '4.2', 'The variable `it` must be an integer, not "4.2".'],
	[{type: 'boolean'}, 'yes', 'The variable `it` must be true or false, not "yes".'],
	[{type: 'choice', enum: ['low', 'high']}, 'hgih', 'The variable `it` must be one of low, high; "hgih" does not fit.'],
	[{type: 'integer', min: 1}, '0', 'The variable `it` must be at least 1; 0 does not fit.'],
	[{type: 'number', max: 2}, '2.5', 'The variable `it` must be at most 2; 2.5 does not fit.'],
	[{type: 'list', max: 1}, 'a,b', 'The variable `it` must be at most 1 entry; ["a","b"] does not fit.'],
	[{min: 3}, 'ab', 'The variable `it` must be at least 3 characters; "ab" does not fit.'],
	[{pattern: 'v\\d+'}, 'v1x', 'The variable `it` must match `v\\d+` as a whole; "v1x" does not fit.'],
	[{type: 'path'}, '../x', 'The variable `it` must be a path inside the workspace; "../x" does not fit.'],
	[{type: 'path'}, '/etc/passwd', 'The variable `it` must be a path inside the workspace; "/etc/passwd" does not fit.'],
	[{required: true}, undefined, 'The variable `it` is required.'],
	[{required: true}, '', 'The variable `it` is required.'],
	[{}, 'a\u0000b', 'The variable `it` cannot hold control characters; "a\u0000b" does not fit.'],
] as const)('%j refuses %j and says why', (rest, text, message) => {
	expect(messageOf(rest as Partial<TemplateVariable>, text)).toContain(message);
	expect(resolved(rest as Partial<TemplateVariable>, text).values).toEqual({});
});

test('everything that is wrong is said at once, and a slip is told', () => {
	const {problems} = resolveVariables([variable({name: 'base', type: 'integer'})], {base: 'x', bsae: '1'});
	expect(problems.map(({name}) => name)).toEqual(['bsae', 'base']);
	expect(problems[0]!.suggestion).toBe('Did you mean `base`?');
});

test('a list is typed as it is read', () => {
	for (const list of [['a', 'b'], ['a, b', 'c'], ['[x'], ['']]) {
		expect(resolved({type: 'list'}, typedTextOf(list)).values.it).toEqual(list);
	}
});

test('what a variable takes is said in words', () => {
	expect(variableWordsOf(variable({type: 'integer', min: 1, max: 9, required: true}))).toBe(
		'integer, at least 1, at most 9, required',
	);
	expect(variableWordsOf(variable({type: 'choice', enum: ['a', 'b']}))).toBe('one of a, b');
});
