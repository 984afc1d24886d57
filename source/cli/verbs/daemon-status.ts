import {connect} from '../../client/connect.ts';
import {AiworkflowError} from '../../errors.ts';
import {socketPathOf, stateFolderOf} from '../../paths.ts';
import {formatDuration} from '../../units.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

/** Starts none: exit code 4 where no daemon runs. */
export const daemonStatus: Verb<Record<never, never>> = async ({output}) => {
	const health = await connect({start: false})
		.then(client => client.health())
		.catch(error => {
			if (error instanceof AiworkflowError && error.code === 'daemon.unreachable') return undefined;
			throw error;
		});
	if (!health) {
		const socket = socketPathOf(stateFolderOf());
		if (output.isJson) await output.document({running: false, socket});
		else await output.print(`No daemon runs at ${socket}. It starts on demand, or with \`aiworkflow daemon start\`.`);
		return exitCodes.unreachable;
	}

	if (output.isJson) await output.document({running: true, ...health});
	else {
		const {pid, version, socket, uptimeMs, runs, attemptsRunning, isDraining, approvalsOpen} = health;
		await output.print(`The daemon runs: pid ${pid}, version ${version}, for ${formatDuration(uptimeMs)}`);
		await output.print(`  socket     ${socket}`);
		await output.print(
			`  runs       ${runs.running} running, ${runs.waiting} waiting, ${runs.paused} paused, ${runs.queued} queued`,
		);
		await output.print(
			`  attempts   ${attemptsRunning} running${isDraining ? ', and no new ones begin: it is drained' : ''}`,
		);
		await output.print(`  approvals  ${approvalsOpen} open`);
		if (health.failure) await output.print(`${output.paint.red('✗')} ${health.failure.message}`);
	}

	return exitCodes.done;
};
