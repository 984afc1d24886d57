import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import {durationOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Forgets ended runs: their events, and their folders with all output. */
export const pruneRuns: Verb<typeof tables.runsPrune> = async ({options, output}) => {
	const {keepFailed, dryRun} = options;
	const endedBefore = endedBeforeOf(options.olderThan);
	const client = await connect();
	const pruned = await client.pruneRuns({endedBefore, keepFailed, dryRun});
	const count = pruned.runs === 1 ? '1 run' : `${pruned.runs} runs`;
	const firings =
		pruned.firings === 0 ? '' : ` and ${pruned.firings === 1 ? '1 firing' : `${pruned.firings} firings`} of triggers`;
	if (output.isJson) await output.document({...pruned, endedBefore});
	else if (dryRun) await output.print(`${count}${firings} would be removed. Nothing was changed.`);
	else await output.print(`${output.paint.green('✓')} ${count}${firings} removed.`);
	return exitCodes.done;
};

/** Packs the events of ended runs; all of a run can still be seen. */
export const compactRuns: Verb<typeof tables.runsCompact> = async ({options, output}) => {
	const endedBefore = endedBeforeOf(options.olderThan);
	const client = await connect();
	const compacted = await client.compactRuns({endedBefore});
	const {runs, events} = compacted;
	if (output.isJson) await output.document({...compacted, endedBefore});
	else
		await output.print(
			`${output.paint.green('✓')} ${runs === 1 ? '1 run' : `${runs} runs`} packed (${events === 1 ? '1 event' : `${events} events`}).`,
		);
	return exitCodes.done;
};

const endedBeforeOf = (olderThan: string | undefined): string => {
	if (olderThan !== undefined) return new Date(Date.now() - durationOf('older-than', olderThan)).toISOString();
	throw usageInvalid('It takes a length of time, so that nothing of today is lost.', 'Write `--older-than 30d`.');
};
