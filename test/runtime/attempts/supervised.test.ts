import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {isSameProcessAlive} from '../../../runtime/attempts/process-identity.ts';
import {reattachSupervised, startSupervised} from '../../../runtime/attempts/supervised.ts';
import {supervisorScript} from '../../../source/install.ts';

let folder: string;

beforeEach(() => {
	folder = path.join(mkdtempSync(path.join(tmpdir(), 'aiworkflow-supervised-')), 'attempt');
});

afterEach(() => {
	rmSync(path.dirname(folder), {recursive: true, force: true});
});

const environment = {PATH: process.env.PATH!};
const start = (script: string, more = {}) =>
	startSupervised({folder, argv: ['/bin/sh', '-ec', script], environment, cwd: tmpdir(), ...more});

test('exit code and both streams are in the folder, private', async () => {
	const supervised = start('echo out; echo err >&2; exit 7');
	expect(await supervised.exit).toEqual({status: 'exited', code: 7});
	expect(readFileSync(supervised.stdoutFile, 'utf8')).toBe('out\n');
	expect(readFileSync(supervised.stderrFile, 'utf8')).toBe('err\n');
	for (const file of [
		supervised.stdoutFile,
		supervised.stderrFile,
		path.join(folder, 'exit'),
		path.join(folder, 'claim'),
	]) {
		expect(statSync(file).mode & 0o777).toBe(0o600);
	}

	expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('files that the command makes have the mode its user expects', async () => {
	const file = path.join(path.dirname(folder), 'made');
	await start(`: > ${file}`).exit;
	expect(statSync(file).mode & 0o777).toBe(0o666 & ~process.umask());
});

test('an attempt that ended while nobody watched is taken in', async () => {
	await start('exit 3').exit;
	expect(await reattachSupervised(folder).exit).toEqual({status: 'exited', code: 3});
});

test('an attempt that still runs is watched on, not started again', async () => {
	const gate = path.join(path.dirname(folder), 'gate');
	const log = path.join(path.dirname(folder), 'log');
	const first = start(`echo run >> ${log}; while [ ! -e ${gate} ]; do sleep 0.01; done; exit 5`);
	await until(() => existsSync(log));
	const second = reattachSupervised(folder);
	writeFileSync(gate, '');
	expect(await second.exit).toEqual({status: 'exited', code: 5});
	expect(await first.exit).toEqual({status: 'exited', code: 5});
	expect(readFileSync(log, 'utf8')).toBe('run\n');
});

test('a supervisor that comes after the claim was taken runs nothing', async () => {
	expect(await reattachSupervised(folder).exit).toEqual({status: 'interrupted', reason: 'never-claimed'});
	const late = start(`touch ${folder}/ran`);
	expect(await late.exit).toEqual({status: 'interrupted', reason: 'never-claimed'});
	expect(existsSync(path.join(folder, 'ran'))).toBe(false);
	expect(await reattachSupervised(folder).exit).toEqual({status: 'interrupted', reason: 'never-claimed'});
});

test('of twenty supervisors that race for one attempt, one runs it', async () => {
	mkdirSync(folder, {mode: 0o700});
	const log = path.join(path.dirname(folder), 'log');
	const racers = Array.from({length: 20}, () =>
		spawn('/bin/sh', [supervisorScript, folder, '/dev/null', '22', '/bin/sh', '-c', `echo ran >> ${log}`], {
			stdio: 'ignore',
		}),
	);
	await Promise.all(racers.map(racer => once(racer, 'exit')));
	expect(readFileSync(log, 'utf8')).toBe('ran\n');
});

test('TERM reaches the command, and its own exit code counts', async () => {
	const supervised = start(`trap 'exit 9' TERM; touch ${folder}/ready; while :; do sleep 0.01; done`);
	await until(() => existsSync(path.join(folder, 'ready')));
	supervised.stop();
	expect(await supervised.exit).toEqual({status: 'exited', code: 9});
});

test('a command that ignores TERM is killed with all it started', {timeout: 20_000}, async () => {
	const supervised = start(`trap '' TERM; sleep 1000 & echo $! > ${folder}/child; wait`);
	const child = path.join(folder, 'child');
	await until(() => existsSync(child) && readFileSync(child, 'utf8').endsWith('\n'));
	supervised.stop();
	expect(await supervised.exit).toEqual({status: 'exited', code: 137});
	const pid = Number(readFileSync(child, 'utf8'));
	await until(() => !isRunning(pid));
});

test('a supervisor that was killed leaves a vanished attempt', async () => {
	const supervised = start(`touch ${folder}/ready; sleep 1000`);
	await until(() => existsSync(path.join(folder, 'ready')));
	const pid = Number(readFileSync(path.join(folder, 'claim'), 'utf8').split('\n')[0]);
	process.kill(-pid, 'SIGKILL');
	expect(await supervised.exit).toEqual({status: 'interrupted', reason: 'vanished'});
	expect(await reattachSupervised(folder).exit).toEqual({status: 'interrupted', reason: 'vanished'});
});

test('what a killed supervisor leaves running is killed: its step has failed', async () => {
	const first = start(`echo $$ > ${folder}/pid; exec sleep 1000`);
	await until(() => existsSync(path.join(folder, 'pid')) && readFileSync(path.join(folder, 'pid'), 'utf8') !== '');
	const command = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
	process.kill(Number(readFileSync(path.join(folder, 'claim'), 'utf8').split('\n')[0]), 'SIGKILL');
	expect(await first.exit).toEqual({status: 'interrupted', reason: 'vanished'});
	await until(() => !isRunning(command));
});

test.runIf(process.platform === 'linux')(
	'what a supervisor that was killed while nobody watched leaves running is killed',
	async () => {
		mkdirSync(folder, {mode: 0o700});
		const script = `echo $$ > ${folder}/pid; exec sleep 1000`;
		const supervisor = spawn('/bin/sh', [supervisorScript, folder, '/dev/null', '22', '/bin/sh', '-c', script], {
			stdio: 'ignore',
			detached: true,
		});
		await until(() => existsSync(path.join(folder, 'pid')) && readFileSync(path.join(folder, 'pid'), 'utf8') !== '');
		const command = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
		supervisor.kill('SIGKILL');
		await once(supervisor, 'exit');
		expect(isRunning(command)).toBe(true);
		expect(await reattachSupervised(folder).exit).toEqual({status: 'interrupted', reason: 'vanished'});
		await until(() => !isRunning(command));
	},
);

test.runIf(process.platform === 'linux')(
	'a child that ignores TERM does not outlive a command',
	{timeout: 20_000},
	async () => {
		const supervised = start(`(trap '' TERM; exec sleep 1000) & echo $! > ${folder}/child; wait`);
		const child = path.join(folder, 'child');
		await until(() => existsSync(child) && readFileSync(child, 'utf8').endsWith('\n'));
		const pid = Number(readFileSync(child, 'utf8'));
		await until(() => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
		supervised.stop();
		expect(await supervised.exit).toEqual({status: 'exited', code: 143});
		await until(() => !isRunning(pid));
	},
);

test('a command hears INT and QUIT like one that was started by hand', async () => {
	const supervised = start(
		`(kill -INT $(exec sh -c 'echo $PPID'); echo deaf); (kill -QUIT $(exec sh -c 'echo $PPID'); echo deaf)`,
	);
	await supervised.exit;
	expect(readFileSync(supervised.stdoutFile, 'utf8')).toBe('');
});

test('a claim without content counts as dead after a while', {timeout: 10_000}, async () => {
	mkdirSync(folder, {mode: 0o700});
	writeFileSync(path.join(folder, 'claim'), '');
	expect(await reattachSupervised(folder).exit).toEqual({status: 'interrupted', reason: 'vanished'});
});

test('a folder that does not exist is said, not thrown', async () => {
	expect(await start('true', {cwd: '/does/not/exist'}).exit).toMatchObject({status: 'unstartable'});
});

test.runIf(process.platform === 'linux')('a process with the same pid and another start is not the same', () => {
	const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
	const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
	expect(isSameProcessAlive({pid: process.pid, started: stat, boot})).toBe(true);
	expect(isSameProcessAlive({pid: process.pid, started: stat, boot: 'another'})).toBe(false);
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	fields[19] = '1';
	expect(isSameProcessAlive({pid: process.pid, started: `1 (x) ${fields.join(' ')}`, boot})).toBe(false);
});

const isRunning = (pid: number) => {
	try {
		return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z';
	} catch {
		return false;
	}
};

const until = async (isSo: () => boolean) => {
	const deadlineMs = performance.now() + 10_000;
	while (!isSo()) {
		if (performance.now() > deadlineMs) throw new Error('Waited 10 s.');
		await new Promise(resolve => setTimeout(resolve, 5));
	}
};
