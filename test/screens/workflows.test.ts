import {chmodSync, existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {cockpitMemoryFileOf, daemonLogFileOf} from '../../source/paths.ts';
import {until, workflowOf} from '../sessions/session.ts';
import {isScreenTestSkipped} from './driver.ts';
import {openScene, type Scene, script} from './opened.ts';

/** Workflows picked, started, shown and edited in the real cockpit, on a real daemon. */
const test = anyTest.skipIf(isScreenTestSkipped);
let scene: Scene;

beforeEach(() => {
	scene = openScene();
	const inputs =
		'description: Greets somebody.\ninputs:\n  who: { type: string, required: true }\n  times: { type: integer, default: 1 }\n  apiToken: { type: string, default: none }\n';
	scene.session.write(
		'.aiworkflow/workflows/greet.md',
		workflowOf('greet', script('hello', 'echo "Hello, $INPUT_WHO, $INPUT_TIMES times"'), inputs),
	);
	scene.session.write(
		'.aiworkflow/workflows/nightly.md',
		workflowOf('nightly', script('one', 'true'), 'on:\n  schedule: "0 3 * * *"\n'),
	);
});

afterEach(() => scene.close());

/** Writes a program that acts as an editor of the file in `$1`. */
const editor = (text: string): string => {
	const file = scene.session.write('editor.sh', `#!/bin/sh\n${text}\n`);
	chmodSync(file, 0o755);
	return file;
};

const greetFile = () => path.join(scene.session.workspace, '.aiworkflow/workflows/greet.md');

test('a workflow is picked, its form checked, the run started and selected; the next form offers what was typed', async () => {
	const screen = await scene.open();
	await screen
		.press('n')
		.shows('Greets somebody.')
		.shows('nightly')
		.shows('text, required')
		.press('Enter')
		.shows('Run greet');
	await screen.press('C-s').shows('The input `who` is required.');
	await screen.type('Ada');
	await screen.press('Tab');
	await screen.type('x');
	await screen.shows('must be an integer').press('C-u');
	await screen.type('3');
	await screen.press('Enter');
	await screen.type('-sesame');
	await screen
		.press('Enter')
		.shows(/✓ greet 1/)
		.shows('Hello, Ada, 3 times');

	const memory = cockpitMemoryFileOf(scene.session.stateFolder);
	await until('it to be remembered', () => existsSync(memory));
	expect(JSON.parse(readFileSync(memory, 'utf8')).inputs).toEqual({[greetFile()]: {who: 'Ada', times: '3'}});
	const other = await scene.open();
	await other
		.press('4')
		.shows(/greet 1 +completed/)
		.press('Enter')
		.shows(/who +Ada/)
		.shows(/times +3/)
		.shows(/apiToken +none/);
});

test('a template becomes a workflow, which is under the cursor and ready to run', async () => {
	const screen = await scene.open();
	await screen.press('4').shows('greet').press('t').shows('incident-response').press('/');
	await screen.type('postmortem');
	await screen
		.press('Enter')
		.shows('It asks')
		.press('Enter')
		.shows('Make a workflow of incident-response')
		.press('C-u');
	await screen.type('on-fire');
	await screen
		.press('C-s')
		.shows('Made: ')
		.shows(/› +on-fire/);
	const file = path.join(scene.session.workspace, '.aiworkflow/workflows/on-fire/workflow.md');
	expect(readFileSync(file, 'utf8')).toContain('name: on-fire');
	await screen.press('Enter').shows('Run on-fire').shows('Something is wrong');
});

test('a workspace that is not trusted says so; trusting shows the files and asks', async () => {
	scene.session.write('.aiworkflow/agents.yaml', 'agents:\n  robot:\n    command: robot\n');
	const screen = await scene.open();
	await screen.press('n').shows('This workspace is not trusted').press('Enter').shows('Run greet');
	await screen.press('C-t').shows('.aiworkflow/agents.yaml').press('n').shows('Run greet');
	const client = await scene.session.client();
	expect(await client.workspace(scene.session.workspace)).toMatchObject({isTrusted: false});
	await screen
		.press('C-t')
		.shows('Trust this workspace?')
		.press('y')
		.shows('The workspace is trusted')
		.hides('is not trusted');
	expect(await client.workspace(scene.session.workspace)).toMatchObject({isTrusted: true});
});

test('an editor gets the terminal in its usual mode and gives it back; what it changed is shown, with its problems', async () => {
	const EDITOR = editor(
		'stty -a < /dev/tty | grep -o "[-]*icanon"; read answer; echo "heard $answer"; sed -i "s/type: integer/type: $answer/" "$1"',
	);
	const screen = await scene.open({env: {EDITOR, VISUAL: undefined}});
	await screen.press('4').shows('Greets somebody.').press('w').shows('No problems.');
	const before = await screen.text();
	await screen
		.press('e')
		.shows(/^icanon/m)
		.hides('No problems.');
	expect(await screen.modes()).toMatchObject({isAlternate: false, isCursorShown: true});
	// These keys are the editor's: in the cockpit a q would quit.
	await screen.press('q', 'u', 'x', 'Enter').shows('It cannot be run: one problem.');
	expect(await screen.modes()).toMatchObject({isAlternate: true, isCursorShown: false});
	expect(readFileSync(greetFile(), 'utf8')).toContain('type: qux');
	await screen.press('n').shows(/✗ +\d+ .*type: qux/);
	expect((await screen.text()).split('\n')[0]).toBe(before.split('\n')[0]);
});

test('an editor that is not there, one that fails, and a ctrl-c in it leave the cockpit as it was', async () => {
	const missing = await scene.open({env: {EDITOR: '/nowhere/ed', VISUAL: undefined}});
	await missing.press('4').shows('Greets somebody.').press('e').shows('There is no editor "/nowhere/ed"');
	const slow = await scene.open({env: {EDITOR: editor('echo waiting; exec sleep 100'), VISUAL: undefined}});
	await slow.press('4').shows('Greets somebody.').press('e').shows('waiting').press('C-c');
	await slow.shows('The editor ended with').press('Escape').shows('No runs yet.');
	expect(await slow.exitCode()).toBeUndefined();
});

test('while an editor is open the screen may change its size, and all is painted for the new one', async () => {
	const EDITOR = editor('echo editing; read answer');
	const screen = await scene.open({env: {EDITOR, VISUAL: undefined}});
	await screen.press('4').shows('Greets somebody.').press('e').shows('editing').resize(80, 24).press('Enter');
	await screen.hides('editing').shows('Greets somebody.').shows('q quit');
	const rows = await screen.rows();
	expect(rows).toHaveLength(24);
	const text = await screen.text();
	await screen.press('C-l');
	await expect.poll(() => screen.text()).toBe(text);
});

test('triggers say that nobody armed them, are armed here, paused and fired, and lead to their run', async () => {
	const screen = await scene.open();
	await screen
		.press('5')
		.shows('nobody armed this workspace')
		.shows(/nightly +schedule at 03:00, every .*not armed/);
	await screen.press('T').shows('starts itself on schedule 0 3 * * *').press('y');
	await screen.hides('nobody armed').shows(/✓ nightly +schedule .* armed +03:00/);
	await screen
		.press('p')
		.shows(/‖ nightly .* paused/)
		.press('p')
		.shows(/✓ nightly .* armed +03:00/);
	await screen
		.press('R')
		.shows('Fire nightly now?')
		.press('y')
		.shows(/✓ \d\d:\d\d completed/);
	await screen.press('Enter').shows('nightly 1').hides('Triggers');
});

test('a trigger of a file with a mistake says which', async () => {
	scene.session.write(
		'.aiworkflow/workflows/broken.md',
		workflowOf('broken', script('one', 'true'), 'on:\n  schedule: "0 3 * *"\n'),
	);
	const screen = await scene.open();
	await screen
		.press('5')
		.shows(/✗ broken +schedule .* invalid file/)
		.shows('It cannot be run: one problem.');
});

test('the log of the daemon is followed and filtered', async () => {
	const screen = await scene.open();
	await screen.press('6').shows(/info +started/);
	const entry = {level: 50, time: new Date().toISOString(), pid: 1, msg: 'it went wrong on purpose'};
	writeFileSync(daemonLogFileOf(scene.session.stateFolder), `${JSON.stringify(entry)}\n`, {flag: 'a'});
	await screen.shows(/error +it went wrong on purpose/);
	await screen.press('/');
	await screen.type('purpose');
	await screen
		.hides(/info +started/)
		.shows('it went wrong on purpose')
		.press('Escape')
		.shows(/info +started/);
});

test('a run that was put aside stays so in the next cockpit; a damaged memory is said and kept', async () => {
	await scene.run('bad', script('fail', 'exit 3'));
	const screen = await scene.open();
	// The files of the workspace wait for trust above it.
	const listed = /✗ bad 1 +fail +The script ended/;
	await screen.shows('waits for trust').shows(listed).press('BTab').press('G').press('z').hides(listed);
	const memory = cockpitMemoryFileOf(scene.session.stateFolder);
	await until('it to be remembered', () => existsSync(memory));
	const second = await scene.open();
	await second
		.shows('waits for trust')
		.shows(/✗ bad 1/)
		.hides(listed);
	writeFileSync(memory, '{"version": 1, "seen": [');
	const third = await scene.open({ready: 'could not be read'});
	await third.shows(listed);
	expect(readdirSync(path.dirname(memory)).filter(name => name.includes('cockpit.json.damaged'))).toHaveLength(1);
});
