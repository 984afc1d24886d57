import {readFileSync} from 'node:fs';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {parse} from 'yaml';
import type {RecordedAnswer} from '../../source/recording.ts';
import {bodiesOf, failureIn, outputsOf} from './bodies.ts';
import {json, serve} from './http-server.ts';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;
let server: Awaited<ReturnType<typeof serve>>;
const recordingFile = () => path.join(session.workspace, 'recordings/flow.yaml');
const answers = (): readonly RecordedAnswer[] => parse(readFileSync(recordingFile(), 'utf8')).answers;

const flow = (host: string, more = '') =>
	session.write(
		'flow.md',
		workflowOf(
			'flow',
			[
				`## ask\n\`\`\`yaml step\nhttp: { url: "${host}/items", auth: { bearer: "\${{ secrets.TOKEN }}" } }\n\`\`\`\n`,
				'## call\n```yaml step\ntool: teller.say\nwith: { to: "${{ steps.ask.outputs.body.who }}" }\nundo: { tool: teller.say, with: { to: nobody } }\n```\n',
				'## read\n```yaml step\nsql: { database: it.db, query: "SELECT a FROM t" }\n```\n',
				'## shape\n```yaml step\ntransform: "steps.call.outputs.said & \' \' & steps.read.outputs.rows.a"\n```\n',
				`## tell\n\`\`\`yaml step\nwebhook: { url: "${host}/hook", json: { a: 1 }, await: true }\n\`\`\`\n`,
				more,
			].join('\n'),
			'outputs: { result: "${{ steps.shape.outputs.result }}" }\n',
		),
	);

beforeAll(async () => {
	session = openSession();
	session.environment.TOKEN = 'sesame-4711';
	server = await serve((_, response) => json(response, {who: 'ann'}));
	const database = new DatabaseSync(path.join(session.workspace, 'it.db'));
	database.exec("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('row')");
	database.close();
	session.write('tools/say.sh', 'echo "$@" >> said\nprintf \'{"said": "hello %s"}\' "${2#--to=}"\n');
	session.write(
		'tools/teller.yaml',
		'script:\n  command: [sh, ./say.sh]\n  operations: { say: { args: [say], inputs: { to: string } } }\n',
	);
	flow(server.url);
	const recorded = await session.aiworkflow(['run', 'flow.md', '--record']);
	expect(recorded.code, recorded.stdout + recorded.stderr).toBe(0);
});
afterAll(async () => {
	await session.close();
	await server.close();
});

test('--record keeps what came back of each call, and no secret', () => {
	expect(answers()).toMatchObject([
		{step: 'ask', kind: 'http', outputs: {status: 200, body: {who: 'ann'}}, text: '{"who":"ann"}'},
		{step: 'call', kind: 'tool', outputs: {said: 'hello ann'}},
		{step: 'read', kind: 'sql', outputs: {rows: [{a: 'row'}], rowCount: 1, changes: 0}, text: '{"a":"row"}\n'},
		{step: 'tell', kind: 'webhook', outputs: {status: 'delivered'}},
	]);
	expect(
		answers()
			.slice(0, 3)
			.map(({promptSha256}) => promptSha256),
	).toEqual(Array(3).fill(expect.stringMatching(/^[0-9a-f]{64}$/)));
	expect(readFileSync(recordingFile(), 'utf8')).not.toContain('sesame');
});

test('a replay asks nobody, says that it is one, and needs the same secret under another value', async () => {
	const before = server.received.length;
	const {code, stdout} = await session.aiworkflow(['run', 'flow.md', '--agent', 'replay'], {
		environment: {TOKEN: 'another-4712'},
	});
	expect(code, stdout).toBe(0);
	expect(stdout).toContain('from a recording');
	// The fingerprint of the arguments is of what is not secret.
	expect(stdout).not.toContain('was made for other arguments');
	expect(server.received).toHaveLength(before);
	expect(readFileSync(path.join(session.workspace, 'said'), 'utf8').trim().split('\n')).toHaveLength(1);
	const id = /(\S+)$/m.exec(stdout)![1]!;
	expect((await session.aiworkflow(['runs', 'show', id])).stdout).toMatch(/http \(recording\)/);
});

test('other arguments are answered all the same, with a warning', async () => {
	const file = flow(`${server.url}/other`);
	const events = await session.finish(await session.start(file, {agents: ['replay']}));
	expect(events.at(-1)?.type).toBe('run.completed');
	const warnings = bodiesOf(events, 'agent.warned');
	expect(warnings).toMatchObject([{stepId: 'ask', drift: {recordedSha256: answers()[0]!.promptSha256}}]);
	flow(server.url);
});

test('a step without an answer fails, and an undo by a tool calls nothing', async () => {
	const said = readFileSync(path.join(session.workspace, 'said'), 'utf8');
	const file = flow(server.url, '## more\n```yaml step\nsql: { database: it.db, query: "SELECT 1" }\n```\n');
	const events = await session.finish(await session.start(file, {agents: ['replay']}));
	expect(failureIn(events)).toMatchObject({
		code: 'replay.missing',
		message: expect.stringContaining('has no answer for the sql step "more"'),
	});
	expect(bodiesOf(events, 'undo.completed')).toMatchObject([{stepId: 'call', how: 'tool'}]);
	expect(readFileSync(path.join(session.workspace, 'said'), 'utf8')).toBe(said);
	flow(server.url);
});

test('a run that is no replay never looks at the recording', async () => {
	const before = server.received.length;
	const events = await session.finish(await session.start(flow(server.url)));
	expect(outputsOf(events)).toMatchObject({status: 200});
	expect(bodiesOf(events, 'step.completed')[0]?.agent).toBeUndefined();
	expect(server.received).toHaveLength(before + 2);
});

test('a rehearsal runs from the recording', async () => {
	session.write('tests/flow.yaml', 'expect:\n  outputs: { result: hello ann row }\n');
	const before = server.received.length;
	const {code, stdout, stderr} = await session.aiworkflow(['test', 'flow.md']);
	expect(code, stdout + stderr).toBe(0);
	expect(server.received).toHaveLength(before);
});
