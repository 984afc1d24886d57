import {connect} from '../../client/connect.ts';
import type {ApprovalView} from '../../run/views.ts';
import {formatDuration} from '../../units.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

export const listApprovals: Verb<typeof tables.approvalsList> = async ({options, output}) => {
	const client = await connect();
	const page = await client.approvals(options.all ? {status: 'all'} : {status: 'open'});
	if (output.isJson) await output.document(page);
	else await printApprovals(page.approvals, output);
	return exitCodes.done;
};

const printApprovals = async (approvals: readonly ApprovalView[], output: Output) => {
	if (approvals.length === 0) output.note('Nothing waits for you.');
	const {tableOf} = await import('../table.ts');
	for (const line of tableOf(approvals.map(approval => rowOf(approval, output)))) await output.print(line);
	if (approvals.some(({status}) => status === 'open'))
		output.note('Answer with `aiworkflow approvals approve <id>` or `aiworkflow approvals reject <id>`.');
};

const rowOf = (approval: ApprovalView, {paint}: Output): string[] => [
	approval.status === 'open' ? paint.yellow('◆') : paint.dim('·'),
	approval.id,
	`${approval.workflow} ${approval.runNumber}`,
	approval.stepId,
	oneLine(approval.question, 80),
	approval.status === 'open'
		? `${formatDuration(Date.now() - Date.parse(approval.requestedAt))}, blocks ${approval.blocks}`
		: `${approval.status}${approval.answeredBy ? ` by ${approval.answeredBy}` : ''}`,
];
