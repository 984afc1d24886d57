import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import type {RunView} from '../../run/views.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

export const cancelRun: Verb<typeof tables.runsCancel> = async ({args, options, output}) => {
	const client = await connect();
	const {reason = 'asked for by a command'} = options;
	const run = await client.cancelRun(args[0]!, {origin: originOf('command'), reason});
	if (output.isJson) await output.document(run);
	else await output.print(`${titleOf(run)} is being cancelled. Watch it end with \`aiworkflow runs watch ${run.id}\`.`);
	return exitCodes.done;
};

const titleOf = ({workflow, number}: RunView) => `${workflow} ${number}`;
