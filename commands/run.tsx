import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Run a workflow and show it until it ends; a name such as `list` is written ./list.md';
export const options = schemaOf(tables.run);
export const args = z.tuple([
	z
		.string()
		.describe(
			argument({name: 'workflow', description: 'A file, a folder with a workflow.md, or a name from `workflow list`'}),
		),
]);

export default command(async () => (await import('../source/cli/verbs/run.ts')).run);
