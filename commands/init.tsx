import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Make this folder a workspace, with a first workflow';
export const options = schemaOf(tables.init);

export default command(async () => (await import('../source/cli/verbs/init.ts')).init);
