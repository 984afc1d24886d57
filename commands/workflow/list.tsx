import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List the workflows of this workspace';
export const options = schemaOf(tables.workspaceOnly);

export default command(async () => (await import('../../source/cli/verbs/workflow-list.ts')).listWorkspaceWorkflows);
