import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell the coming moments of one schedule, or of all';
export const options = schemaOf(tables.workspaceOnly);
export const args = z.tuple([
	z
		.string()
		.optional()
		.describe(argument({name: 'schedule', description: 'One of them, or the count'})),
	z
		.string()
		.optional()
		.describe(argument({name: 'count', description: 'How many moments (5)'})),
]);

export default command(async () => (await import('../../source/cli/verbs/schedule-next.ts')).nextMoments);
