import {type RunState, type StepState, unitNameOf} from '../../run/state.ts';
import {blockedStepsOf} from '../../run/views.ts';
import type {Attention} from '../attention.ts';
import {keyOf} from '../keys/remap.ts';
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
	if (item.kind === 'trust' || item.kind === 'dead-letters') return otherRowOf(item, {columns, look, state});
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

/** What is about no run. */
const otherRowOf = (
	item: Extract<Attention, {kind: 'trust' | 'dead-letters'}>,
	{columns, look: {glyphs}, state}: ItemOptions,
): Row => {
	if (item.kind === 'trust') {
		const left = [span(`${glyphs.alert} `, 'alert'), span(trustWordsOf(item.files), 'alert')];
		return spread(left, [span(`  ${keyOf('answer', state)} shows them, and asks `, 'muted')], columns, glyphs.ellipsis);
	}

	const what = item.count === 1 ? '1 webhook to others was' : `${item.count} webhooks to others were`;
	const left = [span(`${glyphs.status.failed} `, 'failed'), span(`${what} given up`, 'failed')];
	const right = span(`  ${keyOf('open', state)} or ${keyOf('outbox', state)} shows which `, 'muted');
	return spread(left, [right], columns, glyphs.ellipsis);
};

/** `This workspace waits for trust: 2 tools, agents.yaml, 1 workflow that starts itself` */
export const trustWordsOf = (files: readonly string[]): string => {
	const isTool = (file: string) => file.split('/').slice(0, -1).includes('tools');
	const tools = files.filter(isTool).length;
	const workflows = files.filter(file => !isTool(file) && file.startsWith('.aiworkflow/workflows/')).length;
	const others = files.filter(file => !isTool(file) && !file.startsWith('.aiworkflow/workflows/'));
	const said = [
		tools === 0 ? '' : `${tools} ${tools === 1 ? 'file' : 'files'} of tools`,
		workflows === 0 ? '' : `${workflows} of workflows that start themselves`,
		...others.slice(0, 2).map(file => file.replace(/^\.aiworkflow\//, '')),
		others.length > 2 ? `${others.length - 2} more` : '',
	];
	return cleanText(`This workspace waits for trust: ${said.filter(Boolean).join(', ')}`);
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

/** The same, where only the workspace waits. */
export const trustRowOf = (
	{attention}: CockpitState,
	{key, hint, columns, look: {glyphs}}: Omit<AttentionOptions, 'count'>,
): Row => {
	const item = attention.find(each => each.kind === 'trust');
	if (item?.kind !== 'trust') return [];
	const left = [span(` ${glyphs.alert} ${trustWordsOf(item.files)}`, 'alert')];
	return spread(left, hint ? [span(`  ${key}`, 'key'), span(` ${hint} `)] : [span(' ')], columns, glyphs.ellipsis);
};

/** A permission is best known by what it is about. */
export const questionWordsOf = ({approval}: OpenApproval): string =>
	cleanText(
		approval.kind === 'permission' && approval.preview
			? `${approval.question}: ${approval.preview}`
			: approval.question,
	);
