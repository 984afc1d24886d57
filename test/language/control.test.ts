import {expect, test} from 'vitest';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {usesOf} from '../../source/workflow/uses.ts';
import {definitionOf, withSteps} from './marked.ts';

const script = '~~~sh run\ntrue\n~~~\n';
const stepOf = (settings: string, rest = script): StepDefinition =>
	definitionOf(withSteps(`## a\n~~~yaml step\n${settings}\n~~~\n${rest}`)).steps[0]!;
const agentOf = (settings: string, prompt = 'Do.'): StepDefinition => stepOf(settings, `${prompt}\n`);
const concurrencyOf = (yaml: string) =>
	definitionOf(`---\nname: x\ninputs: { a: {} }\nconcurrency: ${yaml}\n---\n# A\n\n## b\nDo.\n`).concurrency;

test('a step that asks for nothing of this has none of its keys', () => {
	const text = withSteps(`## a\n${script}`);
	const [step] = definitionOf(text).steps;
	expect(Object.keys(JSON.parse(JSON.stringify(step)))).toEqual([
		'id',
		'title',
		'line',
		'env',
		'continueOnError',
		'kind',
		'language',
		'code',
		'codeLine',
		'needs',
	]);
	expect(JSON.parse(JSON.stringify(definitionOf(text)))).not.toHaveProperty('concurrency');
});

test('a group may be one text', () => {
	expect(concurrencyOf('deploy')).toEqual({group: 'deploy', overlap: 'queue'});
	expect(concurrencyOf('{ group: "${{ run.workflow }} ${{ inputs.a }}", overlap: cancel-previous }')).toEqual({
		group: '${{ run.workflow }} ${{ inputs.a }}',
		overlap: 'cancel-previous',
	});
	expect(concurrencyOf('{ group: "${{ run.workspace }}" }')).toEqual({
		group: '${{ run.workspace }}',
		overlap: 'queue',
	});
});

test('`retry` may be a number, and has its defaults', () => {
	expect(stepOf('retry: 2').retry).toEqual({
		max: 2,
		delayMs: 1000,
		backoff: 'exponential',
		maxDelayMs: 60_000,
		on: [],
	});
	expect(
		stepOf('retry: { max: 5, delay: 200ms, backoff: linear, max-delay: 10s, on: [script.failed, attempt.*] }').retry,
	).toEqual({max: 5, delayMs: 200, backoff: 'linear', maxDelayMs: 10_000, on: ['script.failed', 'attempt.*']});
	expect(agentOf('retry: { max: 1, on: agent.rate-limited }').retry!.on).toEqual(['agent.rate-limited']);
});

test('a delay beyond the usual longest one is kept', () => {
	expect(stepOf('retry: { max: 2, delay: 5m, backoff: constant }').retry!.maxDelayMs).toBe(300_000);
});

test('`timeout` is that of an attempt, or of both', () => {
	expect(stepOf('timeout: 5m')).toMatchObject({timeoutMs: 300_000});
	expect(stepOf('timeout: { attempt: 5m, step: 1h }\nidle-timeout: 30s')).toMatchObject({
		timeoutMs: 300_000,
		stepTimeoutMs: 3_600_000,
		idleTimeoutMs: 30_000,
	});
	const step = stepOf('timeout: { step: 1h }');
	expect(step.timeoutMs).toBeUndefined();
	expect(step.stepTimeoutMs).toBe(3_600_000);
});

test('`foreach` takes an expression with or without braces, and a list', () => {
	expect(stepOf('foreach: ${{ inputs.title }}').foreach).toBe('${{ inputs.title }}');
	expect(stepOf('foreach: fromJSON(inputs.title)').foreach).toBe('${{ fromJSON(inputs.title) }}');
	expect(stepOf('foreach: [a, 2, true, { b: "${{ inputs.title }}" }, [c]]').foreach).toEqual([
		'a',
		2,
		true,
		{b: '${{ inputs.title }}'},
		['c'],
	]);
	expect(stepOf('foreach: []').foreach).toEqual([]);
});

test('a matrix has its axes in order, as lists or expressions', () => {
	const step = stepOf(
		'strategy: { matrix: { os: [linux, "${{ inputs.title }}"], node: "${{ fromJSON(inputs.title) }}" }, max-parallel: 4, fail-fast: true }',
	);
	expect(step).toMatchObject({maxParallel: 4, failFast: true});
	expect(Object.entries(step.matrix!)).toEqual([
		['os', ['linux', '${{ inputs.title }}']],
		['node', '${{ fromJSON(inputs.title) }}'],
	]);
	expect(stepOf('strategy: { matrix: { a: [1] } }\nmax-parallel: 256\nfail-fast: false')).toMatchObject({
		maxParallel: 256,
		failFast: false,
	});
});

test('`until` may read its own step', () => {
	expect(
		stepOf('outputs: { ok: boolean }\nrepeat: { until: "${{ steps.a.outputs.ok || attempt > 3 }}", max: 5 }').repeat,
	).toEqual({until: 'steps.a.outputs.ok || attempt > 3', max: 5});
});

test('`uses` makes a step that hands inputs over', () => {
	const step = stepOf(
		'uses: ./child.md\nwith: { title: "${{ inputs.title }}", version: 1.10, none: , list: [1, "${{ item }}"], map: { a: { b: "x" } } }\nforeach: [1]\nretry: { max: 1, on: run.failed }',
		'Text for readers ${{ not an expression }}.\n',
	);
	expect(step).toMatchObject({
		kind: 'uses',
		uses: './child.md',
		with: {title: '${{ inputs.title }}', version: '1.10', none: '', list: [1, '${{ item }}'], map: {a: {b: 'x'}}},
	});
	expect(stepOf('uses: review', '')).toMatchObject({kind: 'uses', uses: 'review', with: {}});
});

test('any output of a workflow that is used, and of a signal, may be read', () => {
	definitionOf(
		withSteps(
			'## a\n~~~yaml step\nuses: ./x.md\n~~~\n## b\n~~~yaml step\nwait: { signal: go }\n~~~\n## c\n${{ steps.a.outputs.any }} ${{ steps.b.outputs.thing }}\n',
		),
	);
});

test('what a file uses is listed once each', () => {
	const uses = (names: readonly string[]) =>
		names.map((name, index) => `## s${index}\n~~~yaml step\nuses: ${name}\n~~~\n`).join('');
	expect(usesOf(definitionOf(withSteps(uses(['./b.md', 'a', './b.md']))))).toEqual(['./b.md', 'a']);
	expect(usesOf(definitionOf(withSteps('## a\nDo.\n')))).toEqual([]);
});

test('a wait may be for a signal', () => {
	expect(stepOf('wait: { signal: "go-${{ inputs.issue }}" }\ntimeout: 1h', '')).toMatchObject({
		kind: 'wait',
		wait: '',
		signal: 'go-${{ inputs.issue }}',
		timeoutMs: 3_600_000,
	});
	expect(stepOf('wait: 5m', '')).not.toHaveProperty('signal');
});

test('a rejection may go back to any step above', () => {
	const steps = (options: string) =>
		withSteps(
			`## fix\nDo ${'${{ run.feedback }}'}.\n## test\nDo.\n## ship\n~~~yaml step\napproval: { on-reject: { ${options} } }\n~~~\n`,
		);
	expect(definitionOf(steps('goto: fix')).steps[2]).toMatchObject({onReject: {goto: 'fix', max: 3}});
	expect(definitionOf(steps('goto: test, max: 1')).steps[2]).toMatchObject({onReject: {goto: 'test', max: 1}});
});

test('`cache` may be true, false or a mapping', () => {
	expect(stepOf('cache: true').cache).toEqual({files: []});
	expect(stepOf('cache: {}').cache).toEqual({files: []});
	expect(stepOf('cache: false')).not.toHaveProperty('cache');
	expect(
		stepOf('foreach: [1]\ncache: { files: [src/**, "${{ item }}"], key: "v1-${{ index }}", max-age: 1d }').cache,
	).toEqual({files: ['src/**', '${{ item }}'], key: 'v1-${{ index }}', maxAgeMs: 86_400_000});
	expect(stepOf('cache: { files: package.json }').cache).toEqual({files: ['package.json']});
});

test('a step may be undone by a script, by its files and by git', () => {
	expect(stepOf('undo: git')).toMatchObject({undo: {kind: 'git'}});
	expect(stepOf('undo:\n  files: [a.txt, "${{ inputs.title }}"]')).toMatchObject({
		undo: {kind: 'files', paths: ['a.txt', '${{ inputs.title }}']},
	});
	expect(stepOf('undo: { files: a.txt }', `${script}~~~bash undo\nrm "$STEP_OUTPUT_FILE"\n~~~\n`)).toMatchObject({
		undo: {kind: 'files', paths: ['a.txt']},
		code: 'true',
		undoScript: {language: 'bash', code: 'rm "$STEP_OUTPUT_FILE"', codeLine: 19},
	});
});

test('an undo fence is no part of a prompt, and may belong to an agent or a workflow that is used', () => {
	expect(agentOf('model: x', 'Do.\n\n~~~sh undo\nrm x\n~~~')).toMatchObject({
		kind: 'agent',
		prompt: 'Do.',
		undoScript: {language: 'sh', code: 'rm x'},
	});
	expect(stepOf('uses: ./x.md', '~~~sh undo\nrm x\n~~~\n')).toMatchObject({kind: 'uses', undoScript: {code: 'rm x'}});
});

test('`on-interrupt` and `savepoint` are kept as they are', () => {
	expect(stepOf('on-interrupt: ask\nsavepoint: before-release')).toMatchObject({
		onInterrupt: 'ask',
		savepoint: 'before-release',
	});
	expect(stepOf('approval: {}\nsavepoint: asked', '')).toMatchObject({kind: 'approval', savepoint: 'asked'});
});

test('the item is there wherever one item is done', () => {
	const read = '${{ item }}${{ index }}';
	definitionOf(
		withSteps(`## a
~~~yaml step
foreach: [1, 2]
env: { A: "${read}" }
stdin: "${read}"
cwd: "${read}"
cache: { files: ["${read}"], key: "${read}" }
undo: { files: ["${read}"] }
~~~
${script}
## b
~~~yaml step
foreach: steps.a.outputs
model: "${read}"
~~~
Do ${read} and \${{ item.a.b[index] }}.

## c
~~~yaml step
strategy: { matrix: { os: [linux], node-version: [24] } }
uses: ./x.md
with: { a: "\${{ matrix.os }}", b: ["\${{ matrix.node-version }} \${{ index }} \${{ toJSON(matrix) }}"] }
~~~
`),
	);
});

test('the outputs of several items are read as a list', () => {
	const read = [
		'steps.fix.outputs.*.risk',
		'steps.fix.outputs[0].risk',
		"steps.fix.outputs[index].risk == 'low'",
		'toJSON(steps.fix.outputs)',
		'steps.fix.text',
		'steps.fix.status',
	];
	definitionOf(
		withSteps(
			`## fix\n~~~yaml step\nforeach: [1]\noutputs: { risk: string }\n~~~\nDo.\n\n## b\n~~~yaml step\nforeach: steps.fix.outputs.*.risk\n~~~\n${read.map(each => `\${{ ${each} }}`).join('\n')}\n`,
		),
	);
});

test('a name is found whatever its case, as everywhere in expressions', () => {
	definitionOf(
		withSteps('## a\n~~~yaml step\nstrategy: { matrix: { os: [a] } }\n~~~\n${{ Matrix.OS }} ${{ INDEX }}\n'),
	);
});

test('a file of many lists and templates is read in bounded time', () => {
	const items = Array.from({length: 5000}, () => '"${{ inputs.title }}"').join(', ');
	const start = process.cpuUsage();
	const {diagnostics} = parseWorkflow(
		withSteps(`## a\n~~~yaml step\nforeach: [${items}]\ncache: { files: [${items}] }\n~~~\nDo.\n`),
		'w.md',
	);
	const {user, system} = process.cpuUsage(start);
	expect(diagnostics).toEqual([]);
	expect((user + system) / 1000).toBeLessThan(6000);
});
