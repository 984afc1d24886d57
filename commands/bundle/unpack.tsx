import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Unpack a packed bundle, once all of it was checked; runs nothing of it';
export const options = schemaOf(tables.bundleUnpack);
export const args = z.tuple([
	z.string().describe(argument({name: 'file', description: 'A file made by `bundle pack`'})),
]);

export default command(async () => (await import('../../source/cli/verbs/bundle-unpack.ts')).unpack);
