import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {bodiesOf, failureIn, outputsOf} from './bodies.ts';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;
beforeAll(() => {
	session = openSession();
	session.environment.TOKEN = 'sesame-4711';
});
afterAll(() => session.close());

const first =
	'## say\n```yaml step\noutputs: { list: array }\n```\n```sh run\necho spoken\necho \'{"list": [{"n": 1}, {"n": 2}]}\' >> "$OUTPUT"\n```\n';
const start = (name: string, settings: string) => {
	const frontmatter = 'inputs: { word: { type: string, default: hello } }\nenv: { SECRET: "${{ secrets.TOKEN }}" }\n';
	const body = `${first}\n## a\n\`\`\`yaml step\n${settings}\n\`\`\`\n`;
	return session.start(session.write(`${name}.md`, workflowOf(name, body, frontmatter)));
};
const run = async (name: string, settings: string): Promise<WireEvent[]> => session.finish(await start(name, settings));
const last = (events: readonly WireEvent[]) => bodiesOf(events, 'step.completed').at(-1);

test('an object becomes the outputs, anything else the result, nothing null', async () => {
	expect(
		last(await run('object', 'transform: \'{"sum": $sum(steps.say.outputs.list.n), "word": inputs.word}\''))?.outputs,
	).toEqual({
		sum: 3,
		word: 'hello',
	});
	expect(last(await run('list', 'transform: steps.say.outputs.list.n'))).toMatchObject({
		outputs: {result: [1, 2]},
		text: {preview: '[\n  1,\n  2\n]'},
	});
	expect(last(await run('nothing', 'transform: inputs.none'))?.outputs).toEqual({result: null});
	expect(last(await run('text', 'transform: $trim(steps.say.text) & " " & run.workflow'))).toMatchObject({
		outputs: {result: 'spoken text'},
		text: {preview: 'spoken text'},
	});
});

test('it sees neither variables nor secrets', async () => {
	const events = await run('secrets', 'transform: $string($$)');
	expect(JSON.stringify(last(events))).not.toContain('sesame');
	expect(last(await run('keys', 'transform: $sort($keys($))'))?.outputs).toEqual({
		result: ['attempt', 'inputs', 'run', 'steps', 'trigger'],
	});
});

test('with an input it sees only that, item by item too', async () => {
	const settings = 'foreach: ${{ steps.say.outputs.list }}\ntransform: { input: "${{ item }}", expression: n * 10 }';
	expect(
		bodiesOf(await run('each', settings), 'item.completed')
			.map(({outputs}) => outputs.result)
			.sort(),
	).toEqual([10, 20]);
	expect(bodiesOf(await run('item', 'foreach: [5]\ntransform: item + index'), 'item.completed')[0]?.outputs).toEqual({
		result: 5,
	});
});

test('an expression that never ends is ended, and the daemon goes on meanwhile', async () => {
	const runId = await start('endless', 'timeout: 2s\ntransform: "($f := function($n) { $f($n + 1) }; $f(0))"');
	expect((await session.finish(await start('beside', 'transform: 1 + 1'))).at(-1)?.type).toBe('run.completed');
	expect(failureIn(await session.finish(runId))).toMatchObject({code: 'attempt.timed-out'});
});

test('what goes wrong within it says where', async () => {
	expect(failureIn(await run('wrong', 'transform: inputs.word + 1'))).toMatchObject({
		code: 'transform.failed',
		message: expect.stringMatching(/^The expression cannot be evaluated: .*\+.*\(near `.*`\)\.$/),
	});
	expect(failureIn(await run('declared', 'transform: \'{"n": "x"}\'\noutputs: { n: integer }'))).toMatchObject({
		code: 'output.invalid',
		message: expect.stringContaining('`n` must be integer'),
	});
	expect(outputsOf(await run('fine', 'transform: \'{"n": 1}\'\noutputs: { n: integer }'))).toBeDefined();
});
