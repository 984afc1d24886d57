import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'One line: what runs, what waits for you, what failed today';
export const options = schemaOf(tables.none);

export default command(async () => (await import('../source/cli/verbs/status.ts')).status);
