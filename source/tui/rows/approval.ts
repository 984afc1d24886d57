import {type ApprovalState, unitNameOf, unitOf} from '../../run/state.ts';
import {blockedStepsOf} from '../../run/views.ts';
import {optionFor} from '../keys/answer.ts';
import {type OpenApproval, runNameOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanLine, cleanText, linesOf} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {shortPathOf} from '../text/short-path.ts';
import {wrap} from '../text/width.ts';
import {clockWords} from '../times.ts';

/** `fix-issue 42 / ship asks` or `claude asks, in fix-issue 42 / fix`. */
export const approvalTitleOf = ({run, approval}: OpenApproval): string => {
	const where = cleanText(`${runNameOf(run)} / ${unitNameOf(approval.stepId, approval.item)}`);
	const unit = unitOf(run, approval.stepId, approval.item);
	const agent = unit.agent?.id ?? unit.attempts.at(-1)?.agent;
	return approval.kind === 'permission' ? `${cleanText(agent ?? 'an agent')} asks, in ${where}` : `${where} asks`;
};

/** The question, what it is about, the answers, and what waiting costs. */
export const approvalRowsOf = (
	{run, approval}: OpenApproval,
	columns: number,
	{nowMs, workspace, home}: Pick<CockpitState, 'nowMs' | 'workspace' | 'home'>,
): Row[] => {
	const rows: Row[] = rowsOfText(approval.question, columns).map(text => [span(text, 'strong')]);
	if (approval.preview) {
		rows.push([]);
		for (const text of rowsOfText(approval.preview, columns - 2)) rows.push([span(`  ${text}`)]);
	}

	rows.push([], ...optionRowsOf(approval));
	const blocked = blockedStepsOf(run, approval.stepId);
	const facts = [
		run.workspace === workspace ? '' : `In ${shortPathOf(run.workspace, home)}.`,
		`Waiting since ${clockWords(approval.requestedAtMs, nowMs)}.`,
		blocked.length > 0
			? `Blocks ${blocked.length} ${blocked.length === 1 ? 'step' : 'steps'}: ${blocked.join(', ')}.`
			: '',
		approval.expiresAtMs === undefined
			? ''
			: `Expires ${clockWords(approval.expiresAtMs, nowMs)}, then: ${approval.onExpire ?? 'reject'}.`,
	];
	for (const text of wrap(cleanText(facts.filter(Boolean).join(' ')), columns)) rows.push([span(text, 'muted')]);
	return rows;
};

/** What `y` and `n` stand for. Options that neither key takes are named, so that nobody takes `y` for one of them. */
const optionRowsOf = (approval: ApprovalState): Row[] => {
	const yes = optionFor(approval, true);
	const no = optionFor(approval, false);
	const others = (approval.options ?? []).filter(({id}) => id !== yes?.id && id !== no?.id);
	return [
		[span('y', 'key'), span(`  ${cleanText(yes?.label ?? 'Yes')}`)],
		[span('n', 'key'), span(`  ${cleanText(no?.label ?? 'No')}`)],
		...(others.length > 0
			? [[span(`   not by a key here: ${cleanText(others.map(({label}) => label).join(', '))}`, 'muted' as const)]]
			: []),
		[],
	];
};

const rowsOfText = (text: string, columns: number): string[] =>
	linesOf(text.trimEnd()).flatMap(line => wrap(cleanLine(line), columns));
