import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Copy the journal to a file';
export const options = schemaOf(tables.daemonBackup);
export const args = z.tuple([z.string().describe(argument({name: 'file', description: 'The copy; a new file'}))]);

export default command(async () => (await import('../../source/cli/verbs/daemon-backup.ts')).backupDaemon);
