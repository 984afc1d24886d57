import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Make workflows of skills, agents and commands of Claude, gh-aw and older files';
export const options = schemaOf(tables.import);
export const args = z.tuple([
	z.string().describe(argument({name: 'path', description: 'A Markdown file, or a folder'})),
]);

export default command(async () => (await import('../source/cli/verbs/import.ts')).importFiles);
