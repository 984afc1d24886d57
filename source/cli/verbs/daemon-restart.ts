import {connect} from '../../client/connect.ts';
import {runningDaemon, stopAndWait} from '../../client/stop-daemon.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

/** Puts the installed build in place of the daemon that runs; attempts go on meanwhile and are found again. */
export const restartDaemon: Verb<Record<never, never>> = async ({output}) => {
	const running = await runningDaemon();
	const stopped = running && (await stopAndWait(running));
	const {pid, version, attemptsRunning} = await (await connect()).health();
	const attemptsKept = stopped?.attempts ?? 0;
	if (output.isJson) {
		await output.document({
			running: true,
			pid,
			version,
			pidBefore: stopped?.pid ?? null,
			attemptsKept,
			attemptsRunning,
		});
		return exitCodes.done;
	}

	const before = stopped ? `in place of ${stopped.pid}` : 'none ran before';
	await output.print(`${output.paint.green('✓')} The daemon runs: pid ${pid}, ${before}, version ${version}.`);
	if (attemptsKept > 0)
		await output.print(`  ${attemptsKept === 1 ? '1 attempt' : `${attemptsKept} attempts`} went on meanwhile.`);
	return exitCodes.done;
};
