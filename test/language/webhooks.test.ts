import {expect, test} from 'vitest';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {type Case, expectCase} from './marked.ts';

const fileWith = (webhook: string) => `---\nname: x\non:\n  ${webhook}\n---\n# A\n\n## b\n~~~sh run\ntrue\n~~~\n`;
const secret = 'secret: "${{ secrets.HOOK }}"';

const cases: readonly Case[] = [
	['no path', fileWith(`▶webhook: { ${secret} }`), ['key.missing']],
	['no secret', fileWith('▶webhook: { path: /a }'), ['key.missing']],
	['a secret that stands in the file', fileWith('webhook: { path: /a, secret: ▶hunter2 }'), ['value.invalid']],
	['a path without a slash', fileWith(`webhook: { path: ▶issues, ${secret} }`), ['value.invalid']],
	['a path that leads up', fileWith(`webhook: { path: ▶/a/../b, ${secret} }`), ['value.invalid']],
	['a path that ends in a slash', fileWith(`webhook: { path: ▶/a/, ${secret} }`), ['value.invalid']],
	['an unknown style', fileWith(`webhook: { path: /a, style: ▶gitlab, ${secret} }`), ['value.invalid']],
	['an unknown method', fileWith(`webhook: { path: /a, methods: ▶[DELETE], ${secret} }`), ['value.invalid']],
	[
		'a GET that nothing would be signed of',
		fileWith(`webhook: { path: /a, style: github, methods: ▶[GET, POST], ${secret} }`),
		['value.invalid'],
		'Remove `GET`, or write `style: generic`.',
	],
	[
		'a secret that is not looked at',
		fileWith(`webhook: { path: /a, auth: ▶none, ${secret} }`),
		['value.invalid'],
		'Remove one of them: with `auth: none` nothing is signed.',
	],
];

test.each(cases.map(each => [each[0], each] as const))('%s is an error at its place', (_name, each) =>
	expectCase(each),
);

test('a webhook is read with what it does not say', () => {
	const {definition, diagnostics} = parseWorkflow(
		fileWith(`webhook: { path: /issues, ${secret}, style: github, if: trigger.event == 'issues' }`),
		'x.md',
	);
	expect(diagnostics).toEqual([]);
	expect(definition!.triggers).toMatchObject([
		{
			...{id: 'webhook', kind: 'webhook', path: '/issues', secretName: 'HOOK', style: 'github'},
			...{methods: ['POST'], respond: 'accepted', if: "trigger.event == 'issues'", with: {}},
		},
	]);
});
