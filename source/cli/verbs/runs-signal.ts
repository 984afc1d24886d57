import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';

export const signalRun: Verb<typeof tables.runsSignal> = async ({args, options, output}) => {
	const [runId, name] = args as [string, string];
	const client = await connect();
	const run = await client.signalRun(runId, {name, data: dataOf(options.data), origin: originOf('command')});
	const isKept = run.signals.some(signal => signal.name === name);
	if (output.isJson) await output.document(run);
	else await output.print(`${output.paint.green('✓')} "${name}" was sent to ${runTitleOf(run)}.`);
	if (isKept && !output.isJson) output.note('No step waits for it yet; it is kept for the first one that does.');
	return exitCodes.done;
};

/** @returns JSON as what it says, anything else as the text it is. */
export const dataOf = (text: string | undefined): unknown => {
	if (text === undefined) return null;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};
