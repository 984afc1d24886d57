import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {formatSize} from '../../units.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Copies the journal while the daemon goes on; what steps printed is not in it. */
export const backupDaemon: Verb<typeof tables.daemonBackup> = async ({args, options, output}) => {
	const file = path.resolve(args[0]!);
	const client = await connect();
	const {sizeBytes} = await client.backup({file, force: options.force});
	if (output.isJson) await output.document({file, sizeBytes});
	else await output.print(`${output.paint.green('✓')} The journal is in ${file} (${formatSize(sizeBytes)}).`);
	return exitCodes.done;
};
