import type {Client} from '../client/client.ts';
import type {RunState} from '../run/state.ts';
import {attendRun} from './attend-run.ts';
import {type ExitCode, exitCodes} from './exit-codes.ts';
import type {Output} from './output.ts';

/** After a run was made to go on: shows it until it ends, or says how to. */
export const watchOn = async (
	client: Client,
	runId: string,
	{isWatching, from, output}: {readonly isWatching: boolean; readonly from?: RunState; readonly output: Output},
): Promise<ExitCode> => {
	if (isWatching) return attendRun({client, runId, output, waitsForApprovals: true, from});
	if (!output.isJson) output.note(`Watch it with \`aiworkflow runs watch ${runId}\`.`);
	return exitCodes.done;
};
