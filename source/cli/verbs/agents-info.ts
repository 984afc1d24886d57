import {connect} from '../../client/connect.ts';
import {agentLinesOf, workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** All that is known of one agent, after a close look at it. */
export const agentInfo: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const {agents} = await client.checkAgents({workspace: workspaceOf(options), agents: [args[0]!], environment});
	const [agent] = agents;
	if (output.isJson) await output.document(agent);
	else for (const line of agentLinesOf(agent!, output)) await output.print(line);
	return exitCodes.done;
};
