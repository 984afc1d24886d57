import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {openSession, type Session, typesOf, until, workflowOf} from './session.ts';

let session: Session;
beforeAll(() => {
	session = openSession();
});
afterAll(() => session.close());

const script = (id: string, code: string, settings = '') =>
	`## ${id}\n${settings === '' ? '' : `\`\`\`yaml step\n${settings}\n\`\`\`\n`}\`\`\`sh run\n${code}\n\`\`\`\n\n`;

const runToEnd = async (name: string, body: string, frontmatter = ''): Promise<WireEvent[]> => {
	const file = session.write(`${name}.md`, workflowOf(name, body, frontmatter));
	return session.finish(await session.start(file));
};

const eventOf = <T extends WireEvent['type']>(events: readonly WireEvent[], type: T) =>
	events.find((event): event is Extract<WireEvent, {type: T}> => event.type === type)!;
const read = (name: string) => readFileSync(path.join(session.workspace, name), 'utf8');

test('a foreach gives its outputs in the order of the items, whatever order they end in', async () => {
	const events = await runToEnd(
		'each',
		script('each', 'sleep "0.$N"; echo "n=$N" >>"$OUTPUT"', 'foreach: [3, 1, 2]\nenv: { N: "${{ item }}" }') +
			script(
				'after',
				'echo "$ALL"',
				'env: { ALL: "${{ toJSON(steps.each.outputs.*.n) }}", IT: "${{ steps.each.outputs[0].n }}" }',
			),
	);
	const completed = events.filter(event => event.type === 'step.completed').at(-1);
	expect(completed?.body).toMatchObject({stepId: 'after', text: {preview: expect.stringMatching(/"3",\s*"1",\s*"2"/)}});
	expect(events.filter(event => event.type === 'item.completed').map(event => event.body.item)).toEqual([1, 2, 0]);
});

test('an item that fails leaves a hole, and the step fails at the end', async () => {
	const events = await runToEnd(
		'hole',
		script(
			'each',
			'[ "$N" != 2 ]; echo "n=$N" >>"$OUTPUT"',
			'foreach: [1, 2, 3]\nmax-parallel: 1\nenv: { N: "${{ item }}" }\ncontinue-on-error: true',
		) + script('after', 'echo "$ALL"', 'env: { ALL: "${{ toJSON(steps.each.outputs) }}" }'),
	);
	expect(eventOf(events, 'step.failed').body.failure).toMatchObject({
		code: 'items.failed',
		message: expect.stringContaining('1 of 3 items of "each" failed. The first: each[1]'),
	});
	const after = events.filter(event => event.type === 'step.completed').at(-1);
	expect(JSON.parse((after as Extract<WireEvent, {type: 'step.completed'}>).body.text!.preview)).toEqual([
		{n: '1'},
		null,
		{n: '3'},
	]);
	expect(events.at(-1)?.type).toBe('run.completed');
});

test('with fail-fast the others are stopped or not begun', async () => {
	const events = await runToEnd(
		'fast',
		script(
			'each',
			'[ "$N" != 1 ] || exit 1; sleep 30',
			'strategy: { matrix: { n: [1, 2, 3, 4] }, max-parallel: 2, fail-fast: true }\nenv: { N: "${{ matrix.n }}" }',
		),
	);
	expect(events.filter(event => event.type === 'attempt.started')).toHaveLength(2);
	expect(eventOf(events, 'item.cancelled').body.item).toBe(1);
	expect(eventOf(events, 'step.failed').body.failure.message).toContain('3 were not done');
});

test('an empty list is done at once', async () => {
	const events = await runToEnd('nothing', script('each', 'exit 1', 'foreach: []'));
	expect(typesOf(events)).toEqual(['run.created', 'run.started', 'items.expanded', 'step.completed', 'run.completed']);
});

test('a retry waits for its moment, which is in the journal', async () => {
	const events = await runToEnd(
		'again',
		script('flaky', 'echo x >>tries; [ "$(wc -l <tries)" -ge 3 ]', 'retry: { max: 3, delay: 20ms, backoff: constant }'),
	);
	const failed = events.filter(event => event.type === 'attempt.failed');
	expect(failed).toHaveLength(2);
	for (const {at, body} of failed) expect(body.retryAtMs - Date.parse(at)).toBeLessThanOrEqual(20);
	expect(eventOf(events, 'step.completed').body.attempt).toBe(3);
});

test('a failure that is not named is not retried', async () => {
	const events = await runToEnd('named', script('a', 'exit 3', 'retry: { max: 3, on: [attempt.timed-out] }'));
	expect(events.filter(event => event.type === 'attempt.started')).toHaveLength(1);
});

test('repeat exposes the last iteration, and too many fail the step', async () => {
	const count = 'echo x >>"$FILE"; echo "n=$(wc -l <"$FILE" | tr -d " ")" >>"$OUTPUT"';
	const done = await runToEnd(
		'repeat',
		script('up', count, `repeat: { until: "steps.up.outputs.n == '3'", max: 5 }\nenv: { FILE: ups }`),
		'outputs: { n: "${{ steps.up.outputs.n }}" }\n',
	);
	expect(eventOf(done, 'run.completed').body.outputs).toEqual({n: '3'});
	const never = await runToEnd(
		'never',
		script('up', count, "repeat: { until: 'false', max: 2 }\nenv: { FILE: nevers }"),
	);
	expect(eventOf(never, 'step.failed').body.failure.code).toBe('repeat.exhausted');
	expect(read('nevers')).toBe('x\nx\n');
});

test('a sub-workflow is a run of its own below the step, with inputs and outputs', async () => {
	session.write(
		'child.md',
		workflowOf(
			'child',
			script('hello', 'echo "said=hello $INPUT_WHO" >>"$OUTPUT"'),
			'inputs: { who: { type: string, required: true } }\noutputs: { said: "${{ steps.hello.outputs.said }}" }\n',
		),
	);
	const events = await runToEnd(
		'parent',
		'## ask\n```yaml step\nuses: ./child.md\nwith: { who: "${{ item }}" }\nforeach: [a, b]\n```\n\n',
		'outputs: { all: "${{ steps.ask.outputs.*.said }}" }\n',
	);
	expect(eventOf(events, 'run.completed').body.outputs).toEqual({all: ['hello a', 'hello b']});
	const childRunId = eventOf(events, 'attempt.started').body.childRunId!;
	const state = await (await session.client()).runEvents(childRunId, {});
	expect(eventOf(state.events, 'run.created').body.parent).toMatchObject({stepId: 'ask', item: 0, depth: 1});
});

test('workflows that use each other are refused before anything runs', async () => {
	session.write('ping.md', workflowOf('ping', '## a\n```yaml step\nuses: ./pong.md\n```\n'));
	const file = session.write('pong.md', workflowOf('pong', '## b\n```yaml step\nuses: ./ping.md\n```\n'));
	await expect(session.start(file)).rejects.toMatchObject({
		code: 'uses.cycle',
		message: expect.stringContaining('pong.md → ping.md → pong.md'),
	});
});

test('a sub-workflow that fails fails its step, and cancelling the parent cancels it', async () => {
	session.write('bad.md', workflowOf('bad', script('boom', 'exit 7')));
	const events = await runToEnd('outer', '## call\n```yaml step\nuses: ./bad.md\n```\n');
	expect(eventOf(events, 'step.failed').body.failure).toMatchObject({
		code: 'run.failed',
		message: expect.stringContaining('exit code 7'),
	});

	session.write('slow.md', workflowOf('slow', script('sleeps', 'sleep 60')));
	const file = session.write('outer2.md', workflowOf('outer2', '## call\n```yaml step\nuses: ./slow.md\n```\n'));
	const client = await session.client();
	const runId = await session.start(file);
	await until('the child to run', async () => (await client.runs({status: 'running'})).runs.length > 0);
	await client.cancelRun(runId, {origin: {by: 'tester', via: 'api'}, reason: 'enough'});
	const ended = await session.finish(runId);
	expect(typesOf(ended).slice(-2)).toEqual(['step.cancelled', 'run.cancelled']);
});

test('a rejection leads back: a new generation, with the comment as feedback', async () => {
	const file = session.write(
		'goto.md',
		workflowOf(
			'goto',
			script('draft', 'echo "draft $FEEDBACK"', 'env: { FEEDBACK: "${{ run.feedback }}" }') +
				'## ask\n```yaml step\napproval: { on-reject: { goto: draft, max: 1 } }\n```\nGood?\n\n' +
				script('ship', 'echo shipped'),
		),
	);
	const client = await session.client();
	const runId = await session.start(file);
	const answer = async (isApproved: boolean, comment: string) => {
		const open = async () => (await client.approvals({status: 'open'})).approvals.find(each => each.runId === runId);
		await until('an approval to be asked', async () => (await open()) !== undefined);
		const {id} = (await open())!;
		await client[isApproved ? 'approve' : 'reject'](id, {origin: {by: 'tester', via: 'api'}, comment});
	};

	await answer(false, 'too long');
	await answer(true, '');
	const events = await session.finish(runId);
	expect(eventOf(events, 'run.rewound').body).toMatchObject({
		toStepId: 'draft',
		feedback: 'too long',
		stepIds: ['draft', 'ask', 'ship'],
	});
	const drafts = events.filter(event => event.type === 'step.completed' && event.body.stepId === 'draft');
	expect(drafts.map(event => (event as Extract<WireEvent, {type: 'step.completed'}>).body.text?.preview)).toEqual([
		'draft \n',
		'draft too long\n',
	]);
	expect(events.at(-1)?.type).toBe('run.completed');
});

test('runs of one group wait, are skipped, or take the place of the one before', async () => {
	const slow = script('slow', 'sleep 0.4');
	const started = async (name: string, overlap: string) => {
		const file = session.write(
			`${name}.md`,
			workflowOf(name, slow, `concurrency: { group: ${name}, overlap: ${overlap} }\n`),
		);
		const ids = [await session.start(file), await session.start(file)];
		return Promise.all(ids.map(id => session.finish(id)));
	};

	const [first, second] = await started('queueing', 'queue');
	expect(eventOf(second!, 'run.started').cursor).toBeGreaterThan(eventOf(first!, 'run.completed').cursor);
	const [kept, skipped] = await started('skipping', 'skip');
	expect([kept!.at(-1)!.type, skipped!.at(-1)!.type]).toEqual(['run.completed', 'run.cancelled']);
	const [replaced, latest] = await started('replacing', 'cancel-previous');
	expect([replaced!.at(-1)!.type, latest!.at(-1)!.type]).toEqual(['run.cancelled', 'run.completed']);
});

test('a result found before is taken from the cache, and shown as that, until something it depends on changes', async () => {
	session.write('data.txt', 'one');
	const body = script(
		'count',
		'echo x >>counted; echo "n=$(cat data.txt)" >>"$OUTPUT"',
		'cache: { files: [data.txt] }',
	);
	const [first, second] = [await runToEnd('cached', body), await runToEnd('cached', body)];
	expect(eventOf(first, 'step.completed').body.cached).toBeUndefined();
	expect(eventOf(second, 'step.completed').body).toMatchObject({outputs: {n: 'one'}, cached: {runId: first[0]!.runId}});
	session.write('data.txt', 'two');
	expect(eventOf(await runToEnd('cached', body), 'step.completed').body).toMatchObject({outputs: {n: 'two'}});
	expect(read('counted')).toBe('x\nx\n');
});

test('time limits: of an attempt, of the step with its retries, and of silence', async () => {
	const attempt = await runToEnd('attempt-time', script('a', 'sleep 30', 'timeout: 200ms'));
	expect(eventOf(attempt, 'step.failed').body.failure.code).toBe('attempt.timed-out');
	const step = await runToEnd(
		'step-time',
		script(
			'a',
			'sleep 30',
			'timeout: { attempt: 150ms, step: 400ms }\nretry: { max: 50, delay: 1ms, on: [attempt.timed-out] }',
		),
	);
	expect(eventOf(step, 'step.failed').body.failure.code).toMatch(/^(?:step|attempt)\.timed-out$/);
	const idle = await runToEnd('idle-time', script('a', 'echo hi; sleep 30', 'idle-timeout: 300ms'));
	expect(eventOf(idle, 'step.failed').body.failure.code).toBe('attempt.stalled');
});

test('what was done is undone in reverse order when the run fails; one that fails does not keep the rest from it', async () => {
	const undoing = (id: string, code: string) =>
		script(id, `echo "${id}=v-${id}" >>"$OUTPUT"; echo "did ${id}" >>trace`).trimEnd() +
		`\n\`\`\`sh undo\n${code}\n\`\`\`\n\n`;
	const events = await runToEnd(
		'undo',
		undoing('one', 'echo "undid one $STEP_OUTPUT_ONE" >>trace') +
			undoing('two', 'echo "cannot" >&2; exit 4') +
			undoing('three', 'echo "undid three" >>trace') +
			script('last', 'exit 1'),
	);
	expect(read('trace').trim().split('\n')).toEqual([
		'did one',
		'did two',
		'did three',
		'undid three',
		'undid one v-one',
	]);
	expect(eventOf(events, 'undo.failed').body).toMatchObject({stepId: 'two', exitCode: 4});
	expect(eventOf(events, 'rollback.completed').body).toMatchObject({undone: 2, left: [{stepId: 'two', how: 'script'}]});
	expect(events.at(-1)?.type).toBe('run.failed');
});

test('undo: files brings back what a step changed when the run fails', async () => {
	session.write('site/index.html', 'old');
	await runToEnd(
		'undo-files',
		script(
			'change',
			'echo new >site/index.html; echo extra >site/extra; mkdir -p made; echo x >made/x',
			'undo: { files: [site, made] }',
		) + script('fails', 'exit 1'),
	);
	expect(read('site/index.html')).toBe('old');
	expect(existsSync(path.join(session.workspace, 'site/extra'))).toBe(false);
	expect(existsSync(path.join(session.workspace, 'made'))).toBe(false);
});
