import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Stop the daemon; runs go on when it is started again';
export const options = schemaOf(tables.daemonStop);

export default command(async () => (await import('../../source/cli/verbs/daemon-stop.ts')).stopDaemon);
