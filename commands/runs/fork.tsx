import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Start a run that goes on from where another one was';
export const options = schemaOf(tables.runsFork);
export const args = z.tuple([
	z.string().describe(argument({name: 'run', description: 'Id of a run, or its beginning'})),
]);

export default command(async () => (await import('../../source/cli/verbs/runs-fork.ts')).forkRun);
