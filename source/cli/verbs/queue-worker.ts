import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Which workflows consume which queues here; stops that for a queue, or goes on with it. */
export const queueWorker: Verb<typeof tables.queueWorker> = async ({args, options, output}) => {
	const {pause, resume} = options;
	const [queue] = args;
	if (pause && resume) throw usageInvalid('--pause and --resume are opposites.', 'Give one of them.');
	if ((pause || resume) && queue === undefined)
		throw usageInvalid('It takes the name of a queue.', 'Write `aiworkflow queue worker NAME --pause`.');
	const client = await connect();
	const {queues} =
		pause || resume
			? await client.switchQueue(queue!, {isOn: resume, origin: originOf('command')})
			: await client.queues({queue});
	if (output.isJson) {
		await output.document({queues});
		return exitCodes.done;
	}

	const rows = queues.flatMap(({queue: name, backend, consumers}) =>
		consumers.map(({workflow, workspace, connection, working, concurrency, detail}) => [
			...[name, backend, workflow, `${working} of ${concurrency}`, connection, detail ?? '', workspace],
		]),
	);
	if (rows.length === 0) {
		output.note('No armed workflow consumes a queue here.');
		return exitCodes.done;
	}

	const head = ['queue', 'backend', 'workflow', 'working', 'connection', '', 'workspace'];
	const {tableOf} = await import('../table.ts');
	for (const line of tableOf([head, ...rows], {columns: output.columns, cell: 6})) await output.print(line);
	return exitCodes.done;
};
