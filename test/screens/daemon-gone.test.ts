import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {isAlive, until} from '../sessions/session.ts';
import {isScreenTestSkipped} from './driver.ts';
import {openScene, question, type Scene, script, untilGate} from './opened.ts';

/** The daemon goes away under the real cockpit, in each of the ways it can. */
const test = anyTest.skipIf(isScreenTestSkipped);
let scene: Scene;

beforeEach(() => {
	scene = openScene();
});

afterEach(() => scene.close());

const daemonPid = async () => (await (await scene.session.client()).health()).pid;

test('killed with -9 again and again, the cockpit finds the next daemon and the run goes on in it', async () => {
	const screen = await scene.open();
	const runId = await scene.run('live', script('work', `echo working; ${untilGate('go')}`) + question('ask', 'There?'));
	await screen.shows('working');
	const pids = new Set<number>();
	for (let kill = 0; kill < 3; kill++) {
		const pid = await daemonPid();
		pids.add(pid);
		process.kill(pid, 'SIGKILL');
		await until('the daemon to be gone', () => !isAlive(pid));
		await until('the next daemon', async () => (await daemonPid()) !== pid);
		await screen.hides(/daemon gone/);
	}

	scene.openGate('go');
	await screen
		.shows('There?')
		.press('a')
		.shows('y yes')
		.press('y')
		.shows(/✓ live 1/);
	expect(pids.size).toBe(3);
	expect(await (await scene.session.client()).run(runId)).toMatchObject({status: 'completed'});
});

test('stopped by somebody: it says so, tells no key that it worked, and is back with the next daemon', async () => {
	const screen = await scene.open();
	await scene.run('live', question('ask', 'There?'));
	await screen.shows('There?');
	await scene.session.aiworkflow(['daemon', 'stop']);
	await screen.shows('daemon stopped').press('x').shows('The daemon is not there to be told.');
	await scene.session.aiworkflow(['daemon', 'start']);
	await screen
		.hides('daemon stopped')
		.press('a')
		.shows('y yes')
		.press('y')
		.shows(/✓ live 1/);
});
