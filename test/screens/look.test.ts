import {execFileSync} from 'node:child_process';
import {afterEach, test as anyTest, beforeEach, describe, expect} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import {isScreenTestSkipped, openScreen} from './driver.ts';
import {openScene, question, type Scene, script} from './opened.ts';

/** How the real cockpit looks in terminals of each kind, and how it leaves them. */
const test = anyTest.skipIf(isScreenTestSkipped);
let scene: Scene;

beforeEach(() => {
	scene = openScene();
});

afterEach(() => scene.close());

test('a run is followed from nothing to its end', async () => {
	const screen = await scene.open();
	await screen.shows('No runs yet.');
	await scene.run('build', script('make', 'echo made it') + script('check', 'echo checked it'));
	await screen
		.shows(/✓ build 1/)
		.shows(/✓ make/)
		.shows(/✓ check/)
		.shows('checked it');
	expect(await screen.text()).not.toContain('No runs yet.');
});

describe('colours', () => {
	const coloured = /\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38;[\d;]+|48;[\d;]+)m/;

	test.each([
		['are there by default', {}, true],
		['are not there with NO_COLOR', {env: {NO_COLOR: '1'}}, false],
		['are not there with --no-color', {flags: ['--no-color']}, false],
	])('%s', async (_, opening, isColoured) => {
		await scene.run('ship', question('ask', 'Ship it now?'));
		const screen = await scene.open(opening);
		await screen.shows('Ship it now?');
		const styled = await screen.text({withStyles: true});
		expect(coloured.test(styled)).toBe(isColoured);
	});
});

test('--ascii draws nothing but ASCII', async () => {
	const screen = await scene.open({flags: ['--ascii']});
	await scene.run('ship', script('make', 'echo made it') + question('ask', 'Ship it now?'));
	await screen.shows('Ship it now?').press('a').shows('y yes');
	expect(await screen.text()).toMatch(/^[ -~\n]+$/);
	await screen.press('Escape').hides('y yes').press('?').shows('next pane');
	expect(await screen.text()).toMatch(/^[ -~\n]+$/);
});

test('a terminal that is too small says so, and shows everything when it has grown', async () => {
	const screen = await scene.open({size: [30, 8], ready: tooSmall});
	await screen.resize(80, 24).shows('No runs yet.').resize(20, 5).shows(tooSmall).resize(120, 35).shows('No runs yet.');
});

test('ctrl-l wipes what another program wrote across the screen', async () => {
	const screen = await scene.open({size: [100, 30]});
	// Rows are painted from above: with the last of them the screen is whole.
	const before = await screen.shows(/No runs yet\.[\s\S]*q quit/);
	await screen.scribble('\x1b[10;10HGARBAGE\x1b[20;1HMORE GARBAGE');
	await screen.shows('MORE GARBAGE').press('C-l').hides('GARBAGE');
	await expect.poll(() => screen.text()).toBe(before);
});

test('an action is done by its name', async () => {
	const screen = await scene.open();
	await screen.press(':').type('agents').shows(': agents').press('Enter').shows('╭ Agents');
	expect(await screen.exitCode()).toBeUndefined();
});

describe('the terminal afterwards', () => {
	test.each([
		['q', 0],
		['C-c', 0],
		['SIGTERM', 143],
	])('after %s: the normal screen, a cursor, a line that is edited and echoed', async (how, code) => {
		const words = 'printf "before\\n"; "$0" "$1"; echo "exit code $?"; stty -a; sleep 60';
		await using screen = await openScreen({
			columns: 100,
			rows: 30,
			command: ['sh', '-c', words, process.execPath, mainEntry],
			env: {...scene.session.environment, CI: undefined},
			cwd: scene.session.workspace,
		});
		await screen.shows('No runs yet.');
		if (how === 'SIGTERM') process.kill(childOf(await screen.pid()), 'SIGTERM');
		else await screen.press(how);
		const text = await screen.shows(`exit code ${code}`).shows(/\sicanon\s[\s\S]*\secho\s/);
		expect(text).toContain('before');
		expect(text).not.toContain('No runs yet.');
		expect(await screen.modes()).toEqual({isAlternate: false, isCursorShown: true});
	});
});

/** In a small terminal the words go on in the next row. */
const tooSmall = /too\s+small/;

const childOf = (pid: number) => Number(execFileSync('pgrep', ['-P', String(pid)], {encoding: 'utf8'}));
