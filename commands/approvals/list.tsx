import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'List what waits for a person';
export const options = schemaOf(tables.approvalsList);

export default command(async () => (await import('../../source/cli/verbs/approvals-list.ts')).listApprovals);
