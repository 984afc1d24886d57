import {connect} from '../../client/connect.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {scheduleRowOf, stateNotesOf} from '../schedule-words.ts';
import {armWorkspace} from '../trust-workspace.ts';
import type {Verb} from '../verb.ts';

/**
 * A daemon that runs, and a workspace that is trusted and armed with this environment: then its schedules fire. What was
 * paused stays so.
 */
export const startSchedules: Verb<typeof tables.scheduleStart> = async ({options, output}) => {
	const workspace = workspaceOf(options);
	const client = await connect();
	if (!(await armWorkspace(client, workspace, {isSure: options.yes, output}))) {
		if (!output.isJson) await output.print('Nothing was changed.');
		return exitCodes.denied;
	}

	const {schedules} = await client.schedules({workspace});
	if (output.isJson) {
		await output.document({workspace, schedules});
		return exitCodes.done;
	}

	const {tableOf} = await import('../table.ts');
	const rows = schedules.map(schedule => scheduleRowOf(schedule, output));
	for (const line of tableOf(rows, {columns: output.columns, cell: 3})) await output.print(line);
	if (schedules.length === 0) output.note('No workflow under .aiworkflow/workflows/ has `on: schedule`.');
	else output.note('They fire while the daemon runs; `aiworkflow daemon stop` ends that.');
	for (const note of stateNotesOf(schedules)) output.note(note);
	return exitCodes.done;
};
