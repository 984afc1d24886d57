import type {QueueConsumerView, QueueView} from '../../api/messages.ts';
import {connect} from '../../client/connect.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** What waits, what is worked on, what died, and how it is with the servers. */
export const queueStatus: Verb<typeof tables.none> = async ({args, output}) => {
	const client = await connect();
	const {queues} = await client.queues({queue: args[0]});
	if (output.isJson) {
		await output.document({queues});
		return exitCodes.done;
	}

	if (queues.length === 0) output.note('No armed workflow consumes a queue, and nothing waits in an embedded one.');
	else {
		const {tableOf} = await import('../table.ts');
		const head = ['queue', 'backend', 'ready', 'delayed', 'working', 'dead', 'consumers'];
		const rows = queues.map(queue => rowOf(queue, output));
		for (const line of tableOf([head, ...rows], {columns: output.columns, cell: 6})) await output.print(line);
		for (const {queue, problem} of queues) if (problem !== null) output.note(`${queue}: ${problem}`);
	}

	return exitCodes.done;
};

const rowOf = ({queue, backend, ready, delayed, working, dead, consumers}: QueueView, output: Output): string[] => [
	queue,
	backend,
	...[ready, delayed, working].map(count => (count === null ? '?' : `${count}`)),
	dead === null ? '?' : dead > 0 ? output.paint.red(`${dead}`) : '0',
	consumers.length === 0 ? 'none' : consumers.map(consumerWordsOf).join('; '),
];

/** `mails (paused)` */
export const consumerWordsOf = ({workflow, connection, detail, retryAt}: QueueConsumerView): string => {
	if (connection === 'connected') return workflow;
	const again = retryAt === null ? '' : `, tried again at ${retryAt}`;
	return `${workflow} (${connection}${detail === null ? '' : `: ${detail}`}${again})`;
};
