import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {armWorkspace} from '../trust-workspace.ts';
import type {Verb} from '../verb.ts';

export const trust: Verb<typeof tables.trust> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	const client = await connect();
	const isTrusted = await armWorkspace(client, workspace, {isSure: options.yes, output});
	if (output.isJson) await output.document(await client.workspace(workspace));
	else await output.print(isTrusted ? `${output.paint.green('✓')} ${workspace} is trusted.` : 'Nothing was changed.');
	return isTrusted ? exitCodes.done : exitCodes.denied;
};
