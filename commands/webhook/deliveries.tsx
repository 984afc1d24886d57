import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List outgoing webhooks: queued, delivered, dead';
export const options = schemaOf(tables.webhookDeliveries);

export default command(async () => (await import('../../source/cli/verbs/webhook-deliveries.ts')).listDeliveries);
