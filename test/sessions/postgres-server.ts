import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {until} from './session.ts';

/** A real PostgreSQL server, on a port of its own, in a temporary folder. */
export interface PostgresServer {
	readonly url: string;
	readonly password: string;
	query(text: string): Promise<pg.QueryResult>;
	/** Ends it as it is. */
	kill(): Promise<void>;
	start(): Promise<void>;
	/** Ends it and removes everything. */
	close(): Promise<void>;
}

const folders = () => {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
	return [...(process.env.PATH ?? '').split(':'), ...versions.map(version => path.join(debian, version, 'bin'))];
};

/** Its programs stand beside one another, and not all of them in PATH. */
const binFolder = (): string | undefined =>
	folders().find(folder => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')));

/** Whether its tests are skipped; in CI they are not, and fail without it. */
export const isPostgresMissing = (): boolean => {
	if (binFolder() !== undefined || process.env.CI) return false;
	console.error('SKIPPED: the tests of PostgreSQL, for there is no server here. Debian has a package `postgresql`.');
	return true;
};

export const startPostgres = async (): Promise<PostgresServer> => {
	const bin = binFolder();
	if (!bin) throw new Error('There is no PostgreSQL server; its tests cannot be run.');
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-postgres-'));
	const password = 'pg-sesame-4711';
	const passwordFile = path.join(folder, 'password');
	writeFileSync(passwordFile, password);
	// It refuses to be run by root.
	const user: {uid?: number; gid?: number} = process.getuid?.() === 0 ? plainUser() : {};
	const {uid, gid} = user;
	if (uid !== undefined && gid !== undefined) for (const each of [folder, passwordFile]) chownSync(each, uid, gid);
	const data = path.join(folder, 'data');
	const options = ['-D', data, '-U', 'tester', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
	const settings = {...user, cwd: folder, stdio: 'ignore'} as const;
	execFileSync(path.join(bin, 'initdb'), [...options, '-E', 'UTF8', '--locale=C', '--no-sync'], settings);
	const port = await freePort();
	const url = `postgres://tester:${password}@127.0.0.1:${port}/postgres`;
	let child: ChildProcess | undefined;
	const query = async (text: string) => {
		const client = new pg.Client({connectionString: url});
		client.on('error', () => {});
		await client.connect();
		try {
			return await client.query(text);
		} finally {
			await client.end();
		}
	};
	const start = async () => {
		const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
		const quick = ['-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'max_connections=20'];
		child = spawn(path.join(bin, 'postgres'), [...args, ...quick], settings);
		await until(
			'PostgreSQL',
			() =>
				query('SELECT 1').then(
					() => true,
					() => false,
				),
			60_000,
		);
	};
	const end = async (signal: 'SIGQUIT' | 'SIGINT') => {
		const ended = child;
		child = undefined;
		if (!ended || ended.exitCode !== null) return;
		const gone = new Promise(resolve => ended.once('close', resolve));
		ended.kill(signal);
		await gone;
	};
	await start();
	return {
		...{url, password, query, start},
		kill: () => end('SIGQUIT'),
		async close() {
			await end('SIGQUIT');
			rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
		},
	};
};

const plainUser = (): {uid: number; gid: number} => {
	const users = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.map(line => line.split(':'));
	const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
	return {uid: Number(found![2]), gid: Number(found![3])};
};

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const {port} = server.address() as {port: number};
			server.close(() => resolve(port));
		});
	});
