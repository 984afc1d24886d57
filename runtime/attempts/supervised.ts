import {spawn} from 'node:child_process';
import {closeSync, mkdirSync, openSync, readFileSync, writeSync} from 'node:fs';
import path from 'node:path';
import {supervisorScript} from '../../source/install.ts';
import {limits} from '../../source/limits.ts';
import {isNumberTaken, killGroupOf, signalGroup} from './process-group.ts';
import {isSameProcessAlive, type ProcessIdentity} from './process-identity.ts';

/** A process under the supervisor: it outlives this daemon, and a later daemon finds it again by its folder. */
export interface Supervised {
	/** Never rejects. */
	readonly exit: Promise<SupervisedExit>;
	/** TERM to the whole process group, KILL after `limits.attemptKillGraceMs`. Calling it again changes nothing. */
	stop(): void;
	readonly stdoutFile: string;
	readonly stderrFile: string;
}

export type SupervisedExit =
	| {readonly status: 'exited'; readonly code: number}
	/** The operating system refused to start it: no such folder, an environment too large. */
	| {readonly status: 'unstartable'; readonly detail: string}
	| {readonly status: 'interrupted'; readonly reason: 'never-claimed' | 'vanished'};

export interface SupervisedRequest {
	/** Private folder of the attempt; made if missing. */
	readonly folder: string;
	readonly argv: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	readonly cwd: string;
	/** Default: nothing on standard input. */
	readonly stdinFile?: string;
}

/** How often the end of a process that is not our child is looked for. */
const pollMs = 50;
/** How long a claim may stay without its content before its owner counts as dead. */
const claimWriteMsMax = 2000;

export const startSupervised = (request: SupervisedRequest): Supervised => {
	const {folder, argv, environment, cwd, stdinFile = '/dev/null'} = request;
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const umask = process.umask().toString(8);
	let pid: number | undefined;
	const stopper = stopperOf(() => pid);
	const exit = new Promise<SupervisedExit>(resolve => {
		try {
			const child = spawn('/bin/sh', [supervisorScript, folder, stdinFile, umask, ...argv], {
				cwd,
				env: {...environment},
				detached: true,
				stdio: 'ignore',
			});
			pid = child.pid;
			child.once('error', error => resolve({status: 'unstartable', detail: error.message}));
			child.once('exit', (code, signal) => {
				const exited = readExitCode(folder);
				if (exited !== undefined) resolve({status: 'exited', code: exited});
				else if (stopper.isStopping()) resolve({status: 'exited', code: 137});
				else if (code === 0 && !signal) resolve({status: 'interrupted', reason: 'never-claimed'});
				else {
					// How the command ends can no longer be known; it must not go on while its step has failed.
					signalGroup(pid, 'SIGKILL');
					resolve({status: 'interrupted', reason: 'vanished'});
				}
			});
			child.unref();
		} catch (error) {
			resolve({status: 'unstartable', detail: error instanceof Error ? error.message : String(error)});
		}
	});
	void exit.then(stopper.ended);
	return {exit, stop: stopper.stop, ...streamsOf(folder)};
};

/** Finds the attempt of a folder again: ended, alive, gone, or never begun (and then it never will). */
export const reattachSupervised = (folder: string): Supervised => {
	mkdirSync(folder, {recursive: true, mode: 0o700});
	let pid: number | undefined;
	const stopper = stopperOf(() => pid);
	const exit = (async (): Promise<SupervisedExit> => {
		if (takeClaim(folder)) return {status: 'interrupted', reason: 'never-claimed'};
		const claim = await readClaim(folder);
		if (claim === 'abandoned') return {status: 'interrupted', reason: 'never-claimed'};
		pid = claim?.pid;
		if (stopper.isStopping()) signalGroup(pid, 'SIGTERM');
		for (;;) {
			const isAlive = claim !== undefined && isSameProcessAlive(claim);
			// Read after the look at the process: an exit written in between counts.
			const code = readExitCode(folder);
			if (code !== undefined) return {status: 'exited', code};
			if (!isAlive) {
				if (claim) killGroupOf(claim);
				return stopper.isStopping() ? {status: 'exited', code: 137} : {status: 'interrupted', reason: 'vanished'};
			}

			await new Promise(resolve => setTimeout(resolve, pollMs));
		}
	})();
	void exit.then(stopper.ended);
	return {exit, stop: stopper.stop, ...streamsOf(folder)};
};

const streamsOf = (folder: string) => ({
	stdoutFile: path.join(folder, 'stdout.log'),
	stderrFile: path.join(folder, 'stderr.log'),
});

const stopperOf = (groupOf: () => number | undefined) => {
	let kill: NodeJS.Timeout | undefined;
	let isEnded = false;
	const stop = () => {
		if (kill) return;
		signalGroup(groupOf(), 'SIGTERM');
		kill = setTimeout(() => {
			const group = groupOf();
			if (!isEnded || (group && !isNumberTaken(group))) signalGroup(group, 'SIGKILL');
		}, limits.attemptKillGraceMs);
	};

	const ended = () => {
		isEnded = true;
		// What the command started may ignore TERM and outlive it: it has the same time to end.
		kill?.unref();
	};

	return {stop, isStopping: () => kill !== undefined, ended};
};

/** @returns Whether this daemon now holds the claim, so that a late supervisor leaves without running anything. */
const takeClaim = (folder: string): boolean => {
	try {
		const file = openSync(path.join(folder, 'claim'), 'wx', 0o600);
		writeSync(file, 'abandoned\n\n\nend\n');
		closeSync(file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
};

const readClaim = async (folder: string): Promise<ProcessIdentity | 'abandoned' | undefined> => {
	const deadlineMs = performance.now() + claimWriteMsMax;
	for (;;) {
		const [pid, started, boot, end] = readFileSync(path.join(folder, 'claim'), 'utf8').split('\n');
		if (end === 'end') return pid === 'abandoned' ? 'abandoned' : {pid: Number(pid), started: started!, boot: boot!};
		if (performance.now() > deadlineMs) return undefined;
		await new Promise(resolve => setTimeout(resolve, pollMs));
	}
};

const readExitCode = (folder: string): number | undefined => {
	try {
		const [code, end] = readFileSync(path.join(folder, 'exit'), 'utf8').split('\n');
		return end === 'end' ? Number(code) : undefined;
	} catch {
		return undefined;
	}
};
