import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Write a workflow for other tools: skill, claude-command, gh-aw, markdown, json';
export const options = schemaOf(tables.export);
export const args = z.tuple([
	z.string().describe(argument({name: 'workflow', description: 'A file, a folder, or a name from `workflow list`'})),
]);

export default command(async () => (await import('../source/cli/verbs/export.ts')).exportWorkflow);
