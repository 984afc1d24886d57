import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the categories, and which templates each has';
export const options = schemaOf(tables.workspaceOnly);

export default command(
	async () => (await import('../../source/cli/verbs/template-categories.ts')).listTemplateCategories,
);
