import {appendFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/client/client.ts';
import {daemonLogFileOf} from '../../source/paths.ts';
import {openSession, type Session, workflowOf} from './session.ts';

/** What the cockpit reads besides events and outputs. */
let session: Session;
let client: Client;

beforeEach(async () => {
	session = openSession();
	client = await session.client();
	await client.health();
});

afterEach(() => session.close());

const oneStep = '## one\n```sh run\ntrue\n```\n';

test('a workflow file is told with its text, inputs, plan and hash', async () => {
	const text = workflowOf('greet', oneStep, 'inputs:\n  who: { type: string, default: world }\n');
	const view = await client.workflowFile(session.write('greet.md', text));
	expect(view).toMatchObject({
		text,
		hash: expect.stringMatching(/^[0-9a-f]{64}$/),
		diagnostics: [],
		triggers: [],
		definition: {
			name: 'greet',
			inputs: {who: {type: 'string', default: 'world'}},
			plan: ['1  one  script sh'],
			asksAgents: false,
		},
	});
});

test('a file with mistakes has them, its text and what it declares under `on:`', async () => {
	const text = workflowOf('nightly', oneStep, 'on:\n  schedule: "0 3 * * *"\ntimeout: soon\n');
	const file = session.write('.aiworkflow/workflows/nightly.md', text);
	const view = await client.workflowFile(file);
	expect(view).toMatchObject({
		text,
		definition: null,
		triggers: [{name: 'schedule', cron: '0 3 * * *'}],
		diagnostics: [{code: 'value.invalid', severity: 'error'}],
	});
	const {workflows} = await client.workflows(session.workspace);
	expect(workflows).toMatchObject([{name: 'nightly', problems: 1, triggers: [{name: 'schedule'}]}]);
	await expect(client.workflowFile(`${file}.gone`)).rejects.toMatchObject({code: 'workflow.not-found'});
});

test('the log is read from its end in whole lines, and on from an offset', async () => {
	const file = daemonLogFileOf(session.stateFolder);
	const all = await client.daemonLogs({tail: 1024 * 1024});
	expect(all.offset).toBe(0);
	expect(all.text).toContain('"msg":"started"');
	appendFileSync(file, 'first added\nsecond added\nunfinish');
	const last = await client.daemonLogs({tail: 'second added\nunfinish'.length + 3});
	expect(last.text).toBe('second added\n');
	const added = await client.daemonLogs({offset: all.nextOffset});
	expect(added.text).toBe('first added\nsecond added\n');
	appendFileSync(file, 'ed\n');
	expect((await client.daemonLogs({offset: added.nextOffset})).text).toBe('unfinished\n');
	expect((await client.daemonLogs({offset: 1e9})).offset).toBe(0);
	expect((await client.daemonLogs({tail: 0})).text).toBe('');
});

test('the log is followed', async () => {
	const file = daemonLogFileOf(session.stateFolder);
	const enough = new AbortController();
	let text = '';
	for await (const chunk of client.followDaemonLogs({}, enough.signal)) {
		if (text === '') appendFileSync(file, 'appended later\n');
		text += chunk.text;
		if (text.includes('appended later\n')) enough.abort();
	}

	expect(text).toContain('"msg":"started"');
});
