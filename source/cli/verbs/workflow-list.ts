import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

export const listWorkspaceWorkflows: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	const client = await connect();
	const {workflows} = await client.workflows(workspace);
	if (output.isJson) {
		await output.document({workspace, workflows});
		return exitCodes.done;
	}

	if (workflows.length === 0)
		output.note(
			`No workflows in ${path.join(workspace, '.aiworkflow/workflows')}. Make one with \`aiworkflow init\`, \`workflow create\` or \`template use\`.`,
		);
	const {paint} = output;
	const {tableOf} = await import('../table.ts');
	const rows = workflows.map(({name, file, description, steps, problems}) => [
		name,
		problems === 0 ? `${steps} ${steps === 1 ? 'step' : 'steps'}` : paint.red(`${problems} problems`),
		paint.dim(path.relative(process.cwd(), file)),
		description ?? '',
	]);
	for (const line of tableOf(rows)) await output.print(line);
	return exitCodes.done;
};
