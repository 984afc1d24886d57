import type {Client} from '../../client/client.ts';
import {drainDaemon, runningDaemon, stopAndWait} from '../../client/stop-daemon.ts';
import {exitCodes} from '../exit-codes.ts';
import {watchInterrupts} from '../interrupts.ts';
import {durationOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** Returns when the daemon is gone; runs go on where they were when one is started again. */
export const stopDaemon: Verb<typeof tables.daemonStop> = async ({options, output}) => {
	const timeoutMs = durationOf('timeout', options.timeout ?? '5m');
	const client = await runningDaemon();
	if (client && options.drain && !(await drained(client, timeoutMs, output))) return exitCodes.interrupted;
	const stopped = client && (await stopAndWait(client));
	const pid = stopped?.pid ?? null;
	if (output.isJson) await output.document({running: false, stopped: pid !== null, pid});
	else await output.print(pid === null ? 'No daemon was running.' : `Stopped the daemon (pid ${pid}).`);
	return exitCodes.done;
};

const drained = async (client: Client, timeoutMs: number, output: Output): Promise<boolean> => {
	const interrupts = watchInterrupts();
	try {
		const isDone = await drainDaemon(client, {
			timeoutMs,
			signal: interrupts.signal,
			onWaiting(attempts) {
				if (!output.isJson) output.note(`Waiting for ${attempts === 1 ? '1 attempt' : `${attempts} attempts`}.`);
			},
		});
		if (!isDone && !interrupts.isHangup()) output.note('\nThe daemon goes on, and takes new steps again.');
		return isDone;
	} finally {
		interrupts.dispose();
	}
};
