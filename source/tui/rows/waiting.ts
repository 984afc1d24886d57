import {unitNameOf} from '../../run/state.ts';
import {blockedStepsOf} from '../../run/views.ts';
import {elsewhereWords, type OpenApproval, runNameOf} from '../select.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span, spread} from '../text/row.ts';
import {fitText} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {clockWords} from '../times.ts';

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
	const nameColumns = Math.max(18, Math.floor(columns * 0.2));
	const left = [
		span(`${glyphs.status.waiting} `, 'waiting'),
		span(`${fitText(cleanText(`${runNameOf(run)}${elsewhereWords(run, workspace)}`), nameColumns, glyphs.ellipsis)} `),
		span(`${fitText(cleanText(unitNameOf(approval.stepId, approval.item)), 12, glyphs.ellipsis)} `, 'muted'),
		span(questionWords({run, approval}), 'strong'),
	];
	return spread(left, right, columns, glyphs.ellipsis);
};

/** The whole of "Needs you" on one row. */
export const attentionRowOf = (
	first: OpenApproval,
	{count, hint, columns, look: {glyphs}}: {count: string; hint: string | undefined; columns: number; look: Look},
): Row => {
	const verb = Number.parseInt(count, 10) === 1 ? 'needs' : 'need';
	const left = [
		span(` ${glyphs.status.waiting} ${count} ${verb} you: `, 'alert'),
		span(`${cleanText(runNameOf(first.run))}: ${questionWords(first)}`),
	];
	return spread(left, hint ? [span('  a', 'key'), span(` ${hint} `)] : [span(' ')], columns, glyphs.ellipsis);
};

/** A permission is best known by what it is about. */
const questionWords = ({approval}: OpenApproval): string =>
	cleanText(
		approval.kind === 'permission' && approval.preview
			? `${approval.question}: ${approval.preview}`
			: approval.question,
	);
