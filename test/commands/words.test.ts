import {spawnSync} from 'node:child_process';
import {globSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {mainEntry, packageFolder} from '../../source/install.ts';
import {version} from '../../source/version.ts';
import {temporaryFolder} from '../source/client/fake-daemon.ts';
import {aiworkflow} from './aiworkflow.ts';

test('the help of the whole', async () => {
	const {exitCode, stdout, stderr} = await aiworkflow(['--help']);
	expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
	await expect(stdout).toMatchFileSnapshot('../goldens/help.txt');
});

test('the help of `run`', async () => {
	await expect((await aiworkflow(['run', '--help'])).stdout).toMatchFileSnapshot('../goldens/help-run.txt');
});

test('without arguments and without a terminal it shows the help', async () => {
	expect(await aiworkflow([])).toEqual(await aiworkflow(['--help']));
});

const commands = globSync('commands/**/*.tsx', {cwd: packageFolder})
	.map(file => file.replace(/^commands\/(.*)\.tsx$/, '$1').split(path.sep))
	.filter(words => words.at(-1) !== 'index');

test.each(commands.map(words => [words.join(' ')]))('`%s` has help and the options every command has', async words => {
	const {exitCode, stdout} = await aiworkflow([...words.split(' '), '--help']);
	expect(exitCode).toBe(0);
	for (const option of ['--json', '--verbose', '--no-color', '--help']) expect(stdout).toContain(option);
	expect(stdout).not.toContain('(default');
});

test.each([
	['rnu', 'There is no command `aiworkflow rnu`.', 'Did you mean `aiworkflow run`?'],
	['stauts --json', 'There is no command `aiworkflow stauts`.', 'Did you mean `aiworkflow status`?'],
	['runz list', 'There is no command `aiworkflow runz`.', 'Did you mean `aiworkflow runs`?'],
	['--asci', '`aiworkflow` has no option --asci.', 'Did you mean `--ascii`?'],
	['--ascii runs list', '--ascii belongs to the cockpit, which takes no command.', 'Write `aiworkflow --ascii`.'],
	['run x --input', 'The option --input needs a value.', 'Write `--input name=value`.'],
	['runs list --status complete', '--status has "complete", which no run can be.', 'Did you mean `completed`?'],
	['runs lst', 'There is no command `aiworkflow runs lst`.', 'Did you mean `aiworkflow runs list`?'],
	[
		'daemon frobnicate',
		'There is no command `aiworkflow daemon frobnicate`.',
		'There are: backup, logs, restart, start, status, stop, unit. See `aiworkflow daemon --help`.',
	],
	['fix.md', 'There is no command `aiworkflow fix.md`.', 'To run a workflow, write `aiworkflow run fix.md`.'],
	['runs list --jsn', '`aiworkflow runs list` has no option --jsn.', 'Did you mean `--json`?'],
	['run x --detatch=1', '`aiworkflow run` has no option --detatch.', 'Did you mean `--detach`?'],
	['runs retri x', 'There is no command `aiworkflow runs retri`.', 'Did you mean `aiworkflow runs retry`?'],
	['runs rolback x', 'There is no command `aiworkflow runs rolback`.', 'Did you mean `aiworkflow runs rollback`?'],
	[
		'runs skip x',
		'`aiworkflow runs skip` needs an argument: <step>.',
		'Usage: `aiworkflow runs skip [options] <run> <step>`.',
	],
	['runs skip x y', 'A step is skipped for a reason.', 'Write `--reason <text>`; the journal keeps it.'],
	['runs retry x --form a', '`aiworkflow runs retry` has no option --form.', 'Did you mean `--from`?'],
	[
		'runs list --since yesterday',
		'--since takes a date or a length of time, not "yesterday".',
		'Write `--since 7d` or `--since 2026-11-20`.',
	],
	[
		'runs prune --older-than 30',
		'--older-than takes a length of time, not "30".',
		'Write `--older-than 30d` or `--older-than 12h`.',
	],
	['runs prune', 'It takes a length of time, so that nothing of today is lost.', 'Write `--older-than 30d`.'],
	[
		'runs fork x --at last',
		'--at takes the number of an event, not "last".',
		'It is `seq` in `aiworkflow runs watch <run> --json`.',
	],
	[
		'daemon stop --drain --timeout soon',
		'--timeout takes a length of time, not "soon".',
		'Write `--timeout 30d` or `--timeout 12h`.',
	],
	['runs show', '`aiworkflow runs show` needs an argument: <run>.', 'Usage: `aiworkflow runs show [options] <run>`.'],
	[
		'approvals approve x --comment',
		'The option --comment needs a value.',
		'Write `--comment=<text>`. See `aiworkflow approvals approve --help`.',
	],
	[
		'run a b',
		'`aiworkflow run` takes only <workflow>, but got: a b.',
		'See `aiworkflow run --help`; quote a value that has spaces in it.',
	],
])('`%s` is told what was meant', async (typed, message, suggestion) => {
	const {exitCode, stdout, stderr} = await aiworkflow(typed.split(' '));
	expect(exitCode).toBe(2);
	if (typed.includes('--json')) {
		expect(stderr).toBe('');
		expect(JSON.parse(stdout).error).toMatchObject({code: 'usage.invalid', message, suggestion});
	} else {
		expect({stdout, stderr}).toEqual({stdout: '', stderr: `✗ ${message}\n  ${suggestion}\n`});
	}
});

test('a noun alone shows its help and is a mistake', async () => {
	const {exitCode, stdout, stderr} = await aiworkflow(['runs']);
	expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''});
	expect(stderr).toContain('Usage: aiworkflow runs [options] [command]');
});

test('the version, three ways', async () => {
	for (const word of ['version', '--version', '-v']) {
		expect(await aiworkflow([word])).toEqual({exitCode: 0, stdout: `${version}\n`, stderr: ''});
	}

	expect(JSON.parse((await aiworkflow(['version', '--json'])).stdout)).toMatchObject({version});
});

test("the folder's own package.json has no say, not even a broken one", async () => {
	const cwd = temporaryFolder();
	writeFileSync(path.join(cwd, 'package.json'), '{"version": "9.9.9",');
	mkdirSync(path.join(cwd, 'commands'));
	expect((await aiworkflow(['--help'], {cwd})).exitCode).toBe(0);
	expect((await aiworkflow(['--version'], {cwd})).stdout).toBe(`${version}\n`);
});

test('in a folder that was removed it says so', async () => {
	const cwd = temporaryFolder();
	const script = `rmdir ${cwd} && node ${mainEntry} workflow list`;
	const {status, stderr} = spawnSync('sh', ['-c', script], {cwd, encoding: 'utf8'});
	expect(status).toBe(2);
	expect(stderr).toBe(
		'✗ The folder you are in does not exist any more.\n  Change to another one with `cd`, and try again.\n',
	);
});

test('status and `daemon status` start no daemon', async () => {
	const env = {AIWORKFLOW_HOME: temporaryFolder()};
	expect(await aiworkflow(['status'], {env})).toEqual({exitCode: 4, stdout: 'not running\n', stderr: ''});
	const {exitCode, stdout} = await aiworkflow(['daemon', 'status', '--json'], {env});
	expect(exitCode).toBe(4);
	expect(JSON.parse(stdout)).toEqual({running: false, socket: path.join(env.AIWORKFLOW_HOME, 'daemon.sock')});
	expect(await aiworkflow(['daemon', 'stop'], {env})).toEqual({
		exitCode: 0,
		stdout: 'No daemon was running.\n',
		stderr: '',
	});
});

test.each([
	['run missing.md', 3],
	['workflow validate missing.md', 3],
	['run x --input nothing', 2],
	['runs list --limit many', 2],
])('`%s` ends with %i before any daemon is started', async (typed, code) => {
	const stateFolder = temporaryFolder();
	const {exitCode, stdout} = await aiworkflow([...typed.split(' '), '--json'], {env: {AIWORKFLOW_HOME: stateFolder}});
	expect(exitCode).toBe(code);
	expect(JSON.parse(stdout).error.message).not.toBe('');
	expect(globSync('*', {cwd: stateFolder})).toEqual([]);
});
