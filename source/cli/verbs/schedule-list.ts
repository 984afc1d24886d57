import {connect} from '../../client/connect.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {scheduleRowOf, stateNotesOf} from '../schedule-words.ts';
import type {Verb} from '../verb.ts';

/** The schedules that workflows of this workspace have, whether they fire or not. */
export const listSchedules: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const workspace = workspaceOf(options);
	const client = await connect();
	const {schedules} = await client.schedules({workspace});
	if (output.isJson) {
		await output.document({workspace, schedules});
		return exitCodes.done;
	}

	if (schedules.length === 0) output.note('No workflow under .aiworkflow/workflows/ has `on: schedule`.');
	const {tableOf} = await import('../table.ts');
	const rows = schedules.map(schedule => scheduleRowOf(schedule, output));
	for (const line of tableOf(rows, {columns: output.columns, cell: 3})) await output.print(line);
	for (const note of stateNotesOf(schedules)) output.note(note);
	return exitCodes.done;
};
