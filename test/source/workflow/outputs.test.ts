import {expect, test} from 'vitest';
import type {OutputsSchema} from '../../../source/workflow/definition.ts';
import {checkOutputs, parseOutputs} from '../../../source/workflow/outputs.ts';

test.each([
	['nothing', '', {}],
	['lines', 'a=1\nb=two words\n', {a: '1', b: 'two words'}],
	['a last line without an end', 'a=1', {a: '1'}],
	['values with equals signs and arrows', 'a=b=c\nb=x<<y\n', {a: 'b=c', b: 'x<<y'}],
	['an empty value', 'a=\n', {a: ''}],
	['spaces in values, which count', 'a= x \n', {a: ' x '}],
	['line ends of Windows', 'a=1\r\nb<<E\r\nx\r\nE\r\n', {a: '1', b: 'x'}],
	['empty lines', '\n\na=1\n\n', {a: '1'}],
	['a block', 'a<<EOF\none\n\n  a=b\nEOF\nb=1\n', {a: 'one\n\n  a=b', b: '1'}],
	['an empty block', 'a<<EOF\nEOF\n', {a: ''}],
	['a block whose end stands inside a line', 'a<<EOF\nEOF x\nEOF\n', {a: 'EOF x'}],
	['a JSON object', '{"a": 1, "b": [true, null]}\n', {a: 1, b: [true, null]}],
	[
		'a JSON object over several lines',
		'{\n  "a": "}",\n  "b": {"c": "\\"{"}\n}\nd=1\n',
		{a: '}', b: {c: '"{'}, d: '1'},
	],
	['several JSON objects', '{"a": 1}{"b": 2}\n{"a": 3}\n', {a: 3, b: 2}],
	['all of them mixed, the last one wins', 'a=1\n{"a": 2}\na<<X\n3\nX\n', {a: '3'}],
	['names that objects have too', 'constructor=1\ntoString=2\n', {constructor: '1', toString: '2'}],
])('reads %s', (_, text, outputs) => {
	expect(parseOutputs(text)).toEqual({outputs});
});

test.each([
	['a=1\nnot an output\n', 'line 2 of $OUTPUT is neither `name=value`, `name<<END` nor JSON: "not an output"'],
	['a b=1\n', 'line 1 of $OUTPUT: "a b" cannot be the name of an output'],
	['=1\n', 'line 1 of $OUTPUT: "" cannot be the name of an output'],
	['__proto__=1\n', 'line 1 of $OUTPUT: "__proto__" cannot be the name of an output'],
	['{"__proto__": 1}\n', 'line 1 of $OUTPUT: "__proto__" cannot be the name of an output'],
	['a<<EOF\nx\n', 'the block `a<<EOF` on line 1 of $OUTPUT has no line `EOF` at its end'],
	['a<<\nx\n', 'line 1 of $OUTPUT: `a<<` does not say how its block ends'],
	['{"a": 1} x\n', 'there is text after the JSON on line 1 of $OUTPUT: " x"'],
])('%j cannot be read', (text, problem) => {
	expect(parseOutputs(text).problem).toBe(problem);
});

test('JSON that cannot be read is a problem with its line', () => {
	expect(parseOutputs('a=1\n\n{"b": }\n')).toMatchObject({outputs: {a: '1'}});
	expect(parseOutputs('a=1\n\n{"b": }\n').problem).toMatch(/^the JSON on line 3 of \$OUTPUT cannot be read: /);
	expect(parseOutputs('{"a": 1').problem).toMatch(/^the JSON on line 1/);
});

const schema: OutputsSchema = {
	type: 'object',
	properties: {
		risk: {enum: ['low', 'high']},
		count: {type: 'integer'},
		ok: {type: 'boolean'},
		files: {type: 'array', items: {type: 'string'}},
		note: {type: 'string'},
	},
	required: ['risk', 'count'],
};

test('text of scripts is read as the declared type', () => {
	expect(checkOutputs({risk: 'low', count: '3', ok: 'true', files: '["a"]', note: '7', extra: '8'}, schema)).toEqual({
		outputs: {risk: 'low', count: 3, ok: true, files: ['a'], note: '7', extra: '8'},
		problems: [],
	});
});

test('text that fits more than one type stays text where it may', () => {
	const of = (property: unknown) => ({type: 'object', properties: {a: property}, required: []}) as const;
	expect(checkOutputs({a: '1'}, of({type: ['string', 'integer']})).outputs.a).toBe('1');
	expect(checkOutputs({a: '1'}, of({type: ['integer', 'null']})).outputs.a).toBe(1);
	expect(checkOutputs({a: 'null'}, of({type: ['integer', 'null']})).outputs.a).toBeNull();
	expect(checkOutputs({a: '2'}, of({enum: [1, 2]})).outputs.a).toBe(2);
	expect(checkOutputs({a: '2'}, of({})).outputs.a).toBe('2');
});

test('what does not fit is said in words, all of it', () => {
	expect(checkOutputs({risk: 'medium', count: 'many', ok: 1, files: ['a', 2]}, schema).problems).toEqual([
		'`risk` must be one of "low", "high", not "medium"',
		'`count` must be integer, not "many"',
		'`ok` must be boolean, not 1',
		'`files[1]` must be string, not 2',
	]);
	expect(checkOutputs({risk: 'low'}, schema).problems).toEqual(['`count` is missing']);
});

test('nested objects are checked too', () => {
	const nested: OutputsSchema = {
		type: 'object',
		properties: {
			plan: {type: 'object', properties: {a: {type: 'string'}}, required: ['a'], additionalProperties: false},
		},
		required: [],
	};
	expect(checkOutputs({plan: '{"b": 1}'}, nested).problems).toEqual([
		'`plan.a` is missing',
		'`plan` must not have `b`',
	]);
});
