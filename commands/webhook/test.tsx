import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Sign a request as its sender would, send it, and show the answer';
export const options = schemaOf(tables.webhookTest);
export const args = z.tuple([
	z.string().describe(argument({name: 'webhook', description: 'Its path, or the name of its workflow'})),
]);

export default command(async () => (await import('../../source/cli/verbs/webhook-test.ts')).testWebhook);
