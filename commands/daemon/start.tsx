import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Start the daemon; every command that needs it does so too';
export const options = schemaOf(tables.none);

export default command(async () => (await import('../../source/cli/verbs/daemon-start.ts')).startDaemon);
