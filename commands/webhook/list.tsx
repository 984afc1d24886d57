import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the webhooks of armed workspaces, and what came in';
export const options = schemaOf(tables.none);

export default command(async () => (await import('../../source/cli/verbs/webhook-list.ts')).listWebhooks);
