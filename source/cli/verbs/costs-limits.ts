import path from 'node:path';
import type {CostLimitView} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {formatUsd} from '../../units.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Budgets that hold for more than one run, and what is left of them. */
export const costLimits: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	const client = await connect();
	const {limits} = await client.costLimits(workspace);
	if (output.isJson) {
		await output.document({workspace, limits});
		return exitCodes.done;
	}

	if (limits.length === 0)
		output.note('No budget holds for more than one run. Add `budgets:` to .aiworkflow/aiworkflow.yaml.');
	const {tableOf} = await import('../table.ts');
	const {paint} = output;
	const titles = ['budget', 'spent', 'of', 'left', 'resets', 'then'];
	if (limits.length > 0)
		for (const line of tableOf([titles.map(paint.dim), ...limits.map(rowOf)])) await output.print(line);
	return exitCodes.done;
};

const rowOf = (limit: CostLimitView): string[] => [
	`${limit.scope}${limit.scope === 'workspace' || limit.name === '' ? '' : ` ${limit.name}`}, a ${limit.period}`,
	`${usd(limit.spentUsd)}${limit.unknown > 0 ? '+?' : ''}`,
	[
		limit.usd === null ? '' : usd(limit.usd),
		limit.tokens === null ? '' : `${limit.spentTokens}/${limit.tokens} tokens`,
		limit.requests === null ? '' : `${limit.spentRequests}/${limit.requests} requests`,
	]
		.filter(Boolean)
		.join(', '),
	limit.remainingUsd === null ? '' : usd(limit.remainingUsd),
	limit.resetsAt,
	limit.onExceed,
];

const usd = (amount: number) => formatUsd(Math.round(amount * 1_000_000));
