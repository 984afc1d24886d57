import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'One line: what runs, what waits for you, what failed and was spent today';
export const options = schemaOf(tables.status);

export default command(async () => (await import('../source/cli/verbs/status.ts')).status);
