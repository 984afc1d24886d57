import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Show a template: what it asks, what it needs, and its workflow';
export const options = schemaOf(tables.workspaceOnly);
export const args = z.tuple([
	z.string().describe(
		argument({
			name: 'template',
			description: 'An id, the path of a folder, or https://host/repository.git#path/to/template',
		}),
	),
]);

export default command(async () => (await import('../../source/cli/verbs/template-show.ts')).showTemplate);
