import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Run the test cases of workflows with recorded answers, offline and at no cost';
export const options = schemaOf(tables.test);
export const args = z.tuple([
	z
		.string()
		.describe(
			argument({name: 'workflow', description: 'A file, a name, a folder to look through, or one file of a case'}),
		),
]);

export default command(async () => (await import('../source/cli/verbs/test.ts')).test);
