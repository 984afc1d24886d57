import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';

export const pauseRun: Verb<typeof tables.runsPause> = async ({args, options, output}) => {
	const client = await connect();
	const {reason = 'asked for by a command'} = options;
	const run = await client.pauseRun(args[0]!, {origin: originOf('command'), reason});
	if (output.isJson) await output.document(run);
	else {
		const going = run.steps.filter(({status}) => status === 'running').map(({id}) => id);
		const rest = going.length > 0 ? ` What runs goes on: ${going.join(', ')}.` : '';
		await output.print(`‖ ${runTitleOf(run)} is paused.${rest}`);
		output.note(`Let it go on with \`aiworkflow runs resume ${run.id}\`.`);
	}

	return exitCodes.done;
};
