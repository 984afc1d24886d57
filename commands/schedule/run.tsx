import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Fire a schedule now';
export const options = schemaOf(tables.workspaceOnly);
export const args = z.tuple([
	z.string().describe(argument({name: 'schedule', description: 'Name of its workflow, as `schedule list` has it'})),
]);

export default command(async () => (await import('../../source/cli/verbs/schedule-run.ts')).runSchedule);
