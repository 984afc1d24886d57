import {bindingsIn} from '../keys/bindings.ts';
import {runNameOf} from '../select.ts';
import {type CockpitState, type ConfirmDialog, placeOf} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, rowWidthOf, span} from '../text/row.ts';
import type {Look} from '../theme.ts';

/** The last row: what has to be said, then the keys that work here. */
export const bottomRowOf = (state: CockpitState, columns: number, {glyphs}: Look): Row => {
	const said = saidOf(state, glyphs.ellipsis);
	return [...said, ...hintsOf(state, columns - rowWidthOf(said))];
};

const saidOf = ({notice, dialog, help, runs}: CockpitState, ellipsis: string): Row => {
	if (notice) return [span(` ${cleanText(notice.text)} `, notice.kind === 'failure' ? 'danger' : 'alert')];
	if (help || !dialog) return [];
	if (dialog.kind !== 'approval') {
		const run = runs.get(dialog.runId);
		return [span(` ${questionOf(dialog, run ? cleanText(runNameOf(run)) : 'the run')} `, 'danger')];
	}

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
	}
};

const hintsOf = (state: CockpitState, columns: number): Row => {
	const hints: {readonly row: Row; readonly isKept: boolean}[] = [];
	for (const {keys, hint, action, disabledReason} of bindingsIn(placeOf(state))) {
		if (!hint || disabledReason?.(state)) continue;
		// Of a line too short everything may go, but not the way to the rest and the way out.
		const isKept = action === 'help' || action === 'quit';
		hints.push({row: [span(` ${keys[0]}`, 'key'), span(` ${hint} `)], isKept});
	}

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
