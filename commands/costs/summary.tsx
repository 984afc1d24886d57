import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell what was spent, by workflow, agent, model, step or day';
export const options = schemaOf(tables.costsSummary);

export default command(async () => (await import('../../source/cli/verbs/costs-summary.ts')).costsSummary);
