import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

export const enableAgent: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const id = args[0]!;
	const client = await connect();
	const agent = await client.enableAgent(id, {workspace: workspaceOf(options), origin: originOf('command')});
	if (output.isJson) await output.document(agent);
	else await output.print(`✓ ${id} is given attempts.`);
	return exitCodes.done;
};
