import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../../source/cli/options.ts';
import {command} from '../../../source/cli/pastel/command.ts';
import {schemaOf} from '../../../source/cli/pastel/option-schema.ts';

export const description = 'Show one with what was to be sent';
export const options = schemaOf(tables.none);
export const args = z.tuple([z.string().describe(argument({name: 'id', description: 'Of an outgoing webhook'}))]);

export default command(async () => (await import('../../../source/cli/verbs/webhook-dead.ts')).showDeadWebhook);
