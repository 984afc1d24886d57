import {PassThrough} from 'node:stream';
import {expect, test} from 'vitest';
import {askVariables} from '../../../source/cli/ask-variables.ts';
import {createPaint} from '../../../source/cli/colour.ts';
import type {TemplateVariable} from '../../../source/templates/definition.ts';

const variables: readonly TemplateVariable[] = [
	{name: 'base', type: 'string', description: 'The branch', required: false, default: 'main'},
	{name: 'count', type: 'integer', description: 'How many', required: true, min: 1},
	{name: 'given', type: 'string', description: 'Said before', required: true},
];

/** Types a line whenever a question is open. */
const asked = async (lines: readonly string[]) => {
	const input = new PassThrough();
	const output = new PassThrough();
	let shown = '';
	const left = [...lines];
	output.on('data', (chunk: Buffer) => {
		shown += chunk.toString();
		if (!chunk.toString().endsWith('› ')) return;
		const line = left.shift();
		if (line === undefined) input.end();
		else input.write(`${line}\n`);
	});
	const answers = await askVariables(variables, {given: 'x'}, createPaint(false), {input, output});
	return {answers, shown};
};

test('enter takes the default, what does not fit is asked again, what was given is not asked', async () => {
	const {answers, shown} = await asked(['', 'many', '0', '3']);
	expect(answers).toEqual({given: 'x', count: '3'});
	expect(shown).toBe(`base  The branch  string
  [main] › count  How many  integer, at least 1, required
  ›   ✗ The variable \`count\` must be an integer, not "many".
  ›   ✗ The variable \`count\` must be at least 1; 0 does not fit.
  › `);
});

test('whoever goes away in between makes nothing', async () => {
	expect((await asked(['dev'])).answers).toBeUndefined();
});
