import {connect} from '../../client/connect.ts';
import {AiworkflowError} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

const recentMs = 24 * 3_600_000;

/** One line for a prompt or a status bar: what runs, what waits for a person, what failed today. Starts no daemon. */
export const status: Verb<Record<never, never>> = async ({output}) => {
	const counts = await currentCounts();
	if (output.isJson) await output.document({running: counts !== undefined, ...counts});
	else await output.print(counts ? lineOf(counts) : 'not running');
	return counts ? exitCodes.done : exitCodes.unreachable;
};

interface Counts {
	readonly runsRunning: number;
	readonly runsQueued: number;
	readonly runsWaiting: number;
	readonly runsPaused: number;
	readonly approvalsOpen: number;
	/** Of the last 24 hours. */
	readonly runsFailed: number;
}

const currentCounts = async (): Promise<Counts | undefined> => {
	try {
		const client = await connect({start: false});
		const [{runs, approvalsOpen}, failed] = await Promise.all([
			client.health(),
			client.runs({status: 'failed', limit: 200}),
		]);
		const since = new Date(Date.now() - recentMs).toISOString();
		return {
			runsRunning: runs.running,
			runsQueued: runs.queued,
			runsWaiting: runs.waiting,
			runsPaused: runs.paused,
			approvalsOpen,
			runsFailed: failed.runs.filter(({endedAt}) => endedAt !== null && endedAt > since).length,
		};
	} catch (error) {
		if (error instanceof AiworkflowError && error.code === 'daemon.unreachable') return undefined;
		throw error;
	}
};

export const lineOf = ({runsRunning, approvalsOpen, runsPaused, runsFailed}: Counts): string => {
	const parts = [
		runsRunning > 0 ? `▶${runsRunning}` : '',
		approvalsOpen > 0 ? `◆${approvalsOpen}` : '',
		runsPaused > 0 ? `‖${runsPaused}` : '',
		runsFailed > 0 ? `✗${runsFailed}` : '',
	];
	return parts.filter(Boolean).join(' ') || 'idle';
};
