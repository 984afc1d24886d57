import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Do again what failed or was cancelled in an ended run';
export const options = schemaOf(tables.runsRetry);
export const args = z.tuple([
	z.string().describe(argument({name: 'run', description: 'Id of a run, or its beginning'})),
]);

export default command(async () => (await import('../../source/cli/verbs/runs-retry.ts')).retryRun);
