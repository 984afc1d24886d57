import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** It fires nothing until it is resumed, over restarts too. */
export const pauseSchedule: Verb<typeof tables.schedulePause> = async ({args, options, output}) => {
	const client = await connect();
	const {reason} = options;
	const request = {workspace: workspaceOf(options), origin: originOf('command'), reason};
	const schedule = await client.pauseSchedule(args[0]!, request);
	if (output.isJson) await output.document(schedule);
	else {
		await output.print(`‖ ${schedule.name} is paused. What it began goes on.`);
		output.note(`Let it fire again with \`aiworkflow schedule resume ${schedule.name}\`.`);
	}

	return exitCodes.done;
};
