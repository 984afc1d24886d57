import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {until} from '../sessions/session.ts';
import {isScreenTestSkipped} from './driver.ts';
import {openScene, question, type Scene, script} from './opened.ts';

/** Questions, answered at the real cockpit of a real daemon. */
const test = anyTest.skipIf(isScreenTestSkipped);
let scene: Scene;

beforeEach(() => {
	scene = openScene();
});

afterEach(() => scene.close());

const inWorkspace = (name: string) => path.join(scene.session.workspace, name);
const statusOf = async (runId: string) => (await (await scene.session.client()).run(runId)).status;
const approvalsOf = async (runId: string) => (await (await scene.session.client()).run(runId)).approvals;

test('two keys approve, and what waited goes on', async () => {
	const screen = await scene.open();
	const runId = await scene.run('ship', question('ask', 'Ship it now?') + script('send', 'touch sent'));
	await screen
		.shows('Ship it now?')
		.press('a')
		.shows('y yes')
		.press('y')
		.shows(/✓ ship 1/);
	expect(await statusOf(runId)).toBe('completed');
	expect(existsSync(inWorkspace('sent'))).toBe(true);
	expect(await approvalsOf(runId)).toMatchObject([{status: 'approved', answeredBy: expect.any(String)}]);
});

test('a stray key decides nothing: not before the question is open, not at once, not several, not pasted', async () => {
	const screen = await scene.open();
	const runId = await scene.run('ship', question('ask', 'Ship it now?'));
	await screen.shows('Ship it now?');
	await screen.press('y', 'n', 'Y');
	// One chunk: the question opens, and the y comes within the 300 ms in which it takes none.
	await screen.type('ay').shows(/ship 1 \/ ask/);
	await screen.shows('y yes').type('yyy').shows('a decision has to be pressed by itself');
	await screen.type('\x1b[200~y\x1b[201~').shows('Pasted text is ignored here');
	expect(await approvalsOf(runId)).toMatchObject([{status: 'open'}]);
	await screen.press('y').shows(/✓ ship 1/);
});

test('what an agent asks leave for is shown before it is allowed', async () => {
	await scene.giveAgent('permission');
	const screen = await scene.open();
	const runId = await scene.run('fix', '## work\nDo the work.\n', 'agent: [scripted]\n');
	await screen.shows('Writing a file').press('a').shows('y yes');
	expect(await screen.text()).toMatch(/\+\s*new/);
	expect(existsSync(inWorkspace('out.txt'))).toBe(false);
	await screen.press('y').shows(/✓ fix 1/);
	expect(readFileSync(inWorkspace('out.txt'), 'utf8')).toBe('new\n');
	expect(await statusOf(runId)).toBe('completed');
});

test('what an agent asks leave for is refused, and the agent goes on without', async () => {
	await scene.giveAgent('permission');
	const screen = await scene.open();
	await scene.run('fix', '## work\nDo the work.\n', 'agent: [scripted]\n');
	await screen
		.shows('Writing a file')
		.press('a')
		.shows('n no')
		.press('n')
		.shows(/✓ fix 1/);
	await screen.shows('Then not.');
	expect(existsSync(inWorkspace('out.txt'))).toBe(false);
});

test('of two cockpits on one question the first answer holds, and both say so', async () => {
	const [first, second] = [await scene.open(), await scene.open()];
	const runId = await scene.run('ship', question('ask', 'Ship it now?'));
	await first.shows('Ship it now?').press('a').shows('y yes');
	await second.shows('Ship it now?').press('a').shows('y yes');
	await second.press('y').shows('You approved it');
	const seen = await first.shows(/approved it \(cockpit\)/);
	expect(seen).not.toContain('y yes');
	expect(seen).not.toContain('You approved it');
	await first.press('n').shows(/✓ ship 1/);
	expect(await approvalsOf(runId)).toMatchObject([{status: 'approved'}]);
	await until('the run to end', async () => (await statusOf(runId)) === 'completed');
});

test('a read-only cockpit shows the question and answers nothing', async () => {
	const screen = await scene.open({flags: ['--read-only']});
	const runId = await scene.run('ship', question('ask', 'Ship it now?'));
	await screen.shows('Ship it now?').press('a').shows('ship 1 / ask');
	await screen.press('y').shows('This cockpit is read-only.');
	// By itself: right before another key an escape is the alt of that key.
	await screen.press('Escape').hides('ship 1 / ask asks').press('x').shows('This cockpit is read-only.');
	expect(await approvalsOf(runId)).toMatchObject([{status: 'open'}]);
});
