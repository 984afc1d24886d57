import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Say no';
export const options = schemaOf(tables.approvalsAnswer);
export const args = z.tuple([
	z.string().describe(argument({name: 'approval', description: 'Id from `approvals list`, or its beginning'})),
]);

export default command(async () => (await import('../../source/cli/verbs/approvals-answer.ts')).reject);
