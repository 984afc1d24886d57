import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Find templates by their id, name, tags and description';
export const options = schemaOf(tables.workspaceOnly);
export const args = z.tuple([
	z.string().describe(argument({name: 'text', description: 'Words; letters in order are enough'})),
]);

export default command(async () => (await import('../../source/cli/verbs/template-search.ts')).searchForTemplates);
