import type {StatusCounts} from '../../api/contract.ts';
import {readStatus} from '../../client/status.ts';
import {AiworkflowError} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {formattedStatus, statusLineOf} from '../status-line.ts';
import type {Verb} from '../verb.ts';

/** One line for a prompt or a status bar: what runs, what waits for a person, what failed, what was spent. Starts no daemon. */
export const status: Verb<typeof tables.status> = async ({options: {format}, output}) => {
	const counts = await currentCounts();
	if (output.isJson) await output.document({running: counts !== undefined, ...counts});
	else if (format !== undefined) await output.print(formattedStatus(format, counts));
	else await output.print(counts ? statusLineOf(counts) : 'not running');
	return counts ? exitCodes.done : exitCodes.unreachable;
};

const currentCounts = async (): Promise<StatusCounts | undefined> => {
	try {
		return await readStatus();
	} catch (error) {
		if (error instanceof AiworkflowError && error.code === 'daemon.unreachable') return undefined;
		throw error;
	}
};
