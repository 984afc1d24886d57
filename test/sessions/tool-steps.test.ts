import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {bodiesOf, failureIn, outputsOf} from './bodies.ts';
import {openSession, type Session, typesOf, until, workflowOf} from './session.ts';

let session: Session;
const logOf = (name: string) => {
	const file = path.join(session.workspace, name);
	return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};

/** A tool of the workflow's folder whose operations do what a script says. */
const tool = (name: string, script: string, more = '') => {
	session.write(`tools/${name}.sh`, `#!/bin/sh\ncd "$AIWORKFLOW_WORKSPACE"\n${script}\n`);
	session.write(
		`tools/${name}.yaml`,
		`${more || `script:\n  command: [sh, ./${name}.sh]\n  env: { KEY: "\${{ secrets.TRACKER_KEY }}" }\n`}  operations:\n    create: { args: [create], inputs: { title: { type: string, required: true } } }\n    close: { args: [close], inputs: { id: { type: integer } } }\n`,
	);
};

beforeAll(async () => {
	session = openSession();
	session.environment.TRACKER_KEY = 'key-4711';
	tool(
		'tracker',
		`case $1 in
create) echo "$@ $KEY $AIWORKFLOW_STEP_KEY" >> created; printf '{"id": 7, "title": "%s"}' "\${2#--title=}";;
close) echo "$@" >> closed; echo '{}';;
esac`,
	);
});
afterAll(() => session.close());

const stepOf = (settings: string) => `## a\n\`\`\`yaml step\n${settings}\n\`\`\`\n`;
const start = (name: string, settings: string, more = '') =>
	session.start(session.write(`${name}.md`, workflowOf(name, stepOf(settings) + more)));
const run = async (name: string, settings: string, more = ''): Promise<WireEvent[]> =>
	session.finish(await start(name, settings, more));
const failing = '## b\n```sh run\nfalse\n```\n';

test('a tool is called with its arguments and its secret, and an object becomes the outputs', async () => {
	const events = await run(
		'called',
		'tool: tracker.create\nwith: { title: "of ${{ run.workflow }}" }\noutputs: { id: integer }',
	);
	expect(outputsOf(events)).toEqual({id: 7, title: 'of called'});
	expect(bodiesOf(events, 'attempt.started')[0]).toMatchObject({tool: 'tracker/script', target: 'tracker.create'});
	expect(logOf('created').at(-1)).toBe(`create --title=of called key-4711 ${events[0]!.runId}/a`);
	expect(JSON.stringify(events)).not.toContain('key-4711');
});

test('what is wrong with the call is said, and nothing is called', async () => {
	const before = logOf('created').length;
	expect(failureIn(await run('arguments', 'tool: tracker.create\nwith: { titel: x }'))).toMatchObject({
		code: 'tool.arguments-invalid',
		suggestion: 'Did you mean `title`?',
	});
	expect(failureIn(await run('operation', 'tool: tracker.craete\nwith: { title: x }'))).toMatchObject({
		code: 'tool.operation-unknown',
	});
	expect(logOf('created')).toHaveLength(before);
});

test('a tool that is not there, and one without its secret, keep the run from beginning', async () => {
	await expect(start('unknown', 'tool: trakcer.create')).rejects.toMatchObject({code: 'tool.unknown'});
	delete session.environment.TRACKER_KEY;
	await expect(start('keyless', 'tool: tracker.create')).rejects.toMatchObject({code: 'secret.missing'});
	session.environment.TRACKER_KEY = 'key-4711';
});

test('a run that fails calls the tool that undoes a step, with what the step gave out', async () => {
	const undo = 'undo: { tool: tracker.close, with: { id: "${{ steps.a.outputs.id }}" } }';
	const events = await run('undone', `tool: tracker.create\nwith: { title: x }\n${undo}`, failing);
	expect(events.at(-1)?.type).toBe('run.failed');
	expect(typesOf(events)).toEqual(expect.arrayContaining(['rollback.started', 'undo.completed', 'rollback.completed']));
	expect(logOf('closed')).toEqual(['close --id=7']);
	expect(bodiesOf(events, 'undo.completed')[0]).toMatchObject({stepId: 'a', how: 'tool'});
});

test('each item is undone with its own outputs, and a script can be undone by a tool', async () => {
	const script =
		'## a\n```yaml step\nforeach: [1, 2]\nenv: { N: "${{ item }}" }\noutputs: { n: integer }\nundo: { tool: tracker.close, with: { id: "${{ steps.a.outputs.n }}" } }\n```\n```sh run\necho "n=$N" >> "$OUTPUT"\n```\n';
	const file = session.write('undone-items.md', workflowOf('undone-items', script + failing));
	const events = await session.finish(await session.start(file));
	expect(bodiesOf(events, 'rollback.completed')[0]).toMatchObject({undone: 2, left: []});
	expect(logOf('closed').slice(-2).sort()).toEqual(['close --id=1', 'close --id=2']);
});

test('an undo that fails is reported, and the rest goes on', async () => {
	const undo = 'undo: { tool: tracker.close, with: { id: "${{ steps.a.outputs.title }}" } }';
	const events = await run('undo-fails', `tool: tracker.create\nwith: { title: nought }\n${undo}`, failing);
	expect(bodiesOf(events, 'undo.failed')[0]?.failure).toMatchObject({code: 'tool.arguments-invalid'});
	expect(bodiesOf(events, 'rollback.completed')[0]).toMatchObject({undone: 0, left: [{stepId: 'a', how: 'tool'}]});
});

test('an implementation that died comes after the next one', async () => {
	session.write('tools/shaky.sh', '#!/bin/sh\nkill -9 $$\n');
	session.write('tools/steady.sh', '#!/bin/sh\necho \'{"by": "steady"}\'\n');
	const operations = 'operations: { go: {} }';
	session.write(
		'tools/shaky.yaml',
		`implementations:\n  - { id: first, script: { command: [sh, ./shaky.sh], ${operations} } }\n  - { id: second, script: { command: [sh, ./steady.sh], ${operations} } }\n`,
	);
	const opened: WireEvent[] = [];
	for (let index = 0; index < 5; index++) opened.push(...(await run(`shaky-${index}`, 'tool: shaky.go')));
	expect(bodiesOf(opened, 'step.failed').map(({failure}) => failure.code)).toContain('tool.unreachable');
	const events = await run('shaky-then', 'tool: shaky.go');
	expect(outputsOf(events)).toEqual({by: 'steady'});
	expect(bodiesOf(events, 'attempt.started')[0]?.tool).toBe('shaky/second');
});

test('a step says which implementation answered, where the first could not even be started', async () => {
	session.write('tools/absent.sh', '#!/bin/sh\necho \'{"by": "present"}\'\n');
	session.write(
		'tools/absent.yaml',
		'implementations:\n  - { id: away, mcp: { command: ./no-such-program } }\n  - { id: here, script: { command: [sh, ./absent.sh], operations: { go: {} } } }\n',
	);
	const events = await run('absent', 'tool: absent.go');
	expect(bodiesOf(events, 'attempt.started')[0]?.tool).toBe('absent/away');
	expect(bodiesOf(events, 'step.completed')[0]).toMatchObject({outputs: {by: 'present'}, tool: 'absent/here'});
	const again = await run('absent-again', 'tool: absent.go');
	expect(bodiesOf(again, 'attempt.started')[0]?.tool).toBe('absent/here');
	expect(bodiesOf(again, 'step.completed')[0]?.tool).toBeUndefined();
});

test('a tool that dies again and again is given a rest, and says until when', async () => {
	tool('dying', 'echo x >> dying-log; kill -9 $$');
	const call = 'tool: dying.create\nwith: { title: x }';
	for (let index = 0; index < 5; index++) {
		expect(failureIn(await run(`dying-${index}`, call))).toMatchObject({code: 'tool.unreachable'});
	}

	const resting = failureIn(await run('dying-rests', call));
	expect(resting).toMatchObject({
		code: 'tool.circuit-open',
		message: expect.stringContaining('is given a rest until'),
		retryable: true,
		resetAtMs: expect.any(Number),
	});
	expect(logOf('dying-log')).toHaveLength(5);
	// With a retry it waits until it is tried again.
	const file = session.write(
		'dying-waits.md',
		workflowOf('dying-waits', stepOf(`retry: { max: 1, delay: 1ms }\n${call}`)),
	);
	const runId = await session.start(file);
	const client = await session.client();
	await until('the wait', async () => (await client.run(runId)).steps[0]?.retryAt !== null);
	expect(Date.parse((await client.run(runId)).steps[0]!.retryAt!)).toBeGreaterThanOrEqual(resting!.resetAtMs!);
	await client.cancelRun(runId, {origin: {by: 'tester', via: 'api'}});
});

test('the daemon is killed in the middle of a call: the tool is called once', async () => {
	tool('slow', 'echo $$ >> slow-log; while [ ! -e gate ]; do sleep 0.02; done; echo \'{"ok": true}\'');
	const runId = await start('slow', 'tool: slow.create\nwith: { title: x }');
	await until('the call', () => logOf('slow-log').length === 1);
	process.kill(Number(readFileSync(path.join(session.stateFolder, 'daemon.pid'), 'utf8')), 'SIGKILL');
	await session.client();
	session.write('gate', '');
	const events = await session.finish(runId);
	expect(outputsOf(events)).toEqual({ok: true});
	expect(logOf('slow-log')).toHaveLength(1);
});

test('a timeout and a cancellation end the process of the tool', async () => {
	tool('hang', 'echo $$ >> hang-log; exec sleep 600');
	const isGone = (pid: string) =>
		!existsSync(`/proc/${pid}/cmdline`) || readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '';
	const timed = await start('hang', 'timeout: 4s\ntool: hang.create\nwith: { title: x }');
	await until('the call', () => logOf('hang-log').length === 1);
	const events = await session.finish(timed);
	expect(failureIn(events)).toMatchObject({code: 'attempt.timed-out'});
	await until('the end of it', () => isGone(logOf('hang-log')[0]!));
	const runId = await start('hang-more', 'tool: hang.create\nwith: { title: x }');
	await until('the call', () => logOf('hang-log').length === 2);
	await (await session.client()).cancelRun(runId, {origin: {by: 'tester', via: 'api'}});
	expect((await session.finish(runId)).at(-1)?.type).toBe('run.cancelled');
	await until('the end of it', () => isGone(logOf('hang-log')[1]!));
});

test('a tool of the workspace is called only where the workspace is trusted', async () => {
	session.write('.aiworkflow/tools/guarded.yaml', 'script:\n  command: [echo, "{}"]\n  operations: { go: {} }\n');
	await expect(start('guarded', 'tool: guarded.go')).rejects.toMatchObject({code: 'workspace.untrusted'});
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
	expect((await run('guarded', 'tool: guarded.go')).at(-1)?.type).toBe('run.completed');
});
