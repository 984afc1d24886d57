import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import type {options as tables} from '../options.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';
import {watchOn} from '../watch-on.ts';
import {retry} from './runs-retry.ts';

/** A paused run goes on; with `--from`, an ended one does from that step. */
export const resumeRun: Verb<typeof tables.runsResume> = async invocation => {
	const {args, options, output} = invocation;
	const client = await connect();
	if (options.from !== undefined) return retry(client, args[0]!, {...options, output});
	const before = options.watch ? await client.runState(args[0]!) : undefined;
	const run = await client.resumeRun(args[0]!, {origin: originOf('command')});
	if (!output.isJson) await output.print(`${output.paint.cyan('▶')} ${runTitleOf(run)} goes on.`);
	else if (!options.watch) await output.document(run);
	return watchOn(client, run.id, {isWatching: options.watch, from: before, output});
};
