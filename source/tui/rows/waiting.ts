import {type RunState, type StepState, unitNameOf} from '../../run/state.ts';
import {blockedStepsOf} from '../../run/views.ts';
import type {Attention} from '../attention.ts';
import {elsewhereWords, type OpenApproval, runNameOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span, spread} from '../text/row.ts';
import {fitText} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {clockWords} from '../times.ts';

interface ItemOptions {
	readonly columns: number;
	readonly look: Look;
	readonly state: CockpitState;
}

/** One row of the inbox. */
export const attentionItemRowOf = (item: Attention, {columns, look, state}: ItemOptions): Row => {
	const run = state.runs.get(item.runId);
	if (!run) return [];
	const {nowMs, workspace} = state;
	if (item.kind === 'approval') {
		const approval = run.approvals[item.approvalId];
		return approval ? waitingRowOf({run, approval}, {columns, look, nowMs, workspace}) : [];
	}

	const {glyphs} = look;
	const step = item.kind === 'quota' ? run.steps[item.stepId] : failedStepOf(run);
	const right =
		item.kind === 'quota'
			? `  until ${clockWords(step?.retryAtMs ?? nowMs, nowMs)} `
			: `  at ${clockWords(run.endedAtMs ?? nowMs, nowMs)} `;
	const words =
		item.kind === 'quota'
			? `waits for quota of ${step?.attempts.at(-1)?.agent ?? 'its agent'}`
			: (step?.failure?.message ?? run.failure?.message ?? 'failed');
	const status = item.kind === 'quota' ? 'waiting' : 'failed';
	const left = [
		span(`${item.kind === 'quota' ? glyphs.status.sleeping : glyphs.status.failed} `, status),
		span(
			`${fitText(cleanText(`${runNameOf(run)}${elsewhereWords(run, workspace)}`), nameColumnsOf(columns), glyphs.ellipsis)} `,
		),
		span(`${fitText(cleanText(step?.id ?? ''), 12, glyphs.ellipsis)} `, 'muted'),
		span(cleanText(words), status),
	];
	return spread(left, [span(right, 'muted')], columns, glyphs.ellipsis);
};

const nameColumnsOf = (columns: number): number => Math.max(18, Math.floor(columns * 0.2));

const failedStepOf = (run: RunState): StepState | undefined =>
	run.stepOrder.map(id => run.steps[id]!).find(({status, continueOnError}) => status === 'failed' && !continueOnError);

/** `◆ fix-issue 42  ship  Ship these changes?   blocks 3  since 14:02` */
export const waitingRowOf = (
	{run, approval}: OpenApproval,
	{columns, look, nowMs, workspace}: {columns: number; look: Look; nowMs: number; workspace: string},
): Row => {
	const {glyphs} = look;
	const blocked = blockedStepsOf(run, approval.stepId).length;
	const right = [
		span(blocked > 0 ? `  blocks ${blocked}` : '', 'muted'),
		span(`  since ${clockWords(approval.requestedAtMs, nowMs)}`, 'muted'),
		span(approval.expiresAtMs === undefined ? '' : `  expires ${clockWords(approval.expiresAtMs, nowMs)}`, 'alert'),
		span(' '),
	];
	const nameColumns = nameColumnsOf(columns);
	const left = [
		span(`${glyphs.status.waiting} `, 'waiting'),
		span(`${fitText(cleanText(`${runNameOf(run)}${elsewhereWords(run, workspace)}`), nameColumns, glyphs.ellipsis)} `),
		span(`${fitText(cleanText(unitNameOf(approval.stepId, approval.item)), 12, glyphs.ellipsis)} `, 'muted'),
		span(questionWordsOf({run, approval}), 'strong'),
	];
	return spread(left, right, columns, glyphs.ellipsis);
};

interface AttentionOptions {
	readonly count: string;
	/** What opens the question, and what the hint says of it. */
	readonly key: string | undefined;
	readonly hint: string | undefined;
	readonly columns: number;
	readonly look: Look;
}

/** The whole of "Needs you" on one row. */
export const attentionRowOf = (
	first: OpenApproval,
	{count, key, hint, columns, look: {glyphs}}: AttentionOptions,
): Row => {
	const verb = Number.parseInt(count, 10) === 1 ? 'needs' : 'need';
	const left = [
		span(` ${glyphs.status.waiting} ${count} ${verb} you: `, 'alert'),
		span(`${cleanText(runNameOf(first.run))}: ${questionWordsOf(first)}`),
	];
	return spread(left, hint ? [span(`  ${key}`, 'key'), span(` ${hint} `)] : [span(' ')], columns, glyphs.ellipsis);
};

/** A permission is best known by what it is about. */
export const questionWordsOf = ({approval}: OpenApproval): string =>
	cleanText(
		approval.kind === 'permission' && approval.preview
			? `${approval.question}: ${approval.preview}`
			: approval.question,
	);
