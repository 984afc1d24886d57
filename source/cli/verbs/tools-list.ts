import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import {givenTools} from '../given-tools.ts';
import type {options as tables} from '../options.ts';
import {toolRowOf} from '../tool-words.ts';
import type {Verb} from '../verb.ts';

/** The tools of this workspace; with `--check` each is opened first. */
export const listTools: Verb<typeof tables.toolsList> = async ({options, output}) => {
	const inside = givenTools();
	if (inside) {
		// For whoever reads it with nothing else to go by: an agent.
		await output.document(await inside.list());
		return exitCodes.done;
	}

	const workspace = workspaceOf(options);
	const bundle = options.bundle === undefined ? undefined : path.resolve(options.bundle);
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const {tools} = await client.tools({workspace, bundle, check: options.check, environment});
	if (output.isJson) {
		await output.document({workspace, tools});
		return exitCodes.done;
	}

	if (tools.length === 0) output.note('There are no tools here. docs/tools.md says how to describe one.');
	const {tableOf} = await import('../table.ts');
	const rows = tools.map(tool => toolRowOf(tool, output));
	for (const line of tableOf(rows, {columns: output.columns, cell: 3})) await output.print(line);
	return exitCodes.done;
};
