import path from 'node:path';
import type {Client, TriggersPage} from '../client/client.ts';
import {originOf} from '../origin.ts';
import {oneLine} from './clean.ts';
import type {Output} from './output.ts';
import {confirm} from './prompt.ts';

/**
 * Trusts a workspace as its files stand now: after a person has agreed, or where that is sure already. Its triggers are
 * armed with it.
 *
 * @returns Whether it is trusted now. Where nobody can be asked it stays as it was.
 */
export const armWorkspace = async (
	client: Client,
	workspace: string,
	{isSure, output}: {readonly isSure: boolean; readonly output: Output},
): Promise<boolean> => {
	const view = await client.workspace(workspace);
	if (!view.isTrusted && !isSure) {
		await output.print(`Trusting ${workspace} covers these files, as they are now:`);
		for (const file of view.files)
			await output.print(`  ${oneLine(file)}${await startsItselfWords(client, path.join(workspace, file))}`);
		if (!output.isInteractive) {
			output.note('Not trusted: nobody can be asked here. Read the files, then run `aiworkflow trust --yes`.');
			return false;
		}

		if (!(await confirm('Trust them?'))) return false;
	}

	await client.trust({workspace, environment: process.env as Record<string, string>, origin: originOf('command')});
	return true;
};

/** Says what fires by itself from now on. */
export const printArmed = async ({triggers, workspaces}: TriggersPage, output: Output): Promise<void> => {
	const {paint, print} = output;
	for (const {workflow, kind, settings} of triggers)
		await print(`  ${oneLine(workflow)}  ${paint.dim(`on ${kind}: ${oneLine(settings)}`)}`);
	for (const {file, message} of workspaces.flatMap(({invalid}) => invalid))
		output.note(`${oneLine(file)} has triggers and starts nothing: ${oneLine(message)}`);
	if (triggers.length > 0) output.note('They fire while the daemon runs; `aiworkflow daemon unit` keeps it running.');
};

/** @returns `: starts itself on schedule 0 9 * * *`, of a workflow with triggers. */
const startsItselfWords = async (client: Client, file: string): Promise<string> => {
	if (!file.endsWith('.md')) return '';
	const {triggers} = await client.workflowFile(file).catch(() => ({triggers: []}));
	if (triggers.length === 0) return '';
	return `: starts itself on ${triggers.map(({name, settings}) => oneLine(`${name} ${settings}`.trim())).join(', ')}`;
};
