import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Go on without a step';
export const options = schemaOf(tables.runsSkip);
export const args = z.tuple([
	z.string().describe(argument({name: 'run', description: 'Id of a run, or its beginning'})),
	z.string().describe(argument({name: 'step', description: 'Id of the step'})),
]);

export default command(async () => (await import('../../source/cli/verbs/runs-skip.ts')).skipStep);
