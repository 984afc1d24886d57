import {connect} from '../../client/connect.ts';
import {exitCodes} from '../exit-codes.ts';
import {recordRun} from '../record-run.ts';
import type {Verb} from '../verb.ts';

/** Writes the recordings of a run that was started with `--record`. */
export const recordRunLater: Verb<Record<never, never>> = async ({args, output}) => {
	const client = await connect();
	const {id} = await client.run(args[0]!);
	const recordings = await recordRun(client, id, output);
	if (output.isJson) await output.document({runId: id, recordings});
	return exitCodes.done;
};
