import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the budgets of more than one run, and what is left of them';
export const options = schemaOf(tables.workspaceOnly);

export default command(async () => (await import('../../source/cli/verbs/costs-limits.ts')).costLimits);
