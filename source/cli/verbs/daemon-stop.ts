import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {connect} from '../../client/connect.ts';
import {AiworkflowError, daemonUnreachable} from '../../errors.ts';
import {limits} from '../../limits.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

/** Returns when the daemon is gone; runs go on where they were when one is started again. */
export const stopDaemon: Verb<Record<never, never>> = async ({output}) => {
	const pid = await stopRunning();
	if (output.isJson) await output.document({running: false, stopped: pid !== undefined, pid: pid ?? null});
	else await output.print(pid === undefined ? 'No daemon was running.' : `Stopped the daemon (pid ${pid}).`);
	return exitCodes.done;
};

/** @returns Its pid, or `undefined` where none was running. */
const stopRunning = async (): Promise<number | undefined> => {
	const client = await connect({start: false}).catch(error => {
		if (error instanceof AiworkflowError && error.code === 'daemon.unreachable') return undefined;
		throw error;
	});
	if (!client) return undefined;
	const {pid} = await client.health();
	await client.stopDaemon();
	await waitUntilGone(pid, client.socketPath);
	return pid;
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
