import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** The agent is given no new attempts, in any workspace, until it is enabled. */
export const disableAgent: Verb<typeof tables.agentsDisable> = async ({args, options, output}) => {
	const id = args[0]!;
	const client = await connect();
	const {reason} = options;
	const agent = await client.disableAgent(id, {workspace: workspaceOf(options), origin: originOf('command'), reason});
	if (output.isJson) await output.document(agent);
	else {
		await output.print(`‖ ${id} is given no new attempts. What it has begun goes on.`);
		output.note(`Give it attempts again with \`aiworkflow agents enable ${id}\`.`);
	}

	return exitCodes.done;
};
