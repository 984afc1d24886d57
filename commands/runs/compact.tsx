import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Pack the events of ended runs';
export const options = schemaOf(tables.runsCompact);

export default command(async () => (await import('../../source/cli/verbs/runs-prune.ts')).compactRuns);
