import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'List runs, newest first: the same as `runs list`';
export const options = schemaOf(tables.runsList);

export default command(async () => (await import('../source/cli/verbs/runs-list.ts')).listRuns);
