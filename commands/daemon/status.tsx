import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell whether the daemon runs';
export const options = schemaOf(tables.none);

export default command(async () => (await import('../../source/cli/verbs/daemon-status.ts')).daemonStatus);
