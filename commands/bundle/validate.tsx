import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell every problem of a bundle: workflow, configuration, tools, recordings, tests';
export const options = schemaOf(tables.none);
export const args = z.tuple([
	z.string().describe(argument({name: 'bundle', description: 'A folder, or a name from `bundle list`'})),
]);

export default command(async () => (await import('../../source/cli/verbs/bundle-validate.ts')).validateBundleFolder);
