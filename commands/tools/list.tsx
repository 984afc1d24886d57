import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the tools of this workspace, and how they did';
export const options = schemaOf(tables.toolsList);

export default command(async () => (await import('../../source/cli/verbs/tools-list.ts')).listTools);
