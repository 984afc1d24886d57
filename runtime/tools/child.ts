import {type ChildProcess, type IOType, spawn} from 'node:child_process';
import type {Readable, Writable} from 'node:stream';
import {setTimeout as delay} from 'node:timers/promises';
import type {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {signalGroup} from '../attempts/process-group.ts';
import {argumentsInvalid, asUnsent, toolUnreachable} from './failures.ts';

/** A program of a tool, in a process group of its own. */
export interface Child {
	readonly pid: number;
	readonly stdin: Writable;
	readonly stdout: Readable;
	/** A channel besides the standard streams, where one was asked for. */
	readonly answers: Readable | undefined;
	/** Resolves when it has ended and its streams are read. */
	readonly ended: Promise<Ended>;
	/** What it wrote on standard error last, and on standard output where that is no answer. */
	lastWords(): string;
	/** Ends the whole group: asks, then kills. Resolves when it is gone. */
	end(): Promise<void>;
}

export interface Ended {
	readonly exitCode: number | null;
	readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
	/** Names of the tool and the implementation, for messages. */
	readonly tool: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Answers come on file descriptor 3, and standard output is only listened to for the last words. */
	readonly hasAnswerChannel?: boolean;
	/** From TERM to KILL. */
	readonly graceMs?: number;
}

/** @throws AiworkflowError `tool.unreachable`, `tool.arguments-invalid` where it cannot be started; nothing was sent then. */
export const startChild = async (options: ChildOptions): Promise<Child> => {
	const {tool, command, args, cwd, environment, hasAnswerChannel = false, graceMs = limits.toolKillGraceMs} = options;
	const stdio: IOType[] = ['pipe', 'pipe', 'pipe', ...(hasAnswerChannel ? ['pipe' as const] : [])];
	let child: ChildProcess;
	try {
		child = spawn(command, [...args], {cwd, env: {...environment}, detached: true, stdio});
		await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
	} catch (error) {
		throw startFailure(tool, command, cwd, error as NodeJS.ErrnoException);
	}

	const lastWords = tailOf(hasAnswerChannel ? [child.stdout!, child.stderr!] : [child.stderr!]);
	const ended = endOf(child);
	// Whoever writes to a program that is gone learns it by its end.
	child.stdin!.on('error', () => {});
	return {
		pid: child.pid!,
		stdin: child.stdin!,
		stdout: child.stdout!,
		answers: hasAnswerChannel ? (child.stdio[3] as Readable) : undefined,
		ended,
		lastWords,
		async end() {
			signalGroup(child.pid, 'SIGTERM');
			await Promise.race([ended, delay(graceMs)]);
			signalGroup(child.pid, 'SIGKILL');
			await ended;
		},
	};
};

const endOf = (child: ChildProcess): Promise<Ended> =>
	new Promise(resolve => {
		// What it left running in its group would hold the streams open, and belongs to nobody.
		child.once('exit', () => signalGroup(child.pid, 'SIGKILL'));
		child.once('close', (exitCode, signal) => resolve({exitCode, signal}));
	});

const tailOf = (streams: readonly Readable[]): (() => string) => {
	let tail = '';
	for (const stream of streams) {
		stream.on('data', (chunk: Buffer) => {
			tail = (tail + chunk.toString('utf8')).slice(-limits.toolLastWordsCharacters);
		});
		stream.on('error', () => {});
	}

	return () => tail;
};

const startFailure = (tool: string, command: string, cwd: string, error: NodeJS.ErrnoException): AiworkflowError => {
	if (error.code === 'E2BIG' || error.code === 'ERR_INVALID_ARG_VALUE') {
		const suggestion = 'Put the data into a file, and hand over its path.';
		return argumentsInvalid(tool, command, ['an argument is too long or no text'], suggestion);
	}

	const reason = error.code === 'ENOENT' ? `there is no program ${command}, or no folder ${cwd}` : error.message;
	return asUnsent(toolUnreachable(tool, `cannot be started: ${reason}`, '', error));
};

/** Rejects with the reason as soon as the signal is aborted; ends the child then, in the background. */
export const whileAlive = async <Value>(child: Child, signal: AbortSignal, work: Promise<Value>): Promise<Value> => {
	const aborted = Promise.withResolvers<never>();
	const abort = () => {
		void child.end();
		aborted.reject(signal.reason);
	};
	if (signal.aborted) abort();
	signal.addEventListener('abort', abort, {once: true});
	try {
		return await Promise.race([work, aborted.promise]);
	} finally {
		signal.removeEventListener('abort', abort);
		// Whoever loses the race has nobody who listens.
		aborted.promise.catch(() => {});
		work.catch(() => {});
	}
};
