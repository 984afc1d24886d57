import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import path from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {daemonEntry, mainEntry} from '../../source/install.ts';
import {socketPathOf} from '../../source/paths.ts';
import {isAlive, openSession, type Session, typesOf, until, workflowOf} from './session.ts';

let session: Session;

beforeEach(() => {
	session = openSession();
});

afterEach(() => session.close());

const kill = async () => {
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
	return pid;
};

test('status says who runs it; stop ends it; stopped is exit code 4', async () => {
	expect((await session.aiworkflow(['daemon', 'status', '--json'])).code).toBe(4);
	expect((await session.aiworkflow(['daemon', 'start'])).code).toBe(0);
	const {stdout} = await session.aiworkflow(['daemon', 'status', '--json']);
	const status = JSON.parse(stdout);
	expect(status).toMatchObject({
		pid: expect.any(Number),
		version: expect.any(String),
		socket: path.join(session.stateFolder, 'daemon.sock'),
		startedAt: expect.any(String),
	});
	expect((await session.aiworkflow(['daemon', 'stop'])).code).toBe(0);
	await until('the daemon to end', () => !isAlive(status.pid));
	expect(existsSync(status.socket)).toBe(false);
});

test('state, socket and attempt folders are private', async () => {
	const runId = await session.start(session.write('a.md', workflowOf('a', '## a\n```sh run\necho hi\n```\n')));
	await session.finish(runId);
	const open = (readdirSync(session.stateFolder, {recursive: true}) as string[])
		.map(name => path.join(session.stateFolder, name))
		.filter(place => (statSync(place).mode & 0o077) !== 0);
	expect(open).toEqual([]);
	expect(statSync(session.stateFolder).mode & 0o777).toBe(0o700);
});

test('a second daemon on the same state folder refuses and names the first', async () => {
	const {pid} = await (await session.client()).health();
	const second = spawnSync(process.execPath, [daemonEntry, '--state', session.stateFolder], {
		encoding: 'utf8',
		env: session.environment,
	});
	expect(second.status).toBe(1);
	expect(JSON.parse(second.stderr)).toMatchObject({
		code: 'daemon.already-running',
		message: expect.stringContaining(`pid ${pid}`),
	});
	expect((await (await session.client()).health()).pid).toBe(pid);
});

test('ten clients at once start one daemon', async () => {
	const healths = await Promise.all(Array.from({length: 10}, async () => (await session.client()).health()));
	expect(new Set(healths.map(({pid}) => pid)).size).toBe(1);
});

test('a socket left by a killed daemon is taken over', async () => {
	const first = await kill();
	expect(existsSync(path.join(session.stateFolder, 'daemon.sock'))).toBe(true);
	const {pid} = await (await session.client()).health();
	expect(pid).not.toBe(first);
});

test('a daemon whose state folder was removed ends by itself', async () => {
	const {pid} = await (await session.client()).health();
	rmSync(session.stateFolder, {recursive: true});
	await until('the daemon to end', () => !isAlive(pid));
});

test('a script that runs while the daemon is killed is neither killed nor started again', async () => {
	const file = session.write(
		'live.md',
		workflowOf(
			'live',
			'## a\n```sh run\necho $$ >> log; while [ ! -e gate ]; do sleep 0.02; done; echo $$ >> log; echo "pid=$$" >> "$OUTPUT"\n```\n## b\n```sh run\necho b >> log\n```\n',
		),
	);
	const runId = await session.start(file);
	const log = path.join(session.workspace, 'log');
	await until('the script to begin', () => existsSync(log));
	await kill();
	await session.client();
	writeFileSync(path.join(session.workspace, 'gate'), '');
	const events = await session.finish(runId);
	expect(events.at(-1)?.type).toBe('run.completed');
	const [before, after, b] = readFileSync(log, 'utf8').trim().split('\n');
	expect(after).toBe(before);
	expect(b).toBe('b');
	expect(typesOf(events).filter(type => type === 'attempt.started')).toHaveLength(2);
});

test('a timeout that passes while no daemon runs is enforced by the next one', async () => {
	const file = session.write(
		'overdue.md',
		workflowOf('overdue', '## a\n```yaml step\ntimeout: 500ms\n```\n```sh run\ntouch begun; sleep 600\n```\n'),
	);
	const runId = await session.start(file);
	await until('the script to begin', () => existsSync(path.join(session.workspace, 'begun')));
	await kill();
	await session.client();
	const events = await session.finish(runId);
	expect(events.at(-1)).toMatchObject({type: 'run.failed', body: {failure: {code: 'attempt.timed-out'}}});
});

test('stopping in order leaves scripts running, and the next daemon takes them in', async () => {
	const file = session.write(
		'stop.md',
		workflowOf('stop', '## a\n```sh run\ntouch begun; while [ ! -e gate ]; do sleep 0.02; done\n```\n'),
	);
	const runId = await session.start(file);
	await until('the script to begin', () => existsSync(path.join(session.workspace, 'begun')));
	await session.aiworkflow(['daemon', 'stop']);
	writeFileSync(path.join(session.workspace, 'gate'), '');
	expect((await session.finish(runId)).at(-1)?.type).toBe('run.completed');
});

test('run goes on printing events, each once, over a killed daemon', async () => {
	const file = session.write(
		'over.md',
		workflowOf(
			'over',
			'## a\n```sh run\ntouch begun; while [ ! -e gate ]; do sleep 0.02; done\n```\n## b\n```sh run\ntrue\n```\n',
		),
	);
	const running = session.aiworkflow(['run', file, '--json']);
	await until('the script to begin', () => existsSync(path.join(session.workspace, 'begun')));
	await kill();
	writeFileSync(path.join(session.workspace, 'gate'), '');
	const {code, stdout} = await running;
	expect(code).toBe(0);
	const events = stdout
		.trimEnd()
		.split('\n')
		.map(line => JSON.parse(line));
	expect(events.map(event => event.seq)).toEqual([1, 2, 3, 4, 5, 6, 7]);
	expect(events.at(-1).type).toBe('run.completed');
});

test('editing the file does not change a run in flight', async () => {
	const text = workflowOf(
		'pinned',
		'## a\n```sh run\ntouch begun; while [ ! -e gate ]; do sleep 0.02; done\n```\n## b\n```sh run\necho old >> log\n```\n',
	);
	const file = session.write('pinned.md', text);
	const runId = await session.start(file);
	await until('the script to begin', () => existsSync(path.join(session.workspace, 'begun')));
	writeFileSync(file, text.replace('echo old', 'echo new'));
	await kill();
	await session.client();
	writeFileSync(path.join(session.workspace, 'gate'), '');
	await session.finish(runId);
	expect(readFileSync(path.join(session.workspace, 'log'), 'utf8')).toBe('old\n');
});

test('a corrupted journal is refused with the way out and left as it is', async () => {
	await (await session.client()).health();
	await session.aiworkflow(['daemon', 'stop']);
	const file = path.join(session.stateFolder, 'journal.db');
	const garbage = Buffer.alloc(8192, 'x');
	writeFileSync(file, garbage);
	const {code, stderr} = await session.aiworkflow(['runs', 'list']);
	expect(code).toBe(4);
	expect(stderr).toContain('damaged');
	expect(stderr).toContain('backup');
	expect(readFileSync(file).equals(garbage)).toBe(true);
});

test('a state folder that cannot be written says so', async () => {
	// A file in the way fails for every user, also for root, whom permissions do not stop.
	writeFileSync(path.join(session.home, 'file'), '');
	const {code, stderr} = await session.aiworkflow(['runs', 'list'], {
		environment: {AIWORKFLOW_HOME: path.join(session.home, 'file', 'state')},
	});
	expect(code).toBe(4);
	expect(stderr).toContain('cannot be written');
});

const canMount =
	process.platform === 'linux' &&
	spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt']).status === 0;
if (!canMount) console.warn('SKIPPED: no user namespace with mounts here, so the full disk is not tested.');

test.runIf(canMount)(
	'a full disk: the daemon refuses new work by name, loses nothing, goes on after space is freed',
	{timeout: 60_000},
	async () => {
		const script = path.join(path.dirname(new URL(import.meta.url).pathname), 'full-disk.ts');
		const folder = path.join(session.home, 'disk');
		mkdirSync(folder);
		const {status, stdout, stderr} = spawnSync(
			'unshare',
			[
				'-rm',
				'sh',
				'-c',
				'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" "$3" "$1"',
				'sh',
				folder,
				process.execPath,
				script,
			],
			{encoding: 'utf8', env: session.environment},
		);
		expect(stderr).toBe('');
		expect(status).toBe(0);
		expect(JSON.parse(stdout)).toEqual({
			runRefusedWith: 'state.unwritable',
			writeRefusedWith: 'journal.unwritable',
			health: 'failing',
			kept: true,
			goesOn: true,
		});
	},
);

test.runIf(canMount)('a read-only state folder says so', () => {
	const folder = path.join(session.home, 'read-only');
	mkdirSync(folder);
	const {status, stderr} = spawnSync(
		'unshare',
		[
			'-rm',
			'sh',
			'-c',
			'mount -t tmpfs -o ro tmpfs "$1" && AIWORKFLOW_HOME="$1/state" exec "$2" "$3" runs list',
			'sh',
			folder,
			process.execPath,
			mainEntry,
		],
		{encoding: 'utf8', env: session.environment},
	);
	expect(status).toBe(4);
	expect(stderr).toContain('cannot be written');
	expect(stderr).toContain('AIWORKFLOW_HOME');
});

test.runIf(process.platform === 'linux')(
	'a state folder that no file system takes says so, and nothing is left running',
	async () => {
		const {code, stderr} = await session.aiworkflow(['runs', 'list'], {
			environment: {AIWORKFLOW_HOME: '/proc/nowhere/state'},
		});
		expect(code).toBe(4);
		expect(stderr).toContain('cannot be written');
	},
);

test('a path too long for a socket gets a short private one', async () => {
	const long = path.join(session.home, 'x'.repeat(120));
	const environment = {...session.environment, AIWORKFLOW_HOME: long, XDG_RUNTIME_DIR: path.join(session.home, 'run')};
	mkdirSync(environment.XDG_RUNTIME_DIR, {mode: 0o700});
	const {code, stdout} = await session.aiworkflow(['daemon', 'start', '--json'], {environment});
	expect(code, stdout).toBe(0);
	const socket = socketPathOf(long, environment);
	expect(socket.length).toBeLessThan(100);
	expect(statSync(socket).mode & 0o777).toBe(0o600);
	await session.aiworkflow(['daemon', 'stop'], {environment});
});

test('a file that is no socket of ours is not mistaken for a daemon', async () => {
	mkdirSync(session.stateFolder, {mode: 0o700});
	const socket = path.join(session.stateFolder, 'daemon.sock');
	const stranger = createServer(connection => {
		connection.on('error', () => {});
		connection.resume();
		connection.write('hello\n');
	});
	await new Promise<void>(resolve => stranger.listen(socket, resolve));
	const {code, stderr} = await session.aiworkflow(['runs', 'list']);
	expect(code).toBe(4);
	expect(stderr).not.toMatch(/\n\s+at /);
	await new Promise(resolve => stranger.close(resolve));
	rmSync(socket, {force: true});
});
