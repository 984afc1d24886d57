import {access, mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {workspaceUnwritable} from '../../errors.ts';
import {soundTemplate} from '../../templates/load.ts';
import {oneLine} from '../clean.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {type FoundAgents, findAgents} from '../first-agent.ts';
import {firstWorkflow, firstWorkflowFile} from '../first-workflow.ts';
import type {OptionsOf, options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {templateOf} from '../templates-here.ts';
import {armWorkspace, printArmed} from '../trust-workspace.ts';
import {makeFromTemplate, tellUsed} from '../use-template.ts';
import type {Verb} from '../verb.ts';
import {workspaceFiles} from '../workspace-files.ts';

/** Of the workflow that a first workspace begins with. */
const planCommand = 'aiworkflow run plan';

/** Creates what is missing and overwrites nothing; what was there before is trusted only after a look at it. */
export const init: Verb<typeof tables.init> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? process.cwd());
	const wasThere = await exists(path.join(workspace, '.aiworkflow'));
	const created = await createFiles(workspace, workspaceFiles);
	const client = await connect();
	const isFirst = !(await exists(path.join(workspace, '.aiworkflow', firstWorkflowFile)));
	// Who has a first workflow has chosen already.
	const isSure = options.yes || !isFirst;
	if (options.template !== undefined)
		return initFromTemplate(options.template, {client, workspace, created, wasThere}, options, output);
	const agents = await findAgents(client, workspace, {asked: options.agent, isSure, output});
	created.push(...(await createFiles(workspace, {[firstWorkflowFile]: firstWorkflow(agents.chosen)})));
	for (const file of created) await output.print(`${output.paint.green('✓')} ${file}`);
	const isTrusted = await armWorkspace(client, workspace, {isSure: options.yes || !wasThere, output});
	if (output.isJson) {
		const {chosen: agent = null, installed} = agents;
		await output.document({workspace, created, isTrusted, agent, installed, next: planCommand});
		return exitCodes.done;
	}

	if (created.length === 0) await output.print(`Nothing to create: ${workspace} is a workspace already.`);
	if (isFirst) await printAgents(agents, output);
	if (isTrusted) await printArmed(await client.triggers(workspace), output);
	await output.print(`\nType next:\n  ${planCommand}`);
	return exitCodes.done;
};

interface Begun {
	readonly client: Client;
	readonly workspace: string;
	readonly created: readonly string[];
	/** The workspace, before this command. */
	readonly wasThere: boolean;
}

/** The first workflow is what a template makes; refuses to overwrite one, as `template use` does. */
const initFromTemplate = async (
	reference: string,
	{client, workspace, created, wasThere}: Begun,
	{var: variables, yes}: OptionsOf<typeof tables.init>,
	output: Output,
): Promise<ExitCode> => {
	const template = soundTemplate((await templateOf(reference, workspace)).template);
	const made = await makeFromTemplate({template, workspace, variables, isSure: yes, isForced: false}, output);
	if (!made) return exitCodes.interrupted;
	const isTrusted = await armWorkspace(client, workspace, {isSure: yes || !wasThere, output});
	const name = path.basename(made.folder);
	if (output.isJson) {
		const files = made.files.map(file => path.relative(workspace, file));
		const next = `aiworkflow run ${name}`;
		await output.document({workspace, created: [...created, ...files], isTrusted, agent: null, installed: [], next});
		return exitCodes.done;
	}

	for (const file of created) await output.print(`${output.paint.green('✓')} ${file}`);
	await tellUsed(made, template, output);
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

	const broken = missing.filter(({detail}) => !/is not installed/.test(detail ?? ''));
	for (const {id, detail} of broken)
		await print(`${paint.yellow('!')} ${id} is here and does not work: ${oneLine(detail ?? 'it does not answer')}`);
	const which = broken.length > 0 ? 'No agent works' : 'No agent is installed';
	await print(`${which}, so the workflow \`plan\` does what scripts can. To have one think, install it:`);
	for (const {id, detail} of missing) {
		const command = installOf(detail);
		if (command) await print(paint.dim(`  ${id.padEnd(8)}  ${oneLine(command)}`));
	}

	await print(paint.dim('  Then delete .aiworkflow/workflows/plan.md and run `aiworkflow init` again.'));
};

/** @returns The command that installs what is missing; `undefined` where that is not what is wrong. */
const installOf = (detail: string | null): string | undefined => /Install it with `([^`]+)`/.exec(detail ?? '')?.[1];

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
