import {connect} from '../../client/connect.ts';
import {agentRowOf, workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** The agents that workflows of this workspace may name, and whether they are there. */
export const listAgents: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const workspace = workspaceOf(options);
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const {agents} = await client.checkAgents({workspace, depth: 'quick', environment});
	if (output.isJson) {
		await output.document({workspace, agents});
		return exitCodes.done;
	}

	const {tableOf} = await import('../table.ts');
	const rows = agents.map(agent => agentRowOf(agent, output));
	for (const line of tableOf(rows, {columns: output.columns, cell: 3})) await output.print(line);
	return exitCodes.done;
};
