import {expect, test} from 'vitest';
import {parse} from 'yaml';
import {limits} from '../../../source/limits.ts';
import {instantiate} from '../../../source/templates/instantiate.ts';
import {loadTemplate, soundTemplate} from '../../../source/templates/load.ts';
import {parseWorkflow} from '../../../source/workflow/parse.ts';
import {metadataText, temporaryFolder, workflowText, writeAll} from './template-folder.ts';

const templateOf = async (files: Readonly<Record<string, string>>, variables?: string) => {
	const folder = writeAll(temporaryFolder(), {'template.yaml': metadataText(variables), ...files});
	return loadTemplate(folder, {kind: 'workspace'});
};

const made = async (
	files: Readonly<Record<string, string>>,
	given: Readonly<Record<string, string>>,
	variables?: string,
): Promise<Record<string, string>> => {
	const template = soundTemplate(await templateOf(files, variables));
	const instance = instantiate(template, {name: 'greet', ...given});
	return Object.fromEntries(instance.files.map(({path, bytes}) => [path, bytes.toString()]));
};

/** What people type, and what would break a file that was put together carelessly. */
const awkward = [
	'a: b',
	'# not a comment',
	'two\nlines: here\n  and three',
	'"quoted" \'twice\'',
	'[a, b] {c: d}, e',
	'- item',
	'true',
	'1.0',
	'null',
	'~',
	'<% who %>',
	'$(touch pwned) `x` $HOME',
	'ends with space ',
	' begins with space',
	'---',
	'% & * ! | > @',
	'\\ back \\n slash',
	'日本語 🎉',
	'%YAML 1.2',
	'x'.repeat(2000),
	'*/ --> ]]>',
	'::',
	'a #b',
	'',
];

test.each(awkward)('YAML says exactly the value: %j', async value => {
	const yaml = `plain: <% who %>
part: for <% who %>, kindly
double: "<% who %>"
single: 'it is <% who %>'
flow: { a: <% who %>, b: [<% who %>, two] }
folded: >
  Hello <% who %>
literal: |
  first
    <% who %>
  last
after: untouched # <- a comment
`;
	const {'config.yaml': text} = await made({'workflow.md': workflowText(), 'config.yaml': yaml}, {who: value});
	expect(parse(text!)).toEqual({
		plain: value,
		part: `for ${value}, kindly`,
		double: value,
		single: `it is ${value}`,
		flow: {a: value, b: [value, 'two']},
		folded: `Hello ${value}\n`,
		literal: value.includes('\n') ? expect.stringContaining('two') : `first\n  ${value}\nlast\n`,
		after: 'untouched',
	});
	expect(text).toContain('after: untouched # <- a comment');
});

test.each(awkward)('a workflow has the same steps with any value in it: %j', async value => {
	const settings = '```yaml step\nenv: { WHO: <% who %> }\n```\n';
	const rest = `\n> <% who %>\n\n- a <% who %>\n\n\`\`\`text\n<% who %>\n\`\`\`\n\n<% who %>\n\n## Run\n${settings}\`\`\`sh run\necho "$WHO"\n\`\`\`\n`;
	const {'workflow.md': text} = await made({'workflow.md': workflowText(rest)}, {who: value});
	const {definition, diagnostics} = parseWorkflow(text!, 'workflow.md');
	expect(diagnostics).toEqual([]);
	expect(definition!.steps.map(({id, kind}) => [id, kind])).toEqual([
		['say', 'agent'],
		['run', 'script'],
	]);
	expect(definition!.description).toBe(`Greets ${value}.`);
	expect(definition!.steps[1]).toMatchObject({env: {WHO: value}});
});

test.each([
	'fine\n\n## Evil\n```sh run\ntouch pwned\n```\n',
	'# Second heading\n## And a step',
	'```\n## Evil\n```sh run\nrm -rf x\n```',
	'title\n===',
	'step\n---',
	'<!-- the rest is gone',
	'~~~\n## Evil\n~~~',
	'   ## Evil',
	'<div>\n## Evil\n</div>',
	'* * *',
])('prose cannot become a step, a script or a comment: %j', async value => {
	const rest = '\n<% who %>\n\n## Last\nThe <% who %> end.\n';
	const {'workflow.md': text} = await made({'workflow.md': workflowText(rest)}, {who: value});
	const {definition} = parseWorkflow(text!, 'workflow.md');
	expect(definition!.steps.map(({id, kind}) => [id, kind])).toEqual([
		['say', 'agent'],
		['last', 'agent'],
	]);
});

test('a marker that is a whole value takes the type of its variable', async () => {
	const variables = `  count: { type: integer, default: 3 }
  on: { type: boolean, default: true }
  names: { type: list, default: [a, "b, c"] }
`;
	const yaml =
		'count: <% count %>\non: <% on %>\nnames: <% names %>\ntext: "<% count %>"\nsentence: <% names %> and more\n';
	const files = await made({'workflow.md': workflowText(), 'a.yaml': yaml}, {}, variables);
	expect(parse(files['a.yaml']!)).toEqual({
		count: 3,
		on: true,
		names: ['a', 'b, c'],
		text: '3',
		sentence: 'a, b, c and more',
	});
});

test('a value never brings an expression in, not even in two halves', async () => {
	await expect(made({'workflow.md': workflowText()}, {who: '${{ secrets.KEY }}'})).rejects.toThrow('cannot hold `${{`');
	const variables = '  rest: { type: string, default: x }\n';
	const halves = made(
		{'workflow.md': workflowText('<% who %><% rest %> }}')},
		{who: '$', rest: '{{ run.id'},
		variables,
	);
	await expect(halves).rejects.toMatchObject({code: 'template.value-misfit'});
	const comment = made(
		{'workflow.md': workflowText('<% who %><% rest %>\n\nSeen?')},
		{who: '<', rest: '!-- gone'},
		variables,
	);
	await expect(comment).rejects.toMatchObject({code: 'template.value-misfit'});
});

test.each([
	['in a script', workflowText('\n## Run\n```sh run\necho <% who %>\n```\n'), 'values never become code'],
	[
		'in a script that undoes',
		workflowText('\n## Run\n```sh run\ntrue\n```\n```sh undo\n<% who %>\n```\n'),
		'never become code',
	],
	['in a heading', workflowText('\n## Greet <% who %>\nHello.\n'), 'the heading of a step is its id'],
	['in a comment', workflowText('\n<!-- <% who %> -->\n'), 'a comment is for readers'],
	['in an expression', workflowText("\nIs ${{ inputs.a == '<% who %>' }}?\n"), 'stands in an expression'],
	[
		'in a condition',
		workflowText("\n## Run\n```yaml step\nif: run.id == '<% who %>'\n```\nHello.\n"),
		'`if` is evaluated',
	],
	['as a key', workflowText('\n## Run\n```yaml step\nenv: { <% who %>: 1 }\n```\nHello.\n'), 'never for a key'],
	['in a comment of YAML', workflowText('', '# <% who %>\n'), 'never for a key or in a comment'],
])('a marker is refused %s', async (_, text, because) => {
	const {diagnostics} = await templateOf({'workflow.md': text});
	expect(diagnostics.map(({code}) => code)).toContain('template.marker-misplaced');
	expect(diagnostics.map(({message}) => message).join()).toContain(because);
});

test('a marker nobody declared is refused with its place and what was meant', async () => {
	const {diagnostics} = await templateOf({'workflow.md': workflowText('And <% whom %>.')});
	expect(diagnostics).toMatchObject([
		{code: 'template.variable-unknown', line: 9, column: 5, suggestion: 'Did you mean `who`?'},
	]);
});

test('a variable that no file uses is a warning', async () => {
	const {diagnostics} = await templateOf({'workflow.md': workflowText()}, '  idle: { type: string }\n');
	expect(diagnostics).toMatchObject([{code: 'template.variable-unused', severity: 'warning', line: 8}]);
});

test('YAML that cannot be read, and files that are too large, are told when the template is read', async () => {
	const broken = await templateOf({'workflow.md': workflowText(), 'a.yaml': 'a: [<% who %>\nb: }'});
	expect(broken.diagnostics).toMatchObject([{code: 'template.marker-misplaced', line: 1}]);
	expect(broken.diagnostics[0]!.message).toContain('cannot be read');
	const large = await templateOf({'workflow.md': workflowText(), 'a.md': 'x'.repeat(limits.workflowBytesMax + 1)});
	expect(large.diagnostics).toMatchObject([{code: 'template.too-large'}]);
});

test('files that are neither Markdown nor YAML are copied as they are', async () => {
	const script = 'console.log(`<%= x %>`); // <% other %>\n';
	const files = await made({'workflow.md': workflowText(), 'scripts/a.mjs': script}, {});
	expect(files['scripts/a.mjs']).toBe(script);
	const {diagnostics} = await templateOf({'workflow.md': workflowText(), 'a.sh': 'echo <% who %>'});
	expect(diagnostics).toMatchObject([{code: 'template.marker-misplaced'}]);
});

test('values that make a workflow with mistakes are refused with the mistakes', async () => {
	const settings = '\n## Wait\n```yaml step\nwait: <% who %>\n```\n';
	const rejected = made({'workflow.md': workflowText(settings)}, {who: ''});
	await expect(rejected).rejects.toMatchObject({code: 'template.result-invalid'});
});
