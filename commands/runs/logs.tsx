import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Print what steps wrote';
export const options = schemaOf(tables.runsLogs);
export const args = z.tuple([
	z.string().describe(argument({name: 'run', description: 'Id of a run, or its beginning'})),
	z
		.string()
		.optional()
		.describe(argument({name: 'step', description: 'One step, or an item of it as `fix[3]`; default: all of them'})),
]);

export default command(async () => (await import('../../source/cli/verbs/runs-logs.ts')).showLogs);
