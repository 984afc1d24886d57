import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Ask an agent first, wherever a step may ask it';
export const options = schemaOf(tables.agentsPrefer);
export const args = z.tuple([z.string().describe(argument({name: 'agent', description: 'Name of an agent'}))]);

export default command(async () => (await import('../../source/cli/verbs/agents-prefer.ts')).preferAgent);
