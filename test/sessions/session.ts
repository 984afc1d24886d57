import {spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import type {Client} from '../../source/client/client.ts';
import {connect} from '../../source/client/connect.ts';
import {mainEntry} from '../../source/install.ts';
import type {JournalEvent, WireEvent} from '../../source/run/events.ts';
import {isRunEnding} from '../../source/run/wire.ts';

/** A person's machine in a temporary folder: a home, a state folder, a workspace; the real daemon, socket and commands. */
export interface Session {
	readonly home: string;
	readonly stateFolder: string;
	readonly workspace: string;
	readonly environment: NodeJS.ProcessEnv;
	/** Writes a file of the workspace; @returns its path. */
	write(name: string, text: string): string;
	/** Runs `aiworkflow` with standard input closed and no terminal. */
	aiworkflow(args: readonly string[], options?: RunOptions): Promise<Ended>;
	/** A client of the session's daemon, which is started on demand. */
	client(): Promise<Client>;
	/** Starts a run and gives its id. */
	start(
		file: string,
		more?: {readonly inputs?: Record<string, unknown>; readonly approveAll?: boolean; readonly agents?: string[]},
	): Promise<string>;
	/** Waits until the run has ended; @returns all its events. */
	finish(runId: string): Promise<WireEvent[]>;
	/** Ends the daemon and removes everything. */
	close(): Promise<void>;
}

export interface RunOptions {
	readonly environment?: NodeJS.ProcessEnv;
	readonly cwd?: string;
	readonly input?: string;
}

export interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

export const openSession = (): Session => {
	const home = mkdtempSync(path.join(tmpdir(), 'aiworkflow-session-'));
	const stateFolder = path.join(home, 'state');
	const workspace = path.join(home, 'work');
	mkdirSync(path.join(workspace, '.aiworkflow'), {recursive: true});
	const {PATH, USER = 'tester', LANG = 'C.UTF-8'} = process.env;
	const environment = {PATH, USER, LANG, HOME: home, AIWORKFLOW_HOME: stateFolder, TERM: 'xterm-256color'};
	const client = () => connect({stateFolder, environment});
	return {
		home,
		stateFolder,
		workspace,
		environment,
		client,
		write(name, text) {
			const file = path.join(workspace, name);
			mkdirSync(path.dirname(file), {recursive: true});
			writeFileSync(file, text);
			return file;
		},
		aiworkflow: (args, options = {}) =>
			runToEnd([mainEntry, ...args], {
				cwd: options.cwd ?? workspace,
				environment: {...environment, ...options.environment},
				input: options.input,
			}),
		async start(file, {inputs = {}, approveAll = false, agents} = {}) {
			const {runId} = await (await client()).createRun({
				file,
				workspace,
				inputs,
				agents,
				approveAll,
				environment: environment as Record<string, string>,
				origin: {by: 'tester', via: 'api'},
			});
			return runId;
		},
		async finish(runId) {
			const events: WireEvent[] = [];
			const connected = await client();
			for await (const message of connected.events({runId, lastEventId: 0})) {
				if (message.kind !== 'journal') continue;
				events.push(message.data);
				if (isRunEnding(message.data.type)) break;
			}

			return events;
		},
		async close() {
			// Daemons that lost a race may still be on their way, and scripts outlive the daemon: none may be left behind.
			await until(`the processes of ${stateFolder} to end`, async () => {
				const running = await connect({stateFolder, environment, start: false}).catch(() => undefined);
				if (running) await stopAll(running).catch(() => undefined);
				return !hasProcesses(stateFolder);
			});
			rmSync(home, {recursive: true, force: true, maxRetries: 10, retryDelay: 100});
		},
	};
};

const stopAll = async (client: Client) => {
	const {runs} = await client.runs({status: 'queued,running,waiting'});
	for (const {id} of runs) {
		await client.cancelRun(id, {origin: {by: 'tester', via: 'api'}});
		await until('runs to end', async () => (await client.run(id)).endedAt !== null);
	}

	await client.stopDaemon();
};

/** Whether a process has this state folder in its environment; elsewhere than on Linux nobody looks. */
const hasProcesses = (stateFolder: string): boolean => {
	if (process.platform !== 'linux') return false;
	const marker = `AIWORKFLOW_HOME=${stateFolder}`;
	return readdirSync('/proc').some(name => {
		try {
			return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(marker);
		} catch {
			return false;
		}
	});
};

const runToEnd = (
	argv: readonly string[],
	{cwd, environment, input}: {cwd: string; environment: NodeJS.ProcessEnv; input?: string},
): Promise<Ended> =>
	new Promise((resolve, reject) => {
		const child = spawn(process.execPath, argv, {cwd, env: environment, stdio: ['pipe', 'pipe', 'pipe']});
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', text => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', text => {
			stderr += text;
		});
		child.stdin.on('error', () => {});
		child.stdin.end(input ?? '');
		child.on('error', reject);
		child.on('close', code => resolve({code, stdout, stderr}));
	});

export const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		// Ended, and process 1 has not noticed yet.
		return !(
			existsSync(`/proc/${pid}/stat`) && readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.startsWith('Z')
		);
	} catch {
		return false;
	}
};

/** Polls a condition, with a deadline that names it. */
export const until = async (
	what: string,
	isSo: () => boolean | Promise<boolean>,
	deadlineMs = 20_000,
): Promise<void> => {
	const endMs = performance.now() + deadlineMs;
	while (!(await isSo())) {
		if (performance.now() > endMs) throw new Error(`Waited ${deadlineMs / 1000} s for ${what}.`);
		await new Promise(resolve => setTimeout(resolve, 10));
	}
};

/** A workflow file from its parts. */
export const workflowOf = (name: string, body: string, frontmatter = ''): string =>
	`---\nname: ${name}\n${frontmatter}---\n# ${name}\n\n${body}`;

export const typesOf = (events: readonly Pick<JournalEvent, 'type'>[]): string[] => events.map(event => event.type);
