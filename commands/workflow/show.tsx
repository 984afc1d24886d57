import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Show what a workflow would do: its inputs and its plan';
export const options = schemaOf(tables.none);
export const args = z.tuple([
	z
		.string()
		.describe(
			argument({name: 'workflow', description: 'A file, a folder with a workflow.md, or a name from `workflow list`'}),
		),
]);

export default command(async () => (await import('../../source/cli/verbs/workflow-show.ts')).showWorkflow);
