import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {type Priority, priorities} from '../../workflow/queues.ts';
import {meantBy} from '../did-you-mean.ts';
import {exitCodes} from '../exit-codes.ts';
import {durationOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import {queuePlaceOf} from '../queue-place.ts';
import type {Verb} from '../verb.ts';
import {dataOf} from './runs-signal.ts';

export const publishMessage: Verb<typeof tables.queuePublish> = async ({args, options, output}) => {
	const {data, priority, id, ttl} = options;
	const request = {
		...queuePlaceOf(options),
		body: dataOf(data),
		priority: priorityOf(priority),
		...(id !== undefined && {id}),
		...(ttl !== undefined && {ttlMs: durationOf('ttl', ttl)}),
	};
	const client = await connect();
	const published = await client.publishMessage(args[0]!, request);
	if (output.isJson) await output.document(published);
	else if (published.isKnown) await output.print(`= ${published.id} is in ${published.queue} already, or was.`);
	else
		await output.print(`${output.paint.green('✓')} ${published.id} is in ${published.queue} (${published.backend}).`);
	return exitCodes.done;
};

const priorityOf = (text = 'normal'): Priority => {
	const priority = priorities.find(known => known === text);
	if (priority) return priority;
	const meant = meantBy(text, priorities);
	throw usageInvalid(
		`There is no priority "${text}".`,
		meant ? `Did you mean ${meant}?` : `There are: ${priorities.join(', ')}.`,
	);
};
