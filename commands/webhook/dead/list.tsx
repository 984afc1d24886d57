import {options as tables} from '../../../source/cli/options.ts';
import {command} from '../../../source/cli/pastel/command.ts';
import {schemaOf} from '../../../source/cli/pastel/option-schema.ts';

export const description = 'List outgoing webhooks that were given up';
export const options = schemaOf(tables.webhookDeadList);

export default command(async () => (await import('../../../source/cli/verbs/webhook-dead.ts')).listDeadWebhooks);
