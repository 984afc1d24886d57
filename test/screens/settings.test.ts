import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import {openSession, type Session, until, workflowOf} from '../sessions/session.ts';
import {isScreenTestSkipped, openScreen, type Screen} from './driver.ts';

/** Settings of the cockpit and its calls, in a real terminal on a real daemon. */
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

const start = async (flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
	screen = await openScreen({
		columns: 120,
		rows: 35,
		command: [process.execPath, mainEntry, ...flags],
		env: {...session.environment, ...env},
		cwd: session.workspace,
	});
	return screen;
};

const set = (name: string, text: string) => {
	const file = path.join(session.home, '.config/aiworkflow', name);
	mkdirSync(path.dirname(file), {recursive: true});
	writeFileSync(file, text);
};

const ask = () => session.write('ask.md', workflowOf('ask', '## ok\n```yaml step\napproval: {}\n```\nGo on?\n'));

test('keys of one’s own work, and are what the screen shows', async () => {
	set('aiworkflow.yaml', 'cockpit:\n  keys: { answer: ctrl-a, approve: z, put-aside: Z, quit: ctrl-q, help: F }\n');
	await session.start(ask());
	await start();
	await screen.shows(/ctrl-a answer.*ctrl-q quit/);
	await screen.press('C-a');
	await screen.shows('z yes');
	await screen.press('z');
	await screen.shows(/✓ ask 1/);
	await screen.press('F');
	await screen.shows(/ctrl-a +open the question of the selected run/);
	await screen.press('C-q');
	expect(await screen.ended()).toBe(0);
});

test('mistakes in the settings are said at once; the cockpit opens with its defaults, and doctor tells all', async () => {
	set('aiworkflow.yaml', 'cockpit:\n  theme: drak\n  keys: { approve: n }\n');
	await start();
	await screen.shows('~/.config/aiworkflow/aiworkflow.yaml:2: There is no theme `drak`. (and 1 more)');
	await screen.press('Down');
	await screen.shows('q quit');
	const {stdout} = await session.aiworkflow(['doctor']);
	expect(stdout).toContain('aiworkflow.yaml:2:10: There is no theme `drak`.');
	expect(stdout).toContain('`n` is `approve` and `reject` in one place (approval).');
});

test('a workspace cannot set the cockpit, and doctor says so', async () => {
	session.write('.aiworkflow/aiworkflow.yaml', 'cockpit: { keys: { approve: space } }\n');
	await session.start(ask());
	await start();
	await screen.shows('a answer');
	await screen.press('a');
	await screen.shows('y yes');
	expect((await session.aiworkflow(['doctor'])).stdout).toContain('The cockpit is the user’s own'.replace('’', "'"));
});

test('a theme of one’s own colours the screen; one that there is not is a wrong command', async () => {
	set('themes/solar.yaml', 'extends: dark\nstyles:\n  strong: { color: "#123456", bold: true }\n');
	await start(['--theme', 'solar'], {COLORTERM: 'truecolor', FORCE_COLOR: '3'});
	await screen.shows('q quit');
	expect(await screen.written()).toContain('38;2;18;52;86');
	await screen.close();
	const wrong = await start(['--theme', 'solr']);
	expect(await wrong.ended()).toBe(2);
	expect(await wrong.text()).toContain('Did you mean `solar`?');
});

test('the title tells what waits, the bell rings for what is new, and the end gives the title back', async () => {
	await start();
	await screen.shows('No runs yet.');
	await until('the title', async () => (await screen.title()) === 'aiworkflow');
	await session.start(ask());
	await screen.shows('a answer');
	await until('the title', async () => (await screen.title()) === '◆1 aiworkflow');
	await until('the bell', async () => (await screen.written()).replaceAll(/\x1b\][^\x07]*\x07/g, '').includes('\x07'));
	await screen.press('a');
	await screen.shows('y yes');
	await screen.press('y');
	await until('the title', async () => (await screen.title()) === 'aiworkflow');
	await screen.press('q');
	expect(await screen.ended()).toBe(0);
	expect(await screen.title()).not.toContain('aiworkflow');
});
