import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer, connect as openSocket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';

/** A real server of queues, on ports of its own, in a temporary folder. */
export interface TestServer {
	readonly url: string;
	/** Ends it as it is, and starts it again on the same port and folder. */
	restart(): Promise<void>;
	kill(): Promise<void>;
	start(): Promise<void>;
	/** Ends it and removes everything. */
	close(): Promise<void>;
}

const programs = {redis: 'redis-server', rabbitmq: 'rabbitmq-server'} as const;
type Kind = keyof typeof programs;

const find = (program: string): string | undefined =>
	[...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/lib/rabbitmq/bin']
		.map(folder => path.join(folder, program))
		.find(file => existsSync(file));

/** Whether its tests are skipped; in CI they are not, and fail without it. */
export const isMissing = (kind: Kind): boolean => {
	if (find(programs[kind]) !== undefined || process.env.CI) return false;
	console.error(
		`SKIPPED: the tests of queues in ${kind}, for there is no ${programs[kind]} here. Debian has a package of that name.`,
	);
	return true;
};

export const startServer = async (kind: Kind): Promise<TestServer> => {
	const program = find(programs[kind]);
	if (!program) throw new Error(`There is no ${programs[kind]}; the tests of its queues cannot be run.`);
	const folder = mkdtempSync(path.join(tmpdir(), `aiworkflow-${kind}-`));
	const server = kind === 'redis' ? await redisIn(program, folder) : await rabbitIn(program, folder);
	let child: ChildProcess | undefined;
	const start = async () => {
		child = spawn(server.command, server.args, {
			...{env: server.environment, cwd: folder, stdio: 'ignore', detached: true},
		});
		await answers(server.port, child, server.greeting, server.reply);
	};
	const kill = async () => {
		const ended = child;
		child = undefined;
		if (ended?.pid === undefined) return;
		const gone = new Promise(resolve => ended.once('close', resolve));
		const isRunning = ended.exitCode === null && ended.signalCode === null;
		endGroup(ended.pid);
		for (const pid of processesIn(folder)) endProcess(pid);
		if (isRunning) await gone;
	};
	await start();
	return {
		url: server.url,
		start,
		kill,
		async restart() {
			await kill();
			await start();
		},
		async close() {
			await kill();
			rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
		},
	};
};

interface Launch {
	readonly command: string;
	readonly args: readonly string[];
	readonly environment: NodeJS.ProcessEnv;
	readonly port: number;
	readonly url: string;
	/** What is sent, and how the answer of a server that is ready begins. */
	readonly greeting: Buffer;
	readonly reply: string;
}

/** Every write is in its file before it is answered: what was published outlives a kill. */
const redisIn = async (command: string, folder: string): Promise<Launch> => {
	const port = await freePort();
	return {
		command,
		args: [
			'--port',
			`${port}`,
			'--bind',
			'127.0.0.1',
			'--dir',
			folder,
			'--save',
			'',
			'--appendonly',
			'yes',
			'--appendfsync',
			'always',
		],
		environment: process.env,
		port,
		url: `redis://127.0.0.1:${port}`,
		greeting: Buffer.from('PING\r\n'),
		reply: '+PONG',
	};
};

const rabbitIn = async (command: string, folder: string): Promise<Launch> => {
	const [port, distributionPort, mapperPort] = [await freePort(), await freePort(), await freePort()];
	const home = path.join(folder, 'home');
	mkdirSync(home);
	writeFileSync(path.join(home, '.erlang.cookie'), 'AIWORKFLOWTESTS', {mode: 0o400});
	writeFileSync(path.join(folder, 'plugins'), '[].');
	return {
		command: existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server') ? '/usr/lib/rabbitmq/bin/rabbitmq-server' : command,
		args: [],
		environment: {
			PATH: process.env.PATH,
			HOME: home,
			RABBITMQ_NODENAME: `aiworkflow${port}@localhost`,
			RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
			RABBITMQ_NODE_PORT: `${port}`,
			RABBITMQ_DIST_PORT: `${distributionPort}`,
			ERL_EPMD_PORT: `${mapperPort}`,
			ERL_EPMD_ADDRESS: '127.0.0.1',
			RABBITMQ_MNESIA_BASE: path.join(folder, 'mnesia'),
			RABBITMQ_LOG_BASE: path.join(folder, 'log'),
			RABBITMQ_PID_FILE: path.join(folder, 'pid'),
			RABBITMQ_ENABLED_PLUGINS_FILE: path.join(folder, 'plugins'),
			RABBITMQ_CONF_ENV_FILE: path.join(folder, 'no-environment'),
			RABBITMQ_CONFIG_FILE: path.join(folder, 'no-config'),
			RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none',
		},
		port,
		url: `amqp://guest:guest@127.0.0.1:${port}`,
		greeting: Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
		reply: '\x01\0\0',
	};
};

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', reject);
		probe.listen(0, '127.0.0.1', () => {
			const {port} = probe.address() as {port: number};
			probe.close(() => resolve(port));
		});
	});

const startMsMax = 120_000;

/** Resolves when it answers as it does when it is ready. */
const answers = async (port: number, child: ChildProcess, greeting: Buffer, reply: string): Promise<void> => {
	const endMs = performance.now() + startMsMax;
	while (!(await isGreeted(port, greeting, reply))) {
		if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
		if (performance.now() > endMs) throw new Error(`The server did not answer within ${startMsMax / 1000} s.`);
		await new Promise(resolve => setTimeout(resolve, 50));
	}
};

const isGreeted = (port: number, greeting: Buffer, reply: string): Promise<boolean> =>
	new Promise(resolve => {
		const socket = openSocket(port, '127.0.0.1', () => socket.write(greeting));
		const end = (isSo: boolean) => {
			socket.destroy();
			resolve(isSo);
		};
		socket.setTimeout(5000, () => end(false));
		socket.once('data', data => end(data.toString('latin1').startsWith(reply)));
		socket.once('error', () => end(false));
		socket.once('close', () => resolve(false));
	});

const endGroup = (pid: number): void => {
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// It has ended.
	}
};

const endProcess = (pid: number): void => {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// It has ended.
	}
};

/** What it started and let go, such as Erlang's port mapper: all that have its folder in their environment. */
const processesIn = (folder: string): number[] => {
	if (process.platform !== 'linux') return [];
	const found = execFileSync('sh', ['-c', 'grep -lsz -- "$1" /proc/[0-9]*/environ || true', 'sh', folder], {
		encoding: 'utf8',
	});
	return found
		.split('\n')
		.flatMap(line => /^\/proc\/(\d+)\//.exec(line)?.[1] ?? [])
		.map(Number)
		.filter(pid => pid !== process.pid);
};
