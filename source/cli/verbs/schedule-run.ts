import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Fires it as its moment would; conditions and `overlap` count. */
export const runSchedule: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const client = await connect();
	const fired = await client.runSchedule(args[0]!, {workspace: workspaceOf(options), origin: originOf('command')});
	const {status, runId, detail} = fired;
	const hasRun = status === 'started' || status === 'ended';
	if (output.isJson) await output.document(fired);
	else if (hasRun) {
		await output.print(`${output.paint.green('✓')} ${args[0]} fired: run ${runId}`);
		output.note(`Follow it with \`aiworkflow runs watch ${runId}\`.`);
	} else if (status === 'pending') {
		await output.print(`◷ ${args[0]} fired; run ${runId} begins when it has its turn.`);
	} else await output.print(`${output.paint.yellow('!')} ${args[0]} fired, and no run began: ${detail ?? status}`);

	return hasRun || status === 'pending' ? exitCodes.done : exitCodes.failed;
};
