import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';

export const cancelRun: Verb<typeof tables.runsCancel> = async ({args, options, output}) => {
	const client = await connect();
	const {reason = 'asked for by a command', step} = options;
	const request = {origin: originOf('command'), reason};
	const run =
		step === undefined ? await client.cancelRun(args[0]!, request) : await client.cancelStep(args[0]!, step, request);
	const what = step === undefined ? runTitleOf(run) : `Step ${step} of ${runTitleOf(run)}`;
	if (output.isJson) await output.document(run);
	else await output.print(`${what} is being cancelled. Watch it end with \`aiworkflow runs watch ${run.id}\`.`);
	return exitCodes.done;
};
