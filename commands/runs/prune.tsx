import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Remove ended runs, with all they printed';
export const options = schemaOf(tables.runsPrune);

export default command(async () => (await import('../../source/cli/verbs/runs-prune.ts')).pruneRuns);
