import {connect} from '../../client/connect.ts';
import {unitNameOf} from '../../run/state.ts';
import type {ApprovalView} from '../../run/views.ts';
import {formatDuration} from '../../units.ts';
import {cleanText, oneLine} from '../clean.ts';
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
	const rows = approvals.map(approval => rowOf(approval, output));
	for (const [index, line] of tableOf(rows, {columns: output.columns, cell: 4}).entries()) {
		await output.print(line);
		if (output.isVerbose)
			for (const detail of detailLinesOf(approvals[index]!)) await output.print(`   ${detail}`.trimEnd());
	}

	if (approvals.some(({status}) => status === 'open')) {
		const readAll = output.isVerbose ? '' : '`--verbose` shows all of a question. ';
		output.note(`${readAll}Answer with \`aiworkflow approvals approve <id>\` or \`aiworkflow approvals reject <id>\`.`);
	}
};

/** What has to be read before it is answered: the whole question, what it is about, and the options there are. */
const detailLinesOf = ({question, preview, options, comment}: ApprovalView): string[] => [
	...cleanText(question).split('\n'),
	...(preview ? ['', ...cleanText(preview).split('\n')] : []),
	...(options ?? []).map(({id, label, isAllow}) => `${isAllow ? 'yes' : 'no'}: ${oneLine(label)} (--option ${id})`),
	...(comment ? [`comment: ${oneLine(comment)}`] : []),
	'',
];

const rowOf = (approval: ApprovalView, {paint}: Output): string[] => [
	approval.status === 'open' ? paint.yellow('◆') : paint.dim('·'),
	approval.id,
	`${approval.workflow} ${approval.runNumber}`,
	unitNameOf(approval.stepId, approval.item),
	oneLine(approval.question, 80),
	approval.status === 'open'
		? `${formatDuration(Date.now() - Date.parse(approval.requestedAt))}, blocks ${approval.blocks}`
		: `${approval.status}${approval.answeredBy ? ` by ${approval.answeredBy}` : ''}`,
];
