import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Show what a tool can do, and what its operations take';
export const options = schemaOf(tables.toolsInfo);
export const args = z.tuple([z.string().describe(argument({name: 'tool', description: 'Name of a tool'}))]);

export default command(async () => (await import('../../source/cli/verbs/tools-info.ts')).toolInfo);
