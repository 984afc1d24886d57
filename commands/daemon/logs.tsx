import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Print what the daemon logged';
export const options = schemaOf(tables.daemonLogs);

export default command(async () => (await import('../../source/cli/verbs/daemon-logs.ts')).daemonLogs);
