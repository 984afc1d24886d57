import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Pack a bundle into one file, the same bytes each time';
export const options = schemaOf(tables.bundlePack);
export const args = z.tuple([
	z.string().describe(argument({name: 'bundle', description: 'A folder, or a name from `bundle list`'})),
]);

export default command(async () => (await import('../../source/cli/verbs/bundle-pack.ts')).pack);
