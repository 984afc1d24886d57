import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the bundles of this workspace, or those in a folder';
export const options = schemaOf(tables.workspaceOnly);
export const args = z.tuple([
	z
		.string()
		.optional()
		.describe(
			argument({name: 'folder', description: 'Whose bundles; default: .aiworkflow/workflows of the workspace'}),
		),
]);

export default command(async () => (await import('../../source/cli/verbs/bundle-list.ts')).listBundles);
