import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {queuePlaceOf} from '../queue-place.ts';
import type {Verb} from '../verb.ts';

export const listDeadLetters: Verb<typeof tables.queueDeadList> = async ({args, options, output}) => {
	const [queue] = args as [string];
	const client = await connect();
	const {messages} = await client.deadLetters(queue, queuePlaceOf(options));
	if (output.isJson) {
		await output.document({queue, messages});
		return exitCodes.done;
	}

	if (messages.length === 0) output.note(`Queue ${queue} has no dead letters.`);
	const {tableOf} = await import('../table.ts');
	const rows = messages.map(({id, diedAt, attempt, reason, body}) => [
		...[id, diedAt ?? '', `attempt ${attempt}`, reason, JSON.stringify(body)],
	]);
	for (const line of tableOf(rows, {columns: output.columns, cell: 4})) await output.print(line);
	return exitCodes.done;
};

/** Puts dead letters back into their queue. */
export const replayDeadLetters: Verb<typeof tables.queueDeadReplay> = async ({args, options, output}) => {
	const [queue, id] = args as [string, string | undefined];
	if ((id === undefined) !== options.all)
		throw usageInvalid('It takes the id of a dead letter, or --all.', `List them with \`queue dead list ${queue}\`.`);
	const client = await connect();
	const {count} = await client.replayDeadLetters(queue, {
		...queuePlaceOf(options),
		...(id !== undefined && {ids: [id]}),
	});
	if (output.isJson) await output.document({queue, count});
	else
		await output.print(
			`${output.paint.green('✓')} ${count} dead ${count === 1 ? 'letter is' : 'letters are'} back in ${queue}.`,
		);
	return exitCodes.done;
};
