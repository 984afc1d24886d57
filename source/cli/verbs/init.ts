import {access, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {workspaceUnwritable} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {armWorkspace, printArmed} from '../trust-workspace.ts';
import type {Verb} from '../verb.ts';
import {workspaceFiles} from '../workspace-files.ts';

/** Creates what is missing and overwrites nothing; what was there before is trusted only after a look at it. */
export const init: Verb<typeof tables.init> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? process.cwd());
	const wasThere = await exists(path.join(workspace, '.aiworkflow'));
	const created: string[] = [];
	for (const [name, text] of Object.entries(workspaceFiles)) {
		const file = path.join('.aiworkflow', name);
		if (await createFile(path.join(workspace, file), text)) created.push(file);
	}

	for (const file of created) await output.print(`${output.paint.green('✓')} ${file}`);
	const client = await connect();
	const isTrusted = await armWorkspace(client, workspace, {isSure: options.yes || !wasThere, output});
	if (output.isJson) await output.document({workspace, created, isTrusted});
	else if (created.length === 0) await output.print(`Nothing to create: ${workspace} is a workspace already.`);
	else await output.print('Try it: `aiworkflow run hello`');
	if (!output.isJson && isTrusted) await printArmed(await client.triggers(workspace), output);
	return exitCodes.done;
};

const exists = async (file: string) =>
	access(file).then(
		() => true,
		() => false,
	);

/** @returns Whether it was created: an existing file stays as it is. */
const createFile = async (file: string, text: string): Promise<boolean> => {
	try {
		await mkdir(path.dirname(file), {recursive: true});
		await writeFile(file, text, {flag: 'wx'});
		return true;
	} catch (error) {
		const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await exists(file));
		if (isThere) return false;
		throw workspaceUnwritable(file, (error as Error).message);
	}
};
