import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell what waits, what is worked on and what died';
export const options = schemaOf(tables.none);
export const args = z.tuple([
	z
		.string()
		.optional()
		.describe(argument({name: 'queue', description: 'Only this one; default: all'})),
]);

export default command(async () => (await import('../../source/cli/verbs/queue-status.ts')).queueStatus);
