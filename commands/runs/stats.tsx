import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell how often workflows succeed, how long they take and what they cost';
export const options = schemaOf(tables.runsStats);

export default command(async () => (await import('../../source/cli/verbs/runs-stats.ts')).runStatistics);
