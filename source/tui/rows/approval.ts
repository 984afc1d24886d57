import {type ApprovalState, type RunState, unitNameOf, unitOf} from '../../run/state.ts';
import {blockedStepsOf} from '../../run/views.ts';
import {optionFor} from '../keys/answer.ts';
import {keyOf} from '../keys/remap.ts';
import {type OpenApproval, runNameOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanLine, cleanText, linesOf} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {shortPathOf} from '../text/short-path.ts';
import {wrap} from '../text/width.ts';
import {clockWords} from '../times.ts';
import {consequencesOf} from './consequences.ts';
import {diffStyleOf, isDiff} from './diff.ts';

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
	state: Pick<CockpitState, 'nowMs' | 'workspace' | 'home' | 'keyTable' | 'dialog'>,
): Row[] => {
	const {nowMs, workspace, home} = state;
	const edited = editedOf(state, approval.id);
	const preview = edited ?? approval.preview;
	const rows: Row[] = rowsOfText(approval.question, columns).map(text => [span(text, 'strong')]);
	if (preview !== undefined && (preview !== '' || approval.isEditable)) {
		rows.push([]);
		const lines = linesOf(preview.trimEnd()).map(cleanLine);
		const styleOf = isDiff(lines) ? diffStyleOf : () => undefined;
		for (const line of lines) for (const text of wrap(line, columns - 2)) rows.push([span(`  ${text}`, styleOf(line))]);
	}

	if (approval.isEditable) rows.push([], [span(editableWords(edited !== undefined, state), 'muted')]);
	rows.push([], ...optionRowsOf(run, approval, columns, state));
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

const editedOf = ({dialog}: Pick<CockpitState, 'dialog'>, approvalId: string): string | undefined =>
	dialog?.kind === 'approval' && dialog.approvalId === approvalId ? dialog.edited : undefined;

const editableWords = (isEdited: boolean, state: Pick<CockpitState, 'keyTable'>): string =>
	isEdited
		? 'This is what you made of it; it goes on so.'
		: `The text may be changed first: ${keyOf('edit-text', state)}.`;

/** What yes and no stand for. Options that neither key takes are named, so that nobody takes a key for one of them. */
const optionRowsOf = (
	run: RunState,
	approval: ApprovalState,
	columns: number,
	state: Pick<CockpitState, 'keyTable'>,
): Row[] => {
	const {yes: onYes, no: onNo} = consequencesOf(run, approval);
	const yes = optionFor(approval, true);
	const no = optionFor(approval, false);
	const others = (approval.options ?? []).filter(({id}) => id !== yes?.id && id !== no?.id);
	return [
		...optionRow(keyOf('approve', state), yes?.label ?? 'Yes', onYes, columns),
		...optionRow(keyOf('reject', state), no?.label ?? 'No', onNo, columns),
		...(others.length > 0
			? [[span(`   not by a key here: ${cleanText(others.map(({label}) => label).join(', '))}`, 'muted' as const)]]
			: []),
		[],
	];
};

/** `y  Yes: ship can go on.` */
const optionRow = (key: string, label: string, consequence: string, columns: number): Row[] => {
	const indent = ' '.repeat(key.length + 2);
	const text = cleanText(`${label}${consequence ? `: ${lowerFirst(consequence)}` : ''}`);
	return wrap(text, columns - indent.length).map((line, index) =>
		index === 0 ? [span(key, 'key'), span(`  ${line}`)] : [span(`${indent}${line}`)],
	);
};

const lowerFirst = (text: string): string => text.replace(/^(The|Nothing|What) /, word => word.toLowerCase());

const rowsOfText = (text: string, columns: number): string[] =>
	linesOf(text.trimEnd()).flatMap(line => wrap(cleanLine(line), columns));
