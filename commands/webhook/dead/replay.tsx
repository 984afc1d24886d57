import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../../source/cli/options.ts';
import {command} from '../../../source/cli/pastel/command.ts';
import {schemaOf} from '../../../source/cli/pastel/option-schema.ts';

export const description = 'Send dead letters again, under the same ids';
export const options = schemaOf(tables.webhookDeadReplay);
export const args = z.tuple([
	z
		.string()
		.optional()
		.describe(argument({name: 'id', description: 'Of a dead letter'})),
]);

export default command(async () => (await import('../../../source/cli/verbs/webhook-dead.ts')).replayDeadWebhooks);
