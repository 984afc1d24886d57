import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Make a workflow to go on from';
export const options = schemaOf(tables.workflowCreate);
export const args = z.tuple([
	z.string().describe(argument({name: 'name', description: 'What it is called, such as fix-issue'})),
]);

export default command(async () => (await import('../../source/cli/verbs/workflow-create.ts')).createWorkflow);
