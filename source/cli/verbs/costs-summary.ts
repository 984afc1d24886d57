import type {CostSummaryRow} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import {momentOf} from '../moments.ts';
import type {options as tables} from '../options.ts';
import {costWords} from '../run-tree.ts';
import type {Verb} from '../verb.ts';

const groups = ['workflow', 'agent', 'model', 'step', 'day', 'hour', 'minute'] as const;

/** What was spent, by what it was spent on. */
export const costsSummary: Verb<typeof tables.costsSummary> = async ({options, output}) => {
	const by = groups.find(group => group === (options.by ?? 'workflow'));
	if (!by) throw usageInvalid(`--by takes no "${options.by}".`, `It takes ${groups.join(', ')}.`);
	const since = options.since === undefined ? undefined : momentOf('since', options.since);
	const client = await connect();
	const summary = await client.costSummary({by, since, workflow: options.workflow});
	if (output.isJson) {
		await output.document(summary);
		return exitCodes.done;
	}

	const {rows, total} = summary;
	if (rows.length === 0) output.note('Nothing was spent.');
	const {tableOf} = await import('../table.ts');
	const lines = [...rows.map(rowOf), ...(rows.length > 1 ? [rowOf(total)] : [])];
	const {paint} = output;
	const titles = [by, 'cost', 'attempts', 'tokens in', 'tokens out', ''];
	if (rows.length > 0) for (const line of tableOf([titles.map(paint.dim), ...lines])) await output.print(line);
	return exitCodes.done;
};

const rowOf = ({
	name,
	costUsd,
	knownCostUsd,
	unknown,
	requests,
	inputTokens,
	outputTokens,
}: CostSummaryRow): string[] => [
	name ?? '(not named)',
	costWords(costUsd, knownCostUsd) || '$0.00',
	String(requests),
	inputTokens.toLocaleString('en'),
	outputTokens.toLocaleString('en'),
	unknown > 0 ? `${unknown} of unknown cost` : '',
];
