import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Call an operation of a tool: `--name value` for each argument';
export const options = schemaOf(tables.toolsCall);
export const args = z.tuple([
	z.string().describe(argument({name: 'operation', description: '<tool>.<operation>; <tool> alone where it has one'})),
]);

export default command(async () => (await import('../../source/cli/verbs/tools-call.ts')).callTool);
