import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Listen for webhooks from now on, also after a restart';
export const options = schemaOf(tables.webhookStart);

export default command(async () => (await import('../../source/cli/verbs/webhook-start.ts')).startWebhooks);
