import {expect, test} from 'vitest';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {planLinesOf} from '../../source/workflow/plan.ts';
import {type Case, expectCase, expectProblems, withSteps} from './marked.ts';

/** The steps that are one call, and each way to get them wrong. */
const step = (settings: string) => withSteps(`## a\n~~~yaml step\n${settings}\n~~~\n`);
const after = (settings: string, prompt: string) =>
	withSteps(`## fix\n~~~yaml step\n${settings}\n~~~\n\n## b\n${prompt}\n`);

const toolCases: readonly Case[] = [
	[
		'a name with capitals',
		step('tool: ▶GitHub.create'),
		['tool.name-invalid'],
		'Write `tool: github.create`; tools are named by lower case letters, digits and `-`.',
	],
	['a list', step('tool: ▶[a]'), ['value.invalid']],
	['an expression', step('tool: "▶${{ inputs.issue }}.create"'), ['expression.misplaced']],
	['arguments that are a list', step('tool: x.y\nwith: ▶[a]'), ['value.invalid']],
	[
		'an unknown input in an argument',
		step('tool: x.y\nwith: { a: { b: ["${{ inputs.▶c }}"] } }'),
		['expression.input-unknown'],
	],
	['an undeclared output of it is anything', after('tool: x.y', '${{ steps.fix.outputs.any }}'), []],
	[
		'a declared one is checked',
		after('tool: x.y\noutputs: { id: integer }', '${{ steps.fix.outputs.▶ids }}'),
		['expression.output-unknown'],
		'Did you mean `id`?',
	],
	['a secret in an argument', step('tool: x.y\nwith: { a: "${{ secrets.A }}" }'), []],
	['two kinds', step('tool: x.y\n▶http: https://example.com'), ['kind.conflict']],
	['standard input', step('tool: x.y\n▶stdin: a'), ['key.misplaced']],
	[
		'silence',
		step('tool: x.y\n▶idle-timeout: 5m'),
		['key.misplaced'],
		'Write `timeout:`: it says nothing before it is done.',
	],
	[
		'arguments of a request',
		step('http: https://example.com\n▶with: { a: 1 }'),
		['key.misplaced'],
		'Put the values into `http: { query }`, `json` or `form`.',
	],
	[
		'an undo by a tool reads its own step',
		step('tool: x.y\noutputs: { id: integer }\nundo: { tool: x.z, with: { id: "${{ steps.a.outputs.id }}" } }'),
		[],
	],
	[
		'an undo reads an output that is not',
		step('tool: x.y\noutputs: { id: integer }\nundo: { tool: x.z, with: { id: "${{ steps.a.outputs.▶ids }}" } }'),
		['expression.output-unknown'],
	],
	[
		'the call itself does not',
		step('tool: x.y\nwith: { id: "${{ steps.▶a.outputs.id }}" }'),
		['expression.step-not-upstream'],
	],
	['an undo of two kinds', step('tool: x.y\nundo: { files: [a], ▶tool: x.z }'), ['undo.conflict']],
	['an undo of a transformation', step('transform: a\n▶undo: git'), ['key.misplaced']],
];

const httpCases: readonly Case[] = [
	['a number', step('http: ▶5'), ['value.invalid']],
	['no URL', step('▶http: { method: GET }'), ['key.missing']],
	['half a URL', step('http: ▶example.com/a'), ['http.url-invalid'], 'Write `url: https://example.com/a`.'],
	['another protocol', step('http: { url: ▶ftp://example.com }'), ['http.url-invalid']],
	['a URL that is an expression', step('http: { url: "${{ inputs.issue }}" }'), []],
	[
		'an unknown key',
		step('http: { url: https://example.com, ▶header: { a: b } }'),
		['key.unknown'],
		'Did you mean `headers`?',
	],
	['a body with GET', step('http: { url: https://example.com, method: ▶GET, json: {} }'), ['http.body-misplaced']],
	['two bodies', step('http: { url: https://example.com, json: {}, ▶body: a }'), ['http.body-conflict']],
	['no method', step('http: { url: https://example.com, method: ▶"GET /" }'), ['value.invalid']],
	[
		'a method that HTTP clients do not send',
		step('http: { url: https://example.com, method: ▶TRACE }'),
		['value.invalid'],
	],
	[
		'a header with a space',
		step('http: { url: https://example.com, headers: { ▶"X Y": a } }'),
		['http.header-invalid'],
	],
	[
		'a status that is none',
		step('http: { url: https://example.com, expect: [200, ▶abc] }'),
		['value.invalid'],
		'Write `expect: [200-299, 404]`.',
	],
	['a range backwards', step('http: { url: https://example.com, expect: ▶299-200 }'), ['value.invalid']],
	['auth that is text', step('http: { url: https://example.com, auth: ▶token }'), ['value.invalid']],
	[
		'two kinds of auth',
		step('http: { url: https://example.com, auth: { bearer: a, ▶basic: { username: a, password: b } } }'),
		['http.auth-conflict'],
	],
	['half of basic', step('http: { url: https://example.com, auth: { ▶basic: { username: a } } }'), ['key.missing']],
	['a secret', step('http: { url: https://example.com, auth: { bearer: "${{ secrets.A }}" } }'), []],
	['a secret in a condition', step('if: ▶secrets.A\nhttp: https://example.com'), ['secret.misplaced']],
	[
		'an output that no answer has',
		after('http: https://example.com', '${{ steps.fix.outputs.▶code }}'),
		['expression.output-unknown'],
	],
	[
		'its status and what is below its body',
		after('http: https://example.com', '${{ steps.fix.outputs.status }} ${{ steps.fix.outputs.body.a.b }}'),
		[],
	],
	[
		'an argument that is unknown',
		step('http: { url: "https://example.com/${{ inputs.▶x }}" }'),
		['expression.input-unknown'],
	],
];

const transformCases: readonly Case[] = [
	[
		'an expression within it',
		step('transform: "items[id = ▶${{ inputs.issue }}]"'),
		['transform.interpolated'],
		'Write `inputs.issue` without the braces: the expression reads it itself.',
	],
	['what is no JSONata', step('transform: "$sum▶("'), ['transform.invalid']],
	[
		'one that is a mapping to YAML',
		step('transform: ▶{ total: 1 }'),
		['value.invalid'],
		'Write `transform: |` and the expression on the lines below, one level deeper.',
	],
	['no expression', step('▶transform: { input: "${{ inputs.issue }}" }'), ['key.missing']],
	['an unknown key', step('transform: { expression: a, ▶inputs: b }'), ['key.unknown']],
	['a secret as its input', step('transform: { input: "${{ ▶secrets.A }}", expression: a }'), ['secret.misplaced']],
];

const sqlCases: readonly Case[] = [
	['a text', step('sql: ▶SELECT 1'), ['value.invalid']],
	['no database', step('▶sql: { query: SELECT 1 }'), ['key.missing']],
	['no query', step('▶sql: { database: a.db }'), ['key.missing']],
	['another database', step('sql: { database: ▶mysql://x/y, query: SELECT 1 }'), ['sql.database-unknown']],
	[
		'a value within the query',
		step('sql: { database: a.db, query: "SELECT \'▶${{ inputs.issue }}\'" }'),
		['sql.interpolated'],
		'Write `:issue` in the query, without quotes, and `params: { issue: "${{ inputs.issue }}" }`.',
	],
	['two statements', step('sql: { database: a.db, query: ▶"SELECT 1; SELECT 2" }'), ['sql.statements']],
	['two in a transaction', step('sql: { database: a.db, query: "SELECT 1; SELECT 2", transaction: true }'), []],
	[
		'a parameter without a value',
		step('sql: { database: a.db, query: "SELECT ▶:name", params: ▶{ nmae: 1 } }'),
		['sql.parameter-missing', 'sql.parameter-unused'],
		'Did you mean `nmae`?',
	],
	['a parameter and no params', step('sql: { database: a.db, query: "SELECT ▶:name" }'), ['sql.parameter-missing']],
	['params that are a text', step('sql: { database: a.db, query: SELECT 1, params: ▶a }'), ['value.invalid']],
	['a secret in the URL', step('sql: { database: "postgres://u:${{ secrets.A }}@h/d", query: SELECT 1 }'), []],
	[
		'an output it does not have',
		after('sql: { database: a.db, query: SELECT 1 }', '${{ steps.fix.outputs.▶row }}'),
		['expression.output-unknown'],
		'Did you mean `rows`?',
	],
];

const groups = {toolCases, httpCases, transformCases, sqlCases};
for (const [group, cases] of Object.entries(groups)) {
	for (const each of cases.filter(([, , codes]) => codes.length > 0))
		test(`${group}: ${each[0]}`, () => expectCase(each));
	for (const [name, marked] of cases.filter(([, , codes]) => codes.length === 0))
		test(`${group}: ${name} is no problem`, () => void expectProblems(marked, []));
}

test('the plan says what is called, without what may be secret', () => {
	const text = withSteps(
		[
			'## a\n~~~yaml step\nhttp: { url: "https://me:pw@example.com/x?token=${{ inputs.issue }}", method: delete }\nretry: 2\n~~~\n',
			'## b\n~~~yaml step\ntool: github.create-issue\nundo: { tool: github.close-issue }\n~~~\n',
			'## c\n~~~yaml step\ntransform: $sum(x)\n~~~\n',
			'## d\n~~~yaml step\nsql: { database: a.db, query: SELECT 1 }\n~~~\n',
		].join('\n'),
	);
	expect(planLinesOf(parseWorkflow(text, 'x.md').definition!)).toMatchInlineSnapshot(`
		[
		  "1  a  http DELETE example.com/x  retry 2×",
		  "2  b  tool github.create-issue   undo github.close-issue",
		  "3  c  transform $sum(x)",
		  "4  d  sql SELECT 1",
		]
	`);
});
