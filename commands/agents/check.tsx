import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Look closely whether agents work: each has to open its protocol';
export const options = schemaOf(tables.workspaceOnly);
export const args = z.tuple([
	z
		.string()
		.optional()
		.describe(argument({name: 'agent', description: 'Only this one; default: all'})),
]);

export default command(async () => (await import('../../source/cli/verbs/agents-check.ts')).checkAgents);
