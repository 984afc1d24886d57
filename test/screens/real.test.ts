import {existsSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import {isAlive, openSession, type Session, until, workflowOf} from '../sessions/session.ts';
import {isScreenTestSkipped, openScreen, type Screen} from './driver.ts';

/** The real cockpit in a real terminal on a real daemon, and a second terminal beside it. */
const test = anyTest.skipIf(isScreenTestSkipped);
let session: Session;
let screen: Screen;

beforeEach(() => {
	session = openSession();
});

afterEach(async () => {
	await screen?.close();
	await session.close();
});

const open = async (columns = 120, rows = 35, flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
	screen = await openScreen({
		columns,
		rows,
		command: [process.execPath, mainEntry, ...flags],
		env: {...session.environment, ...env},
		cwd: session.workspace,
	});
	await screen.shows('q quit');
	return screen;
};

const gate = (name: string) => writeFileSync(path.join(session.workspace, name), '');
const untilGate = (name: string) => `while [ ! -e ${name} ]; do sleep 0.02; done`;

test('a run started in a second terminal appears and moves; a and y approve it', async () => {
	await open();
	await screen.shows('No runs yet.');
	const file = session.write(
		'ship.md',
		workflowOf(
			'ship',
			`## build\n\`\`\`sh run\n${untilGate('built')}\necho built it\n\`\`\`\n## ask\n\`\`\`yaml step\napproval: {}\n\`\`\`\nShip it now?\n## send\n\`\`\`sh run\ntouch sent\n\`\`\`\n`,
		),
	);
	const {code} = await session.aiworkflow(['run', file, '--detach']);
	expect(code).toBe(0);
	await screen.shows(/▶ ship 1/);
	await screen.shows(/▶ build/);
	gate('built');
	await screen.shows('Ship it now?');
	expect(existsSync(path.join(session.workspace, 'sent'))).toBe(false);
	await screen.press('a');
	await screen.shows('y yes');
	await screen.press('y');
	await screen.shows(/✓ ship 1/);
	await until('the last step', () => existsSync(path.join(session.workspace, 'sent')));
});

test('the output keeps its place while it grows, says what is new, and follows again', async () => {
	const file = session.write(
		'talk.md',
		workflowOf(
			'talk',
			`## talk\n\`\`\`sh run\nfor i in $(seq 1 200); do echo "line $i end"; done\n${untilGate('more')}\nfor i in $(seq 201 260); do echo "line $i end"; done\n${untilGate('done')}\n\`\`\`\n`,
		),
	);
	await open();
	await session.aiworkflow(['run', file, '--detach']);
	await screen.shows('line 200 end');
	await screen.press('Enter', 'Enter');
	await screen.press('C-u', 'C-u');
	const held = await screen.hides('line 200 end');
	const [place] = /line \d+ end/.exec(held)!;
	gate('more');
	const grown = await screen.shows(/60 new/);
	expect(/line \d+ end/.exec(grown)![0]).toBe(place);
	await screen.press('G');
	await screen.shows('line 260 end');
	gate('done');
	await screen.shows(/✓ talk 1/);
});

test('kill -9 of the daemon is said, and the cockpit recovers with the run where it was', async () => {
	const file = session.write(
		'live.md',
		workflowOf(
			'live',
			`## work\n\`\`\`sh run\necho working; ${untilGate('go')}\n\`\`\`\n## ask\n\`\`\`yaml step\napproval: {}\n\`\`\`\nStill there?\n`,
		),
	);
	await open();
	await session.aiworkflow(['run', file, '--detach']);
	await screen.shows('working');
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
	await screen.shows(/daemon gone|0\.1\.0/);
	gate('go');
	await screen.shows('Still there?', {deadlineMs: 10_000});
	await screen.press('a');
	await screen.shows('y yes');
	await screen.press('y');
	await screen.shows(/✓ live 1/);
	expect((await (await session.client()).health()).pid).not.toBe(pid);
});

test('a daemon that somebody stopped is not started again by an open cockpit', async () => {
	await open();
	await screen.shows('No runs yet.');
	await session.aiworkflow(['daemon', 'stop']);
	await screen.shows('daemon stopped');
	expect(existsSync(path.join(session.stateFolder, 'daemon.sock'))).toBe(false);
	await session.aiworkflow(['daemon', 'start']);
	await screen.hides('daemon stopped', {deadlineMs: 10_000});
});

test('80x24 and back, also without colour: the same run, nothing torn', async () => {
	const file = session.write(
		'small.md',
		workflowOf('small', `## ask\n\`\`\`yaml step\napproval: {}\n\`\`\`\nSmall enough?\n`),
	);
	await open(120, 35, ['--no-color']);
	await session.aiworkflow(['run', file, '--detach']);
	await screen.shows('Small enough?');
	await screen.resize(80, 24);
	await screen.shows(/need you|needs you/);
	const rows = await screen.rows();
	expect(rows.length).toBeLessThanOrEqual(24);
	await screen.press('a');
	await screen.shows('y yes');
	expect(await screen.text({withStyles: true})).not.toMatch(/\u001B\[(?:3[0-7]|4[0-7]|9[0-7]|38|48)[;m]/);
	await screen.resize(120, 35);
	await screen.shows('small 1 / ask asks');
	await screen.press('n');
	await screen.shows(/✗ small 1/);
});

test('? lists the keys, q leaves without stopping anything and says what goes on', async () => {
	const file = session.write(
		'goes-on.md',
		workflowOf('goes-on', `## work\n\`\`\`sh run\n${untilGate('go')}\n\`\`\`\n`),
	);
	await open();
	await session.aiworkflow(['run', file, '--detach']);
	await screen.shows(/▶ goes-on 1/);
	await screen.press('?');
	await screen.shows('next pane');
	await screen.press('Escape');
	await screen.hides('next pane');
	await screen.press('q');
	expect(await screen.ended()).toBe(0);
	expect(await screen.text()).toMatch(/1 run/);
	expect(await screen.modes()).toEqual({isAlternate: false, isCursorShown: true});
	gate('go');
	const client = await session.client();
	await until('the run to end', async () => (await client.runs()).runs[0]?.status === 'completed');
});

test.each([
	['ctrl-c', 0],
	['SIGTERM', 143],
	['SIGHUP', 129],
] as const)('%s gives the terminal back', async (how, code) => {
	await open(80, 24);
	await screen.shows('No runs yet.');
	if (how === 'ctrl-c') await screen.press('C-c');
	else process.kill(await screen.pid(), how);
	expect(await screen.ended()).toBe(code);
	expect(await screen.modes()).toEqual({isAlternate: false, isCursorShown: true});
});

test('an idle cockpit writes nothing', async () => {
	await open();
	await screen.shows('No runs yet.');
	// The title of the window may come a moment after the screen.
	await new Promise(resolve => setTimeout(resolve, 1500));
	let before = await screen.bytesWritten();
	const writtenSince = async () => {
		const last = before;
		before = await screen.bytesWritten();
		return before - last;
	};
	await expect.poll(writtenSince, {interval: 1000, timeout: 15_000}).toBe(0);
	// Three seconds in which nothing happens is what is tested.
	await new Promise(resolve => setTimeout(resolve, 3000));
	expect(await writtenSince()).toBe(0);
});
