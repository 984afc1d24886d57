import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List templates: built in, and those of the workspace, of yours and of packages';
export const options = schemaOf(tables.templateList);

export default command(async () => (await import('../../source/cli/verbs/template-list.ts')).listAllTemplates);
