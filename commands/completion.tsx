import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Print what makes a shell complete commands and names: bash, zsh or fish';
export const options = schemaOf(tables.none);
export const args = z.tuple([z.string().describe(argument({name: 'shell', description: 'bash, zsh or fish'}))]);

export default command(async () => (await import('../source/cli/verbs/completion.ts')).printCompletion);
