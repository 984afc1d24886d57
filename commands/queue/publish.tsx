import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Put a message into a queue';
export const options = schemaOf(tables.queuePublish);
export const args = z.tuple([z.string().describe(argument({name: 'queue', description: 'Name of a queue'}))]);

export default command(async () => (await import('../../source/cli/verbs/queue-publish.ts')).publishMessage);
