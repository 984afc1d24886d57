import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {momentWordsOf, stateNotesOf} from '../schedule-words.ts';
import type {Verb} from '../verb.ts';

/** It fires from its next moment on; nothing is made up for. */
export const resumeSchedule: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const client = await connect();
	const request = {workspace: workspaceOf(options), origin: originOf('command')};
	const schedule = await client.resumeSchedule(args[0]!, request);
	if (output.isJson) {
		await output.document(schedule);
		return exitCodes.done;
	}

	const next =
		schedule.nextAt === null ? '' : ` It fires next on ${momentWordsOf(schedule.nextAt, schedule.timezone)}.`;
	await output.print(`${output.paint.green('✓')} ${schedule.name} is not paused.${next}`);
	for (const note of stateNotesOf([schedule])) output.note(note);
	return exitCodes.done;
};
