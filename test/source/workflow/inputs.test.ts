import {expect, test} from 'vitest';
import type {InputDefinition} from '../../../source/workflow/definition.ts';
import {inputEnvironmentOf, resolveInputs} from '../../../source/workflow/inputs.ts';

const resolve = (definition: Partial<InputDefinition>, given: Record<string, unknown>) => {
	const {inputs, diagnostics} = resolveInputs({inputs: {a: {type: 'string', required: false, ...definition}}}, given);
	return diagnostics.length > 0 ? diagnostics.map(({message}) => message) : inputs.a;
};

test.each([
	['string', '42', '42'],
	['string', '', ''],
	['integer', '42', 42],
	['integer', ' -7 ', -7],
	['number', '1.5e3', 1500],
	['boolean', 'true', true],
	['boolean', 'false', false],
	['array', '[1, "b"]', [1, 'b']],
	['object', '{"a": {"b": 1}}', {a: {b: 1}}],
	['integer', 42, 42],
	['array', [1], [1]],
] as const)('as %s, %j is %j', (type, given, value) => {
	expect(resolve({type}, {a: given})).toEqual(value);
});

test.each([
	['integer', '4.5', 'The input `a` must be an integer, not "4.5".'],
	['integer', '', 'The input `a` must be an integer, not "".'],
	['integer', '0x10', 'The input `a` must be an integer, not "0x10".'],
	['integer', '9007199254740993', 'The input `a` must be an integer, not "9007199254740993".'],
	['number', 'NaN', 'The input `a` must be a number, not "NaN".'],
	['number', '1e999', 'The input `a` must be a number, not "1e999".'],
	['boolean', 'yes', 'The input `a` must be true or false, not "yes".'],
	['boolean', 'constructor', 'The input `a` must be true or false, not "constructor".'],
	['array', '{"a": 1}', 'The input `a` must be a list (JSON), not "{"a": 1}".'],
	['object', '[1', 'The input `a` must be an object (JSON), not "[1".'],
	['string', 42, 'The input `a` must be text, not 42.'],
] as const)('as %s, %j is refused', (type, given, message) => {
	expect(resolve({type}, {a: given})).toEqual([message]);
});

test('an input that was not given has its default, else nothing', () => {
	expect(resolve({default: 'x'}, {})).toBe('x');
	expect(resolve({}, {})).toBeNull();
	expect(resolve({type: 'boolean', default: false}, {a: null})).toBe(false);
});

test('a required input must be given', () => {
	expect(resolve({required: true}, {})).toEqual(['The input `a` is required.']);
	expect(resolve({required: true}, {a: ''})).toBe('');
	expect(resolve({required: true, default: 'x'}, {})).toBe('x');
});

test('choices and patterns hold for the whole value', () => {
	expect(resolve({enum: ['low', 'high']}, {a: 'high'})).toBe('high');
	expect(resolve({enum: ['low', 'high']}, {a: 'hihg'})).toEqual([
		'The input `a` must be one of "low", "high", not "hihg".',
	]);
	expect(resolve({type: 'integer', enum: [1, 2]}, {a: '2'})).toBe(2);
	expect(resolve({pattern: 'a|b'}, {a: 'b'})).toBe('b');
	expect(resolve({pattern: 'a|b'}, {a: 'bc'})).toEqual(['The input `a` must match `a|b` as a whole; "bc" does not.']);
	expect(resolve({pattern: '\\d+'}, {a: '1\n2'})).toHaveLength(1);
});

test('an unknown input is named, with the one that was meant', () => {
	const {diagnostics} = resolveInputs({inputs: {issue: {type: 'string', required: false}}}, {isue: 'x', zzzzzz: 1});
	expect(diagnostics.map(({code, message, suggestion}) => [code, message, suggestion])).toEqual([
		['input.unknown', 'The workflow has no input `isue`.', 'Did you mean `issue`?'],
		['input.unknown', 'The workflow has no input `zzzzzz`.', 'Known here: issue.'],
	]);
});

test('all problems of the inputs are reported at once', () => {
	const inputs = {a: {type: 'integer', required: true}, b: {type: 'boolean', required: true}} as const;
	expect(resolveInputs({inputs}, {b: 'x', c: 1}).diagnostics.map(({code}) => code)).toEqual([
		'input.unknown',
		'input.missing',
		'input.invalid',
	]);
});

test('scripts get every input as a variable: text as it is, the rest as JSON', () => {
	expect(
		inputEnvironmentOf({issue: 42, 'my-title': '"; rm -rf x \'', list: [1, 'a'], none: null, flag: false, 'ä.b': 'x'}),
	).toEqual({
		INPUT_ISSUE: '42',
		INPUT_MY_TITLE: '"; rm -rf x \'',
		INPUT_LIST: '[1,"a"]',
		INPUT_NONE: '',
		INPUT_FLAG: 'false',
		INPUT___B: 'x',
	});
});
