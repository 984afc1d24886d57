import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List what was spent, newest first';
export const options = schemaOf(tables.costsList);

export default command(async () => (await import('../../source/cli/verbs/costs-list.ts')).listCosts);
