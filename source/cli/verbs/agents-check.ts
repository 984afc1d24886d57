import {connect} from '../../client/connect.ts';
import {agentRowOf, workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** A close look at one agent, or at all. Ends with 1 where the named one does not work. */
export const checkAgents: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const [name] = args;
	const workspace = workspaceOf(options);
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const {agents} = await client.checkAgents({workspace, agents: name === undefined ? undefined : [name], environment});
	if (output.isJson) {
		await output.document({workspace, agents});
	} else {
		const {tableOf} = await import('../table.ts');
		const rows = agents.map(agent => agentRowOf(agent, output));
		for (const line of tableOf(rows, {columns: output.columns, cell: 3})) await output.print(line);
	}

	return name !== undefined && !agents.every(({isHealthy}) => isHealthy) ? exitCodes.failed : exitCodes.done;
};
