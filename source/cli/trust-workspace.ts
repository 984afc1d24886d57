import type {Client} from '../client/client.ts';
import {originOf} from '../origin.ts';
import type {Output} from './output.ts';
import {confirm} from './prompt.ts';

/**
 * Trusts a workspace as its files stand now: after a person has agreed, or where that is sure already.
 *
 * @returns Whether it is trusted now. Where nobody can be asked it stays as it was.
 */
export const armWorkspace = async (
	client: Client,
	workspace: string,
	{isSure, output}: {readonly isSure: boolean; readonly output: Output},
): Promise<boolean> => {
	const view = await client.workspace(workspace);
	if (view.isTrusted) return true;
	if (!isSure) {
		await output.print(`Trusting ${workspace} covers these files, as they are now:`);
		for (const file of view.files) await output.print(`  ${file}`);
		if (!output.isInteractive) {
			output.note('Not trusted: nobody can be asked here. Read the files, then run `aiworkflow trust --yes`.');
			return false;
		}

		if (!(await confirm('Trust them?'))) return false;
	}

	await client.trust({workspace, origin: originOf('command')});
	return true;
};
