import path from 'node:path';
import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {armWorkspace, printArmed} from '../trust-workspace.ts';
import type {Verb} from '../verb.ts';

export const trust: Verb<typeof tables.trust> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	if (options.revoke && options.yes) throw usageInvalid('--yes agrees, --revoke takes back.', 'Give one of the two.');
	const client = await connect();
	if (options.revoke) return revoke(client, workspace, output);
	const isTrusted = await armWorkspace(client, workspace, {isSure: options.yes, output});
	const armed = await client.triggers(workspace);
	if (output.isJson) await output.document({...(await client.workspace(workspace)), triggers: armed.triggers});
	else await output.print(isTrusted ? `${output.paint.green('✓')} ${workspace} is trusted.` : 'Nothing was changed.');
	if (!output.isJson && isTrusted) await printArmed(armed, output);
	return isTrusted ? exitCodes.done : exitCodes.denied;
};

const revoke = async (client: Client, workspace: string, output: Output): Promise<ExitCode> => {
	const {triggers} = await client.triggers(workspace);
	const view = await client.revokeTrust({workspace, origin: originOf('command')});
	const count = triggers.length === 1 ? '1 trigger' : `${triggers.length} triggers`;
	if (output.isJson) await output.document({...view, disarmed: triggers.length});
	else await output.print(`${output.paint.green('✓')} ${workspace} is not trusted any more; ${count} disarmed.`);
	return exitCodes.done;
};
