import {rmSync} from 'node:fs';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, afterEach, test as anyTest, beforeAll, describe, expect} from 'vitest';
import {isScreenTestSkipped, openScreen, type Screen} from './driver.ts';
import {buildScriptedCockpit} from './scripted.ts';

const test = anyTest.skipIf(isScreenTestSkipped);
let program = '';
let screen: Screen | undefined;

beforeAll(async () => {
	if (!isScreenTestSkipped) program = await buildScriptedCockpit();
});

afterAll(() => {
	if (program) rmSync(path.dirname(program), {recursive: true, force: true});
});

afterEach(async () => {
	await screen?.close();
	screen = undefined;
});

interface Options {
	readonly scene?: string;
	readonly size?: readonly [columns: number, rows: number];
	readonly flags?: readonly string[];
	readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The cockpit on a scripted daemon, in a terminal, once it shows something. */
const open = async ({scene = 'busy', size: [columns, rows] = [120, 35], flags = [], env = {}}: Options = {}) => {
	screen = await openScreen({
		columns,
		rows,
		command: [process.execPath, program, ...flags],
		env: {SCENE: scene, ...env},
	});
	await screen.shows(/q quit/);
	return screen;
};

/** The scripted daemon takes orders by signal. */
const printLine = async (each: Screen) => process.kill(await each.pid(), 'SIGUSR1');
const killOrRevive = async (each: Screen) => process.kill(await each.pid(), 'SIGUSR2');

describe('in a terminal', () => {
	test('the question of the selected run is answered with two keys', async () => {
		const {shows, press} = await open();
		await shows('Needs you');
		await press('j', 'j', 'a');
		await shows('release 7 / ship asks');
		await shows('y yes');
		await press('y');
		await shows('You approved it: release 7, ship.');
	});

	test('a question is refused with a comment, on a small screen', async () => {
		const {shows, press, type} = await open({scene: 'quiet', size: [80, 24]});
		await shows('◆ 1 needs you: release 7: Ship these changes?');
		await press('a');
		await shows('c no, with a comment');
		await press('c');
		await shows('No, because:');
		await type('not on a Friday');
		await shows('No, because: not on a Friday');
		await press('Enter');
		await shows('You rejected it');
	});

	test('the view on a growing output does not move once it is scrolled', async () => {
		const each = await open({scene: 'printing', size: [80, 24]});
		await each.press('Enter', 'Tab');
		await each.shows('line 200 of the count');
		await each.press('C-u');
		const before = outputRowsOf(await each.hides('line 200 of the count'));
		for (let line = 1; line <= 5; line++) {
			await printLine(each);
			await each.shows(`${line} new`);
		}

		expect(outputRowsOf(await each.text())).toEqual(before);
		await each.press('G');
		await each.shows('line 205 of the count');
		await each.shows('follow ─╮');
	});

	test('a killed daemon is said to be gone, and its return is noticed', async () => {
		const each = await open({scene: 'printing'});
		await each.shows('line 200');
		await killOrRevive(each);
		await each.shows(/daemon gone 1s, reconnecting/);
		await each.shows('line 200');
		await each.press('x');
		await each.shows('The daemon is not there to be told.');
		await killOrRevive(each);
		await each.hides('daemon gone');
		await printLine(each);
		await each.shows('line 201');
	});

	test('resizing to 80x24 and back gives the screen of a fresh start', async () => {
		const each = await open({scene: 'quiet', env: {TZ: 'UTC'}});
		// The last of what a start paints: the answer of the daemon, and below it the last row.
		const before = await each.shows(/It waits for your answer[\s\S]*a answer/);
		for (const [columns, rows] of [
			[80, 24],
			[200, 50],
			[60, 12],
			[120, 35],
		] as const) {
			await each.resize(columns, rows);
			await each.shows(columns < 100 ? '1 needs you' : 'Needs you');
		}

		await expect.poll(() => each.text()).toBe(before);
	});

	test('every row has its border where it belongs, in both ways to paint', async () => {
		for (const flags of [[], ['--render=full']]) {
			const each = await open({flags});
			await each.shows('価格');
			for (const row of (await each.rows()).slice(1, -1)) expect(row).toMatch(/[╮│╯]$/);
			await each.close();
		}
	});

	test('writes nothing while nothing happens', async () => {
		const each = await open({scene: 'quiet'});
		await each.shows('Needs you');
		// The title of the window may come a moment after the screen.
		await sleep(1500);
		let before = await each.bytesWritten();
		const writtenSince = async () => {
			const last = before;
			before = await each.bytesWritten();
			return before - last;
		};
		await expect.poll(writtenSince, {interval: 1000, timeout: 15_000}).toBe(0);
		await sleep(3000);
		expect(await writtenSince()).toBe(0);
	});
});

describe('the look', () => {
	const coloured = /\x1b\[(?:[\d;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38;[\d;]+|48;[\d;]+)m/;

	test('has colours of the terminal, and none where they are not wanted', async () => {
		const {text, shows, close} = await open({env: {NO_COLOR: undefined}});
		await shows('fix-issue 42');
		expect(await text({withStyles: true})).toMatch(coloured);
		await close();
		for (const options of [{env: {NO_COLOR: '1'}}, {flags: ['--no-color']}]) {
			const each = await open(options);
			await each.shows('fix-issue 42');
			const styled = await each.text({withStyles: true});
			expect(styled).not.toMatch(coloured);
			expect(styled).toContain('\x1b[7m');
			await each.close();
		}
	});

	test('is plain ASCII with --ascii', async () => {
		const {shows, text} = await open({scene: 'quiet', flags: ['--ascii']});
		await shows('Needs you');
		expect(await text()).toMatch(/^[ -~\n]+$/);
	});

	test('says that a tiny terminal is too small, and comes back when it grows', async () => {
		screen = await openScreen({columns: 30, rows: 8, command: [process.execPath, program], env: {SCENE: 'quiet'}});
		await screen.shows('too small');
		await screen.resize(80, 24);
		await screen.shows('1 needs you');
	});
});

describe('the end', () => {
	const restored = {isAlternate: false, isCursorShown: true};

	test('leaves a terminal that echoes and edits lines', async () => {
		const script = '"$0" "$1"; echo "exit code $?"; stty -a; sleep 60';
		screen = await openScreen({
			columns: 80,
			rows: 24,
			command: ['sh', '-c', script, process.execPath, program],
			env: {SCENE: 'quiet'},
		});
		await screen.shows('1 needs you');
		await screen.press('q');
		expect(await screen.shows('icanon')).toContain('exit code 0');
		expect(await screen.text()).toMatch(/\sicanon\s[\s\S]*\secho\s/);
	});

	test.each(['q', 'C-c'])('%s stops nothing, gives the screen back, and says what goes on', async key => {
		const each = await open();
		await each.shows('Needs you');
		await each.press(key);
		expect(await each.ended()).toBe(0);
		const after = await each.shows('3 runs go on without the cockpit (2 questions wait for you).');
		expect(after).not.toContain('Needs you');
		await expect.poll(() => each.modes()).toEqual(restored);
	});

	test.each([
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)('%s gives the screen back and ends with %i', async (signal, exitCode) => {
		const each = await open();
		process.kill(await each.pid(), signal);
		expect(await each.ended()).toBe(exitCode);
		await expect.poll(() => each.modes()).toEqual(restored);
	});

	test('a crash gives the screen back and says what happened', async () => {
		const each = await open();
		process.kill(await each.pid(), 'SIGALRM');
		expect(await each.ended()).toBe(1);
		expect(await each.shows('crashed on purpose')).toContain('this is a defect of aiworkflow');
		await expect.poll(() => each.modes()).toEqual(restored);
	});

	test('CI in the environment does not make it non-interactive', async () => {
		const each = await open({env: {CI: 'true'}});
		await each.press('?');
		await each.shows('╭ Keys');
	});
});

/** Rows inside the lower pane. */
const outputRowsOf = (text: string): string[] => {
	const rows = text.split('\n');
	return rows.slice(rows.findIndex(row => /^╭ .* output ─/.test(row)) + 1, -2);
};
