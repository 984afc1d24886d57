import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Send a signal that a step waits for';
export const options = schemaOf(tables.runsSignal);
export const args = z.tuple([
	z.string().describe(argument({name: 'run', description: 'Id of a run, or its beginning'})),
	z.string().describe(argument({name: 'name', description: 'Name of the signal'})),
]);

export default command(async () => (await import('../../source/cli/verbs/runs-signal.ts')).signalRun);
