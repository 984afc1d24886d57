import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Say that something happened: starts the workflows that wait for it';
export const options = schemaOf(tables.emit);
export const args = z.tuple([
	z.string().describe(argument({name: 'event', description: 'Its name, such as deploy.done'})),
]);

export default command(async () => (await import('../source/cli/verbs/emit.ts')).emit);
