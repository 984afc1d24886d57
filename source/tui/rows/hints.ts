import {bindingsIn} from '../keys/bindings.ts';
import {pageFilterOf} from '../pages/workflows/actions.ts';
import {shortThenWords} from '../run-view/past.ts';
import {approvalOf, runNameOf} from '../select.ts';
import {type CockpitState, type ConfirmDialog, isConfirm, placeOf} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {fitRow, type Row, rowWidthOf, span} from '../text/row.ts';
import type {Look} from '../theme.ts';

/** The last row: what has to be said, then the keys that work here. */
export const bottomRowOf = (state: CockpitState, columns: number, {glyphs}: Look): Row => {
	const hints = hintsIn(state);
	const kept = widthOfAll(hints.filter(({isKept}) => isKept));
	const said = shortened(saidOf(state, glyphs), Math.max(20, columns - kept), glyphs.ellipsis);
	return [...said, ...fittingHints(hints, columns - rowWidthOf(said))];
};

/** What is said gives way to the keys that answer it. */
const shortened = (row: Row, columns: number, ellipsis: string): Row =>
	rowWidthOf(row) <= columns ? row : fitRow(row, columns, ellipsis);

const saidOf = (state: CockpitState, {ellipsis, caret}: Look['glyphs']): Row => {
	const {notice, dialog, help, runs} = state;
	if (notice) return [span(` ${cleanText(notice.text)} `, notice.kind === 'failure' ? 'danger' : 'alert')];
	// Also where only the output is on the screen, nobody must take then for now.
	if (placeOf(state) === 'past') return [span(` ${shortThenWords(state)} `, 'selected')];
	if (help || !dialog) return [];
	if (dialog.kind === 'filter') return [span(' /', 'key'), span(cleanText(state.filter)), span(`${caret} `, 'key')];
	if (dialog.kind === 'page-filter')
		return [span(' /', 'key'), span(cleanText(pageFilterOf(state))), span(`${caret} `, 'key')];
	if (dialog.kind === 'template-filter')
		return [span(' /', 'key'), span(cleanText(state.pages.workflows.templates.filter)), span(`${caret} `, 'key')];
	if (isConfirm(dialog)) {
		const run = 'runId' in dialog ? runs.get(dialog.runId) : undefined;
		return [span(` ${questionOf(dialog, run ? cleanText(runNameOf(run)) : 'the run')} `, 'danger')];
	}

	if (dialog.kind === 'themes')
		return [span(' Theme: ', 'alert'), span(`${cleanText(state.theme?.name ?? '')} `, 'strong')];
	if (dialog.kind === 'export') return [span(' Write the run to a file in this folder, as', 'alert')];
	if (dialog.kind === 'search')
		return [span(' /', 'key'), span(cleanText(state.runView.search)), span(`${caret} `, 'key')];
	if (dialog.kind !== 'approval') return [];
	if (dialog.isForRunAsked) return [span(` ${allowanceWordsOf(state)} `, 'alert')];
	return dialog.sent ? [span(` ${dialog.sent === 'approve' ? 'yes' : 'no'}, sent${ellipsis} `, 'alert')] : [];
};

const questionOf = (dialog: ConfirmDialog, name: string): string => {
	switch (dialog.kind) {
		case 'cancel':
			return `Cancel ${name}?`;
		case 'retry':
			return `Do again what failed in ${name}?`;
		case 'skip':
			return `Go on without ${cleanText(dialog.stepId)} in ${name}?`;
		case 'fork':
			return `A new run that goes on from event ${dialog.seq} of ${name}?`;
		case 'fire':
			return `Fire ${cleanText(dialog.schedule)} now?`;
		case 'replay':
			return `Send it again, to ${cleanText(dialog.to)}?`;
	}
};

interface Hint {
	readonly row: Row;
	/** Of a line too short everything may go, but not the way to the rest and the way out, nor the answers to what is asked. */
	readonly isKept: boolean;
}

const hintsIn = (state: CockpitState): Hint[] => {
	const place = placeOf(state);
	const isAsked = place === 'for-run' || place === 'trust' || (state.dialog !== undefined && isConfirm(state.dialog));
	return bindingsIn(place, state.keyTable).flatMap(({keys, hint, action, disabledReason}) => {
		if (!hint || disabledReason?.(state)) return [];
		const isKept = action === 'help' || action === 'quit' || isAsked;
		return [{row: [span(` ${keys[0]}`, 'key'), span(` ${hint} `)], isKept}];
	});
};

const fittingHints = (hints: readonly Hint[], columns: number): Row => {
	let left = columns - widthOfAll(hints.filter(({isKept}) => isKept));
	return hints
		.filter(({row, isKept}) => {
			if (!isKept) left -= rowWidthOf(row);
			return isKept || left >= 0;
		})
		.flatMap(({row}) => row);
};

const widthOfAll = (hints: readonly {readonly row: Row}[]): number =>
	hints.reduce((sum, {row}) => sum + rowWidthOf(row), 0);

/** What is allowed for the rest of the run: the same again, and nothing else. */
const allowanceWordsOf = (state: CockpitState): string => {
	const open = state.dialog?.kind === 'approval' ? approvalOf(state, state.dialog) : undefined;
	const action = open?.approval.action;
	const what = action?.command ?? action?.host ?? action?.paths?.join(', ') ?? action?.tool ?? '';
	return `Allow from now on in this run: ${action?.kind ?? ''} ${cleanText(what)}?`;
};
