import {access, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {workspaceUnwritable} from '../../errors.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import {type FoundAgents, findAgents} from '../first-agent.ts';
import {firstWorkflow, firstWorkflowFile} from '../first-workflow.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {armWorkspace, printArmed} from '../trust-workspace.ts';
import type {Verb} from '../verb.ts';
import {workspaceFiles} from '../workspace-files.ts';

const nextCommand = 'aiworkflow run plan';

/** Creates what is missing and overwrites nothing; what was there before is trusted only after a look at it. */
export const init: Verb<typeof tables.init> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? process.cwd());
	const wasThere = await exists(path.join(workspace, '.aiworkflow'));
	const created = await createFiles(workspace, workspaceFiles);
	const client = await connect();
	const isFirst = !(await exists(path.join(workspace, '.aiworkflow', firstWorkflowFile)));
	// Who has a first workflow has chosen already.
	const isSure = options.yes || !isFirst;
	const agents = await findAgents(client, workspace, {asked: options.agent, isSure, output});
	created.push(...(await createFiles(workspace, {[firstWorkflowFile]: firstWorkflow(agents.chosen)})));
	for (const file of created) await output.print(`${output.paint.green('✓')} ${file}`);
	const isTrusted = await armWorkspace(client, workspace, {isSure: options.yes || !wasThere, output});
	if (output.isJson) {
		const {chosen: agent = null, installed} = agents;
		await output.document({workspace, created, isTrusted, agent, installed, next: nextCommand});
		return exitCodes.done;
	}

	if (created.length === 0) await output.print(`Nothing to create: ${workspace} is a workspace already.`);
	if (isFirst) await printAgents(agents, output);
	if (isTrusted) await printArmed(await client.triggers(workspace), output);
	await output.print(`\nType next:\n  ${nextCommand}`);
	return exitCodes.done;
};

const createFiles = async (workspace: string, files: Readonly<Record<string, string>>): Promise<string[]> => {
	const created: string[] = [];
	for (const [name, text] of Object.entries(files)) {
		const file = path.join('.aiworkflow', name);
		if (await createFile(path.join(workspace, file), text)) created.push(file);
	}

	return created;
};

const printAgents = async ({chosen, installed, missing}: FoundAgents, {print, paint}: Output): Promise<void> => {
	if (chosen !== undefined) {
		const others = installed.filter(id => id !== chosen);
		const more = others.length === 0 ? '' : paint.dim(` (installed as well: ${others.join(', ')})`);
		return print(`${paint.green('✓')} The workflow \`plan\` asks ${chosen}.${more}`);
	}

	await print('No agent is installed, so the workflow `plan` does what scripts can. To have one think, install it:');
	for (const {id, detail} of missing) {
		const command = /Install it with `([^`]+)`/.exec(detail ?? '')?.[1];
		if (command) await print(paint.dim(`  ${id.padEnd(8)}  ${oneLine(command)}`));
	}

	await print(paint.dim('  Then delete .aiworkflow/workflows/plan.md and run `aiworkflow init` again.'));
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
