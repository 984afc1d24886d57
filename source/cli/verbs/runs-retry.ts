import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import type {ExitCode} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';
import {watchOn} from '../watch-on.ts';

export const retryRun: Verb<typeof tables.runsRetry> = async ({args, options, output}) =>
	retry(await connect(), args[0]!, {...options, output});

export const retry = async (
	client: Client,
	id: string,
	{from, watch, output}: {readonly from?: string; readonly watch: boolean; readonly output: Output},
): Promise<ExitCode> => {
	// As it was before, so that what is watched begins with what happens now.
	const before = watch ? await client.runState(id) : undefined;
	const environment = process.env as Record<string, string>;
	const retried = await client.retryRun(id, {from, environment, origin: originOf('command')});
	const {run, stepIds} = retried;
	if (!output.isJson)
		await output.print(`${output.paint.yellow('⟲')} ${runTitleOf(run)} goes on. Done again: ${stepIds.join(', ')}.`);
	else if (!watch) await output.document(retried);
	return watchOn(client, run.id, {isWatching: watch, from: before, output});
};
