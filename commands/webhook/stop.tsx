import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Listen for webhooks no more';
export const options = schemaOf(tables.none);

export default command(async () => (await import('../../source/cli/verbs/webhook-stop.ts')).stopWebhooks);
