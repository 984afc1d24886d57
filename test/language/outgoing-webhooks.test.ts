import {expect, test} from 'vitest';
import {destinationOf} from '../../source/workflow/outgoing.ts';
import {openedOf, sealedOf, shownOf} from '../../source/workflow/sealed.ts';
import {parseWorkspaceSettings} from '../../source/workflow/workspace-settings.ts';
import {type Case, definitionOf, expectCase} from './marked.ts';

const fileWith = (settings: string, env = '') => `---
name: x
inputs: { place: { type: string } }
${env}---
# A

## tell
~~~yaml step
${settings}
~~~
`;
const token = '${{ secrets.TOKEN }}';
const url = 'url: https://example.com/hook';

const cases: readonly Case[] = [
	['no address', fileWith('▶webhook: { json: {} }'), ['key.missing']],
	['a text for a webhook', fileWith('webhook: ▶https://example.com'), ['value.invalid']],
	['an address of another kind', fileWith('webhook: { url: ▶"ftp://example.com" }'), ['value.invalid']],
	['an address without a scheme', fileWith('webhook: { url: ▶example.com/hook }'), ['value.invalid']],
	['two bodies', fileWith(`webhook: { ${url}, json: {}, ▶body: text }`), ['key.conflict'], 'Keep one of them.'],
	['an unknown method', fileWith(`webhook: { ${url}, method: ▶GET }`), ['value.invalid']],
	['a secret that stands in the file', fileWith(`webhook: { ${url}, secret: ▶hunter2 }`), ['value.invalid']],
	[
		'a secret that something is made of',
		fileWith(`webhook: { url: "https://example.com/\${{ format('{0}', ▶secrets.TOKEN) }}" }`),
		['secret.misplaced'],
		'Write `${{ secrets.NAME }}` and nothing else in it.',
	],
	[
		'a secret in the body',
		fileWith(`webhook: { ${url}, json: { token: "\${{ ▶secrets.TOKEN }}" } }`),
		['secret.misplaced'],
	],
	[
		'a variable that holds a secret',
		fileWith(`webhook: { url: "https://example.com/\${{ env.▶T }}" }`, `env: { T: "${token}" }\n`),
		['secret.misplaced'],
		'Write `${{ secrets.NAME }}` itself.',
	],
	['a header that is ours', fileWith(`webhook: { ${url}, headers: { ▶Webhook-Id: a } }`), ['header.name-reserved']],
	['a header that is none', fileWith(`webhook: { ${url}, headers: { ▶"a b": c } }`), ['header.name-invalid']],
	['more time than there is', fileWith(`webhook: { ${url}, expires: ▶8d }`), ['value.invalid']],
	['no tries at all', fileWith(`webhook: { ${url}, max: ▶0 }`), ['value.invalid']],
	[
		'outputs of its own',
		fileWith(`webhook: { ${url} }\n▶outputs: { a: string }`),
		['key.misplaced'],
		'Remove it: a webhook has `delivery`, `status`, `httpStatus` and `attempts`.',
	],
	['a webhook that waits as well', fileWith(`webhook: { ${url} }\n▶wait: 5m`), ['kind.conflict']],
	['a cache for what must be sent', fileWith(`webhook: { ${url} }\n▶cache: true`), ['key.misplaced']],
	[
		'an output that no webhook has',
		fileWith(`webhook: { ${url} }`).concat('\n## then\n${{ steps.tell.outputs.▶answer }}\n'),
		['expression.output-unknown'],
	],
];

test.each(cases.map(each => [each[0], each] as const))('%s is an error at its place', (_name, each) =>
	expectCase(each),
);

test('a webhook is read with what it does not say', () => {
	const {steps, secretNames} = definitionOf(
		fileWith(
			`webhook:\n  url: https://\${{ inputs.place }}.example.com/${token}\n  secret: ${'${{ secrets.KEY }}'}\n  headers: { X-Run: "\${{ run.id }}" }\nretry: 2\nforeach: [1, 2]`,
		),
	);
	expect(steps).toMatchObject([
		{
			...{kind: 'webhook', method: 'POST', isAwaited: false, secretName: 'KEY', retry: {max: 2}, foreach: [1, 2]},
			headers: {'x-run': '${{ run.id }}'},
		},
	]);
	expect(secretNames).toEqual(['TOKEN', 'KEY']);
});

test('a text keeps the names of its secrets, until they are put in', () => {
	const sealed = sealedOf(`https://a/\${{ x }}/${token}?\${{ secrets.B }}`, text => text.length.toString());
	expect(sealed).toEqual(['https://a/', '8', '/', {secret: 'TOKEN'}, '?', {secret: 'B'}]);
	expect(openedOf(sealed, {TOKEN: 't'})).toEqual({text: 'https://a/8/t?', missing: ['B']});
	expect(shownOf(sealed)).toBe(`https://a/8/${token}?\${{ secrets.B }}`);
});

test('of an address only what cannot be secret is told', () => {
	expect(destinationOf(['https://me:word@example.com/path?key=1'])).toBe('https://example.com');
	expect(destinationOf(['https://example.com:8443/', {secret: 'A'}])).toBe('https://example.com:8443');
	expect(destinationOf([{secret: 'A'}, '/b'])).toBe('secrets.A');
	expect(destinationOf(['https://me:', {secret: 'A'}, '@example.com/'])).toBe('https://…');
	expect(destinationOf(['https://exam', {secret: 'A'}])).toBe('https://…');
	expect(destinationOf(['nonsense'])).toBe('…');
});

const settingsOf = (text: string) => {
	const {settings, diagnostics} = parseWorkspaceSettings(text, 'aiworkflow.yaml');
	return {
		webhooks: settings.webhooks,
		problems: diagnostics.map(({line, code, suggestion}) => ({line, code, suggestion})),
	};
};

test('settings say who is told of what', () => {
	expect(
		settingsOf(
			`webhooks:\n  - url: ${token}\n  - url: https://example.com\n    secret: ${token}\n    on: run.failed\n    workflows: ["a*"]\n`,
		),
	).toEqual({
		problems: [],
		webhooks: [
			{
				...{url: [{secret: 'TOKEN'}], headers: {}, workflows: []},
				on: ['run.completed', 'run.failed', 'run.cancelled', 'approval.requested', 'budget.exceeded'],
			},
			{...{url: ['https://example.com'], headers: {}, secretName: 'TOKEN'}, on: ['run.failed'], workflows: ['a*']},
		],
	});
});

test('settings that name what cannot be told, or read what is not there, are wrong', () => {
	expect(
		settingsOf(
			`webhooks:\n  - url: https://example.com/\${{ inputs.a }}\n  - on: run.failed\n  - url: https://example.com\n    on: [run.fail]\n`,
		).problems,
	).toEqual([
		{line: 2, code: 'expression.misplaced', suggestion: 'Write `${{ secrets.NAME }}`.'},
		expect.objectContaining({line: 3, code: 'key.missing'}),
		{line: 5, code: 'value.invalid', suggestion: 'Did you mean `run.failed`?'},
	]);
});
