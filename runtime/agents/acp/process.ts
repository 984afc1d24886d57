import {type ChildProcessByStdio, spawn} from 'node:child_process';
import type {Readable, Writable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';

/** The agent's command line, in a process group of its own, so that what it starts ends with it. */
export interface AgentProcess {
	readonly pid: number | undefined;
	readonly stdin: Writable;
	readonly stdout: Readable;
	/** Never rejects. */
	readonly exit: Promise<ProcessExit>;
	/** The last of its standard error, for messages. */
	readonly errorTail: () => string;
	/** Asks the whole group to stop what it is doing: INT, as a person would with Ctrl+C. */
	interrupt(): void;
	/** Closes its input, then TERM, then KILL, to the whole group. Resolves when it is gone. */
	end(): Promise<void>;
}

export interface ProcessExit {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	/** Where it could not be started at all. */
	readonly error?: Error;
}

/** From closing its input to TERM, and from TERM to KILL: together less than half of `cancelMsMax`. */
const closeGraceMs = 1000;
const termGraceMs = 900;
const lastWordsMs = 200;
/** For the kernel to carry out a KILL; zombies that nobody collects are not waited for any longer. */
const killGraceMs = 200;

const errorTailCharactersMax = 2000;

export const startProcess = (options: {
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly environment: NodeJS.ProcessEnv;
	readonly onError: (chunk: Buffer) => void;
	/** Whether it ends when its input is closed. Default: it may. */
	readonly readsInput?: boolean;
}): AgentProcess => {
	const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(options.command, [...options.args], {
		cwd: options.cwd,
		env: options.environment,
		detached: true,
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	const exit = new Promise<ProcessExit>(resolve => {
		child.once('error', error => resolve({code: null, signal: null, error}));
		child.once('exit', (code, signal) => {
			// Its last words may still be in the pipe, which something it started may hold open.
			child.once('close', () => resolve({code, signal}));
			setTimeout(() => resolve({code, signal}), lastWordsMs);
		});
	});
	// Writing to an agent that is gone is told by its exit.
	child.stdin.on('error', () => {});
	const errorTail = followErrors(child.stderr, options.onError);

	return {
		pid: child.pid,
		stdin: child.stdin,
		stdout: child.stdout,
		exit,
		errorTail,
		interrupt: () => void signalGroup(child.pid, 'SIGINT'),
		async end() {
			child.stdin.end();
			if (options.readsInput ?? true) await Promise.race([exit, delay(closeGraceMs, undefined, {ref: false})]);
			// Also where the leader has left: something it started may still be there.
			if (signalGroup(child.pid, 'SIGTERM')) {
				const isGone = await isGroupGone(child.pid, termGraceMs);
				if (!isGone && signalGroup(child.pid, 'SIGKILL')) await isGroupGone(child.pid, killGraceMs);
			}

			// What survives in a group of its own may hold the pipes; nobody reads them any more.
			child.stdout.destroy();
			child.stderr.destroy();
			await exit;
		},
	};
};

const followErrors = (stderr: Readable, onError: (chunk: Buffer) => void) => {
	let tail = '';
	stderr.on('data', (chunk: Buffer) => {
		tail = (tail + chunk.toString('utf8')).slice(-errorTailCharactersMax);
		onError(chunk);
	});
	stderr.on('error', () => {});
	return () => tail.trim();
};

/** @returns Whether there was anybody to signal. */
const signalGroup = (group: number | undefined, signal: NodeJS.Signals | 0): boolean => {
	if (group === undefined) return false;
	try {
		process.kill(-group, signal);
		return true;
	} catch (error) {
		// macOS answers EPERM where only zombies are left.
		return (error as NodeJS.ErrnoException).code !== 'ESRCH' && (error as NodeJS.ErrnoException).code !== 'EPERM';
	}
};

const isGroupGone = async (group: number | undefined, withinMs: number): Promise<boolean> => {
	const deadlineMs = performance.now() + withinMs;
	while (signalGroup(group, 0)) {
		if (performance.now() > deadlineMs) return false;
		await delay(20);
	}

	return true;
};

export const describeExit = ({code, signal, error}: ProcessExit): string => {
	if (error) return error.message;
	return signal ? `it was ended by ${signal}` : `it exited with code ${code}`;
};
