import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** The agent is asked first wherever it is among those that a step may ask, until another one is preferred or none. */
export const preferAgent: Verb<typeof tables.agentsPrefer> = async ({args, options, output}) => {
	const id = args[0]!;
	const client = await connect();
	const isOn = !options.off;
	const agent = await client.preferAgent(id, {workspace: workspaceOf(options), origin: originOf('command'), isOn});
	if (output.isJson) await output.document(agent);
	else if (isOn) {
		await output.print(`✓ ${id} is asked first, wherever a step may ask it.`);
		output.note(`Take it back with \`aiworkflow agents prefer ${id} --off\`.`);
	} else await output.print(`✓ ${id} is not preferred.`);
	return exitCodes.done;
};
