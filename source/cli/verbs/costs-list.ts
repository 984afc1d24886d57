import type {CostLine} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {unitNameOf} from '../../run/state.ts';
import {formatUsd} from '../../units.ts';
import {exitCodes} from '../exit-codes.ts';
import {momentOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** The ledger, newest first. */
export const listCosts: Verb<typeof tables.costsList> = async ({options, output}) => {
	const since = options.since === undefined ? undefined : momentOf('since', options.since);
	const limit = options.limit === undefined ? undefined : Number(options.limit);
	if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
		throw usageInvalid(`--limit takes a whole number above 0, not "${options.limit}".`, 'Write `--limit 50`.');
	const client = await connect();
	const runId = options.run === undefined ? undefined : (await client.run(options.run)).id;
	const {costs} = await client.costs({runId, since, limit});
	if (output.isJson) {
		await output.document({costs});
		return exitCodes.done;
	}

	if (costs.length === 0) output.note('Nothing was spent.');
	const {tableOf} = await import('../table.ts');
	const {paint} = output;
	const titles = ['when', 'run', 'step', 'agent', 'cost', 'in', 'out', 'by'];
	if (costs.length > 0)
		for (const line of tableOf([titles.map(paint.dim), ...costs.map(rowOf)])) await output.print(line);
	return exitCodes.done;
};

const rowOf = ({
	at,
	runId,
	workflow,
	stepId,
	item,
	attempt,
	agent,
	model,
	costUsd,
	input,
	output,
	costSource,
}: CostLine): string[] => [
	at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
	`${workflow} ${runId}`,
	`${unitNameOf(stepId, item ?? undefined)}${attempt > 1 ? ` #${attempt}` : ''}`,
	model === null ? agent : `${agent} (${model})`,
	formatUsd(costUsd === null ? null : Math.round(costUsd * 1_000_000)),
	input === null ? '' : input.toLocaleString('en'),
	output === null ? '' : output.toLocaleString('en'),
	{agent: 'agent', prices: 'price list', file: 'own prices', none: ''}[costSource],
];
