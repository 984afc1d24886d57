import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Check everything a run depends on';
export const options = schemaOf(tables.workspaceOnly);

export default command(async () => (await import('../source/cli/verbs/doctor.ts')).doctor);
