import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import {openSession, type Session, until, workflowOf} from '../sessions/session.ts';
import {isScreenTestSkipped, openScreen, type Screen} from './driver.ts';

/** `aiworkflow run` at a terminal: it asks, and it can be left. */
const test = anyTest.skipIf(isScreenTestSkipped);
let session: Session;
let screen: Screen | undefined;

beforeEach(() => {
	session = openSession();
});

afterEach(async () => {
	await screen?.close();
	await session.close();
});

const asking = () =>
	session.write(
		'ask.md',
		workflowOf('ask', '## ask\n```yaml step\napproval: {}\n```\nShip it now?\n## send\n```sh run\ntouch sent\n```\n'),
	);
const gated = () =>
	session.write('gated.md', workflowOf('gated', '## wait\n```sh run\nwhile [ ! -e gate ]; do sleep 0.02; done\n```\n'));

const run = async (file: string) => {
	screen = await openScreen({
		columns: 100,
		rows: 24,
		command: [process.execPath, mainEntry, 'run', file],
		env: session.environment,
		cwd: session.workspace,
	});
	return screen;
};

const onlyRun = async () => (await (await session.client()).runs()).runs[0]!;

test('the question is asked at the prompt, and yes goes on', async () => {
	const each = await run(asking());
	await each.shows('Ship it now?');
	await each.shows('[y]es');
	expect(existsSync(path.join(session.workspace, 'sent'))).toBe(false);
	await each.type('y');
	await each.press('Enter');
	await each.shows('completed');
	expect(await each.ended()).toBe(0);
	expect(existsSync(path.join(session.workspace, 'sent'))).toBe(true);
});

test('no fails the run, exit code 1', async () => {
	const each = await run(asking());
	await each.shows('[y]es');
	await each.type('n');
	await each.press('Enter');
	expect(await each.ended()).toBe(1);
	expect((await onlyRun()).status).toBe('failed');
});

test('an answer given elsewhere ends the question here', async () => {
	const each = await run(asking());
	await each.shows('[y]es');
	const client = await session.client();
	const {approvals} = await client.approvals();
	await client.approve(approvals[0]!.id, {origin: {by: 'somebody', via: 'api'}});
	await each.shows('completed');
	expect(await each.ended()).toBe(0);
});

test('ctrl-c detaches: the run goes on, and the command that cancels it is shown; exit code 130', async () => {
	const each = await run(gated());
	await each.shows('▶ gated 1');
	await until('the run to start', async () => (await onlyRun())?.status === 'running');
	await each.press('C-c');
	const text = await each.shows('aiworkflow runs cancel');
	expect(await each.ended()).toBe(130);
	expect(text).toContain((await onlyRun()).id);
	expect((await onlyRun()).status).toBe('running');
	writeFileSync(path.join(session.workspace, 'gate'), '');
	await until('the run to end', async () => (await onlyRun()).status === 'completed');
});

test('a second ctrl-c within two seconds cancels the run', async () => {
	const each = await run(gated());
	await until('the run to start', async () => (await onlyRun())?.status === 'running');
	await each.press('C-c');
	await each.shows('aiworkflow runs cancel');
	await each.press('C-c');
	expect(await each.ended()).toBe(130);
	await until('the run to be cancelled', async () => (await onlyRun()).status === 'cancelled');
});
