import {blockedStepsOf} from '../../run/views.ts';
import {type OpenApproval, runNameOf} from '../select.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span, spread} from '../text/row.ts';
import {fitText} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {clockWords} from '../times.ts';

/** `◆ fix-issue 42  ship  Ship these changes?   blocks 3  since 14:02` */
export const waitingRowOf = (
	{run, approval}: OpenApproval,
	{columns, look, nowMs}: {columns: number; look: Look; nowMs: number},
): Row => {
	const {glyphs} = look;
	const blocked = blockedStepsOf(run, approval.stepId).length;
	const right = [
		span(blocked > 0 ? `  blocks ${blocked}` : '', 'muted'),
		span(`  since ${clockWords(approval.requestedAtMs, nowMs)}`, 'muted'),
		span(approval.expiresAtMs === undefined ? '' : `  expires ${clockWords(approval.expiresAtMs, nowMs)}`, 'alert'),
		span(' '),
	];
	const left = [
		span(`${glyphs.status.waiting} `, 'waiting'),
		span(`${fitText(cleanText(runNameOf(run)), 18, glyphs.ellipsis)} `),
		span(`${fitText(cleanText(approval.stepId), 12, glyphs.ellipsis)} `, 'muted'),
		span(questionWords({run, approval}), 'strong'),
	];
	return spread(left, right, columns, glyphs.ellipsis);
};

/** The whole of "Needs you" on one row. */
export const attentionRowOf = (first: OpenApproval, count: number, columns: number, {glyphs}: Look): Row => {
	const left = [
		span(` ${glyphs.status.waiting} ${count} ${count === 1 ? 'needs' : 'need'} you: `, 'alert'),
		span(`${cleanText(runNameOf(first.run))}: ${questionWords(first)}`),
	];
	return spread(left, [span('  a', 'key'), span(' answer ')], columns, glyphs.ellipsis);
};

/** A permission is best known by what it is about. */
const questionWords = ({approval}: OpenApproval): string =>
	cleanText(
		approval.kind === 'permission' && approval.preview
			? `${approval.question}: ${approval.preview}`
			: approval.question,
	);
