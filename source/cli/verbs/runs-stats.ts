import type {RunStatistics} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {formatDuration, formatUsd} from '../../units.ts';
import {exitCodes} from '../exit-codes.ts';
import {momentOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** How often workflows succeed, how long they take and what they cost. */
export const runStatistics: Verb<typeof tables.runsStats> = async ({options, output}) => {
	const {workflow} = options;
	const since = options.since === undefined ? undefined : momentOf('since', options.since);
	const client = await connect();
	const statistics = await client.statistics({workflow, since});
	if (output.isJson) {
		await output.document(statistics);
		return exitCodes.done;
	}

	const {total, workflows} = statistics;
	if (total.runs === 0) output.note('No run has ended.');
	const {tableOf} = await import('../table.ts');
	const rows = [
		...workflows.map(each => rowOf(each.workflow, each)),
		...(workflows.length > 1 ? [rowOf('all', total)] : []),
	];
	const {paint} = output;
	if (rows.length > 0) for (const line of tableOf([titles.map(paint.dim), ...rows])) await output.print(line);
	return exitCodes.done;
};

const titles = ['workflow', 'runs', 'succeeded', 'half within', '95 % within', 'cost'];

const rowOf = (
	name: string,
	{runs, successRate, p50Ms, p95Ms, costUsd, runsOfUnknownCost}: RunStatistics,
): string[] => [
	name,
	String(runs),
	successRate === null ? '' : `${Math.round(successRate * 100)} %`,
	p50Ms === null ? '' : formatDuration(p50Ms),
	p95Ms === null ? '' : formatDuration(p95Ms),
	[
		costUsd === 0 ? '' : formatUsd(Math.round(costUsd * 1_000_000)),
		runsOfUnknownCost > 0 ? `${runsOfUnknownCost} unknown` : '',
	]
		.filter(Boolean)
		.join(', '),
];
