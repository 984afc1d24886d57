import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the agents of this workspace, and whether they work';
export const options = schemaOf(tables.workspaceOnly);

export default command(async () => (await import('../../source/cli/verbs/agents-list.ts')).listAgents);
