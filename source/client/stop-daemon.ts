import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {AiworkflowError, daemonBusy, daemonUnreachable} from '../errors.ts';
import {limits} from '../limits.ts';
import {formatDuration} from '../units.ts';
import type {Client} from './client.ts';
import {connect} from './connect.ts';

/** @returns The daemon that runs; `undefined` where none does. */
export const runningDaemon = async (): Promise<Client | undefined> =>
	connect({start: false}).catch(error => {
		if (error instanceof AiworkflowError && error.code === 'daemon.unreachable') return undefined;
		throw error;
	});

/** Resolves when it is gone. @returns Its pid, and how many attempts go on without it. */
export const stopAndWait = async (client: Client): Promise<{readonly pid: number; readonly attempts: number}> => {
	const {pid, attemptsRunning: attempts} = await client.health();
	await client.stopDaemon();
	await waitUntilGone(pid, client.socketPath);
	return {pid, attempts};
};

const pollMs = 100;

/**
 * Lets nothing new begin and waits until nothing runs.
 *
 * @param onWaiting Told how many attempts run, whenever that changes.
 * @returns False where the signal fired first. Then, and when the time is over, the daemon takes new steps again.
 * @throws AiworkflowError `daemon.busy` when the time is over.
 */
export const drainDaemon = async (
	client: Client,
	{
		timeoutMs,
		signal,
		onWaiting,
	}: {
		readonly timeoutMs: number;
		readonly signal: AbortSignal;
		readonly onWaiting: (attempts: number) => void;
	},
): Promise<boolean> => {
	await client.drain(true);
	const deadlineMs = performance.now() + timeoutMs;
	let known: number | undefined;
	for (;;) {
		const {attemptsRunning: attempts} = await client.health();
		if (attempts === 0) return true;
		if (attempts !== known) onWaiting(attempts);
		known = attempts;
		const isLate = performance.now() > deadlineMs;
		if (signal.aborted || isLate) await client.drain(false);
		if (signal.aborted) return false;
		if (isLate) throw daemonBusy(attempts, formatDuration(timeoutMs));
		await sleep(pollMs, undefined, {signal}).catch(() => {});
	}
};

const waitUntilGone = async (pid: number, socketPath: string) => {
	const deadlineMs = performance.now() + limits.daemonStopMsMax;
	while (isAlive(pid)) {
		if (performance.now() > deadlineMs)
			throw daemonUnreachable(socketPath, `it was asked to stop, but pid ${pid} is still there.`);
		await sleep(20);
	}
};

/** It has ended and only waits for its parent to notice, which some init processes take their time with. */
const isZombie = (pid: number): boolean => {
	try {
		return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.startsWith('Z');
	} catch {
		// No /proc here.
		return false;
	}
};

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return !isZombie(pid);
	} catch {
		return false;
	}
};
