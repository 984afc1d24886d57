import {describe, expect, test} from 'vitest';
import {lastJsonObject, outputInstructions} from '../../../../runtime/attempts/agent-host/outputs.ts';

const fence = (json: string, info = 'json') => `\`\`\`${info}\n${json}\n\`\`\``;

describe('the block of outputs', () => {
	test.each([
		['at the end', `Text.\n\n${fence('{"a": 1}')}`, {a: 1}, 'Text.'],
		['the last of several', `${fence('{"a": 1}')}\nthen\n${fence('{"a": 2}')}\n`, {a: 2}, `${fence('{"a": 1}')}\nthen`],
		['with words after it', `${fence('{"a": 1}')}\nDone.`, {a: 1}, undefined],
		['a bare object', ' {"a": 1} ', {a: 1}, undefined],
		['with fences inside its strings', fence('{"a": "```js x```"}'), {a: '```js x```'}, ''],
		['with tildes', '~~~json\n{"a": 1}\n~~~', {a: 1}, ''],
		['with Windows line ends', 'x\r\n```json\r\n{"a": 1}\r\n```\r\n', {a: 1}, 'x'],
		['indented, in a list', '- x\n  ```json\n  {"a": 1}\n  ```', {a: 1}, '- x'],
	])('%s', (_, text, outputs, textWithout) => {
		expect(lastJsonObject(text)).toEqual({outputs, textWithout});
	});

	test.each([
		['', 'no fenced block'],
		['no block', 'no fenced block'],
		[fence('[1]'), 'no object'],
		[fence('{a: 1}'), 'cannot be read'],
		[fence('{"a": 1}', 'yaml'), 'no fenced block'],
	])('%j has none', (text, words) => {
		expect(lastJsonObject(text)).toEqual({problem: expect.stringContaining(words)});
	});
});

test('only steps with outputs are told how to hand them over', () => {
	expect(outputInstructions(undefined)).toBe('');
	expect(outputInstructions({type: 'object', properties: {a: {type: 'string'}}, required: ['a']})).toContain(
		'"required":["a"]',
	);
});
