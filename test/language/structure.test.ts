import {expect, test} from 'vitest';
import {definitionOf, expectProblems, withSteps} from './marked.ts';

const example = `---
name: fix-issue
description: Plan, fix and verify one issue.
version: 1.10
on: manual
inputs:
  issue: { type: integer, required: true, description: Issue number }
  mode: { enum: [fast, slow], default: fast }
outputs:
  risk: \${{ steps.plan.outputs.risk }}
env:
  TOKEN: \${{ secrets.GITHUB_TOKEN }}
  ISSUE: \${{ inputs.issue }}
agent: [claude, codex]
timeout: 45m
pass-env: [KUBECONFIG]
---
Not part of anything.

# Fix an issue
Text before the first step. <!-- never seen -->

## plan
~~~yaml step
model: opus
outputs:
  risk: { enum: [low, high] }
  files: { type: array, items: string }
~~~
<!-- for readers -->
Read issue \${{ inputs.issue }} and write a plan.

### Details
~~~json
{"a": 1}
~~~

## Step 2: Test it
Runs the tests.

~~~bash run
npm test
~~~

## wait a moment
~~~yaml step
wait: 5m
continue-on-error: true
~~~

## ship
~~~yaml step
approval: { expires: 4h, on-reject: skip }
if: steps.plan.outputs.risk == 'high'
env: { WHO: "\${{ env.ISSUE }}" }
~~~
Ship these changes?

# Notes
## not a step
`;

test('a file becomes a definition', () => {
	expect(definitionOf(example)).toEqual({
		name: 'fix-issue',
		title: 'Fix an issue',
		description: 'Plan, fix and verify one issue.',
		version: '1.10',
		inputs: {
			issue: {type: 'integer', required: true, description: 'Issue number'},
			mode: {type: 'string', required: false, enum: ['fast', 'slow'], default: 'fast'},
		},
		outputs: {risk: '${{ steps.plan.outputs.risk }}'},
		env: {TOKEN: '${{ secrets.GITHUB_TOKEN }}', ISSUE: '${{ inputs.issue }}'},
		agents: ['claude', 'codex'],
		timeoutMs: 2_700_000,
		passEnv: ['KUBECONFIG'],
		secretNames: ['GITHUB_TOKEN'],
		steps: [
			{
				id: 'plan',
				title: 'plan',
				line: 23,
				kind: 'agent',
				needs: [],
				env: {},
				continueOnError: false,
				agents: [],
				model: 'opus',
				prompt: 'Read issue ${{ inputs.issue }} and write a plan.\n\n### Details\n~~~json\n{"a": 1}\n~~~',
				outputs: {
					type: 'object',
					properties: {risk: {enum: ['low', 'high']}, files: {type: 'array', items: {type: 'string'}}},
					required: ['risk', 'files'],
				},
			},
			{
				id: 'test-it',
				title: 'Step 2: Test it',
				line: 38,
				kind: 'script',
				needs: ['plan'],
				env: {},
				continueOnError: false,
				language: 'bash',
				code: 'npm test',
				codeLine: 42,
			},
			{
				id: 'wait-a-moment',
				title: 'wait a moment',
				line: 45,
				kind: 'wait',
				needs: ['test-it'],
				env: {},
				continueOnError: true,
				wait: '5m',
			},
			{
				id: 'ship',
				title: 'ship',
				line: 51,
				kind: 'approval',
				needs: ['wait-a-moment'],
				if: "steps.plan.outputs.risk == 'high'",
				env: {WHO: '${{ env.ISSUE }}'},
				continueOnError: false,
				question: 'Ship these changes?',
				expiresMs: 14_400_000,
				onExpire: 'reject',
				onReject: 'skip',
			},
		],
	});
});

test('without `description:` the text before the first step is the description', () => {
	const {description} = definitionOf(example.replace(/^description.*\n/m, ''));
	expect(description).toBe('Text before the first step.');
});

const prompts = (steps: string) =>
	definitionOf(withSteps(steps)).steps.map(step => (step.kind === 'agent' ? step.prompt : step.kind));
const ids = (steps: string) => definitionOf(withSteps(steps)).steps.map(({id}) => id);

test('a definition survives JSON', () => {
	const definition = definitionOf(withSteps('## a\nDo.\n'));
	expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
});

test('setext headings are headings', () => {
	const definition = definitionOf(
		'---\nname: x\n---\nTitle\n=====\n\nfirst step\n----------\nDo.\n\nNotes\n=====\n\n## later\n',
	);
	expect(definition.title).toBe('Title');
	expect(definition.steps.map(({id, line}) => [id, line])).toEqual([['first-step', 7]]);
});

test('an id is the slug of the heading without its number and its markup', () => {
	expect(ids('## Step 3: Fix *it*\na\n## 4. Run `npm test`\nb\n## STEP 5:done\nc\n## Stepping 6: on\nd\n')).toEqual([
		'fix-it',
		'run-npm-test',
		'done',
		'stepping-6-on',
	]);
});

test('`id:` overrides the slug', () => {
	expect(ids('## Prüfen\n~~~yaml step\nid: check\n~~~\nDo.\n')).toEqual(['check']);
});

test('line ends of Windows and a byte order mark change nothing', () => {
	expect(definitionOf(`\uFEFF${example.replaceAll('\n', '\r\n')}`)).toEqual(definitionOf(example));
});

test('a script of a file with Windows line ends has none', () => {
	const [step] = definitionOf(withSteps('## a\n~~~sh run\nset -u\necho hi\n~~~\n').replaceAll('\n', '\r\n')).steps;
	expect(step).toMatchObject({code: 'set -u\necho hi'});
});

test('tabs inside scripts and prompts are kept', () => {
	const [step] = definitionOf(withSteps('## a\n~~~python run\nif True:\n\tprint(1)\n~~~\n')).steps;
	expect(step).toMatchObject({code: 'if True:\n\tprint(1)'});
});

test('a fence inside a longer fence is text', () => {
	expect(prompts('## a\nShow this:\n````md\n```sh run\nrm -rf /\n```\n## not a step\n````\nThanks.\n')).toEqual([
		'Show this:\n````md\n```sh run\nrm -rf /\n```\n## not a step\n````\nThanks.',
	]);
});

test('an indented fence of settings is read', () => {
	const steps = '## a\n   ~~~yaml step\n   id: b\n   model: opus\n   ~~~\nDo.\n';
	expect(definitionOf(withSteps(steps)).steps[0]).toMatchObject({id: 'b', model: 'opus', prompt: 'Do.'});
});

test('comments are dropped from prompts, those in code are kept', () => {
	expect(
		prompts(
			'## a\nOne <!-- x --> two `<!-- y -->`.\n\n<!-- a\n## not a step\n-->\n\nThree.\n\n~~~html\n<!-- z -->\n~~~\n\n- item <!-- w -->\n',
		),
	).toEqual(['One  two `<!-- y -->`.\n\nThree.\n\n~~~html\n<!-- z -->\n~~~\n\n- item']);
});

test('a machine fence in the middle leaves no hole in the prompt', () => {
	expect(prompts('## a\nOne.\n\n~~~yaml step\nmodel: opus\n~~~\n\nTwo.\n')).toEqual(['One.\n\nTwo.']);
});

test('YAML anchors stand for what they name', () => {
	const steps =
		'## a\n~~~yaml step\nenv: { A: &a "one", B: *a }\noutputs: { x: &t { type: integer }, y: *t }\n~~~\nDo.\n';
	expect(definitionOf(withSteps(steps)).steps[0]).toMatchObject({
		env: {A: 'one', B: 'one'},
		outputs: {properties: {x: {type: 'integer'}, y: {type: 'integer'}}},
	});
});

test('`$${{` is literal in prompts', () => {
	expect(prompts('## a\nWrite $${{ github.ref }} into the file.\n')).toEqual([
		'Write $${{ github.ref }} into the file.',
	]);
});

test('a full JSON Schema of outputs is kept as written', () => {
	const steps =
		'## a\n~~~yaml step\noutputs:\n  type: object\n  properties:\n    risk: { type: string, minLength: 1 }\n  additionalProperties: false\n~~~\nDo.\n';
	expect(definitionOf(withSteps(steps)).steps[0]!.outputs).toEqual({
		type: 'object',
		properties: {risk: {type: 'string', minLength: 1}},
		additionalProperties: false,
		required: [],
	});
});

test('the shorthand of outputs knows optional outputs, nested objects and lists of objects', () => {
	const steps = `## a
~~~yaml step
outputs:
  note: string
  more: { type: number, required: false }
  list: { type: array, items: { type: object, properties: { name: string } } }
  free: any
~~~
Do.
`;
	expect(definitionOf(withSteps(steps)).steps[0]!.outputs).toEqual({
		type: 'object',
		properties: {
			note: {type: 'string'},
			more: {type: 'number'},
			list: {type: 'array', items: {type: 'object', properties: {name: {type: 'string'}}, required: ['name']}},
			free: {},
		},
		required: ['note', 'list', 'free'],
	});
});

test('`needs` says what a step waits for; without it that is the step above', () => {
	const steps =
		'## a\nx\n## b\n~~~yaml step\nneeds: []\n~~~\nx\n## c\n~~~yaml step\nneeds: [a, b, a]\n~~~\nx\n## d\n~~~yaml step\nneeds: c\n~~~\nx\n## e\nx\n';
	expect(definitionOf(withSteps(steps)).steps.map(({needs}) => needs)).toEqual([[], [], ['a', 'b'], ['c'], ['d']]);
});

test('`if` takes an expression with or without braces', () => {
	const steps =
		"## a\n~~~yaml step\nif: ${{ inputs.issue > 1 }}\n~~~\nx\n## b\n~~~yaml step\nif: inputs.title == 'x'\n~~~\nx\n## c\n~~~yaml step\nif: true\n~~~\nx\n";
	expect(definitionOf(withSteps(steps)).steps.map(step => step.if?.trim())).toEqual([
		'inputs.issue > 1',
		"inputs.title == 'x'",
		'true',
	]);
});

test('an approval without options or question is an approval', () => {
	const definition = definitionOf(withSteps('## ship it\n~~~yaml step\napproval:\n~~~\n'));
	expect(definition.steps[0]).toMatchObject({kind: 'approval', question: '', onExpire: 'reject', onReject: 'fail'});
});

test('headings before the title are no steps, and the file says so', () => {
	expectProblems('---\nname: x\n---\n▶## early\n\n# Title\n\n## a\nDo.\n', ['step.outside']);
});
