import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {queuePlaceOf} from '../queue-place.ts';
import type {Verb} from '../verb.ts';

/** Removes what waits in a queue, or its dead letters. */
export const purgeQueue: Verb<typeof tables.queuePurge> = async ({args, options, output}) => {
	const [queue] = args as [string];
	const what = options.dead ? 'dead' : 'waiting';
	const words = options.dead ? 'dead letters' : 'waiting messages';
	const place = queuePlaceOf(options);
	if (!options.yes) {
		if (!output.isInteractive)
			throw usageInvalid(`Removing all ${words} of ${queue} cannot be undone.`, 'Say --yes if that is what you want.');
		const {confirm} = await import('../prompt.ts');
		if (!(await confirm(`Remove all ${words} of ${queue}?`))) {
			await output.print('Nothing was changed.');
			return exitCodes.done;
		}
	}

	const client = await connect();
	const {count} = await client.purgeQueue(queue, {what, ...place});
	if (output.isJson) await output.document({queue, what, count});
	else await output.print(`${output.paint.green('✓')} ${count} ${count === 1 ? words.slice(0, -1) : words} removed.`);
	return exitCodes.done;
};
