import path from 'node:path';
import type {AgentView} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {breakerWords} from '../breaker-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** The agents that workflows of this workspace may name, and whether they work. */
export const listAgents: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	const client = await connect();
	const {agents} = await client.agents(workspace);
	if (output.isJson) {
		await output.document({workspace, agents});
		return exitCodes.done;
	}

	const {tableOf} = await import('../table.ts');
	for (const line of tableOf(agents.map(agent => rowOf(agent, output)))) await output.print(line);
	return exitCodes.done;
};

const rowOf = ({id, adapter, isHealthy, version, detail, breaker}: AgentView, {paint}: Output): string[] => [
	`${isHealthy && breaker?.state !== 'open' ? paint.green('✓') : paint.yellow('!')} ${id}`,
	adapter,
	version ?? '',
	[detail, breakerWords(breaker)].filter(Boolean).join('; ') || (isHealthy ? 'ready' : 'cannot be used'),
];
