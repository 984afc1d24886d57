import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {parseInputs} from '../inputs.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';
import {watchOn} from '../watch-on.ts';

export const forkRun: Verb<typeof tables.runsFork> = async ({args, options, output}) => {
	const {from, input, watch} = options;
	const at = options.at === undefined ? undefined : seqOf(options.at);
	const inputs = input.length > 0 ? parseInputs(input) : undefined;
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const forked = await client.forkRun(args[0]!, {from, at, inputs, environment, origin: originOf('command')});
	const {workflow, number, runId, forkedFrom, adopted} = forked;
	const {paint} = output;
	if (!output.isJson) {
		await output.print(
			`${paint.cyan('▶')} ${paint.bold(`${workflow} ${number}`)}  ${paint.dim(`${runId}, forked from ${forkedFrom}`)}`,
		);
		await output.print(
			paint.dim(adopted.length > 0 ? `  taken over: ${adopted.join(', ')}` : '  nothing is taken over'),
		);
	} else if (!watch) await output.document(forked);
	return watchOn(client, runId, {isWatching: watch, output});
};

const seqOf = (text: string): number => {
	if (/^[1-9]\d*$/.test(text)) return Number(text);
	throw usageInvalid(
		`--at takes the number of an event, not "${text}".`,
		'It is `seq` in `aiworkflow runs watch <run> --json`.',
	);
};
