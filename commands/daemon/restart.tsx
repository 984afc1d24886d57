import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Start the installed build in place of the daemon; attempts go on';
export const options = schemaOf(tables.none);

export default command(async () => (await import('../../source/cli/verbs/daemon-restart.ts')).restartDaemon);
