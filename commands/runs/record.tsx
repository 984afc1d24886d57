import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Write what the agents of a run answered to recordings/, if it was started with --record';
export const options = schemaOf(tables.none);
export const args = z.tuple([
	z.string().describe(argument({name: 'run', description: 'Id of a run, or its beginning'})),
]);

export default command(async () => (await import('../../source/cli/verbs/runs-record.ts')).recordRunLater);
