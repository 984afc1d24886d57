import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Print what keeps the daemon running: for systemd or launchd';
export const options = schemaOf(tables.daemonUnit);

export default command(async () => (await import('../../source/cli/verbs/daemon-unit.ts')).printDaemonUnit);
