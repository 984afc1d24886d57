import {connect} from '../../client/connect.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {scheduleLinesOf, stateNotesOf} from '../schedule-words.ts';
import type {Verb} from '../verb.ts';

/** All that is known of one schedule. */
export const scheduleInfo: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const client = await connect();
	const schedule = await client.schedule(args[0]!, {workspace: workspaceOf(options)});
	if (output.isJson) {
		await output.document(schedule);
		return exitCodes.done;
	}

	for (const line of scheduleLinesOf(schedule, output)) await output.print(line);
	for (const note of stateNotesOf([schedule])) output.note(note);
	return exitCodes.done;
};
