import {type Split, splitOf} from '../../../parts/split.ts';
import type {CockpitState, Size} from '../../../state.ts';
import type {Row} from '../../../text/row.ts';
import {type Look, lookOf} from '../../../theme.ts';
import {templatePreviewOf} from './rows.ts';
import {movedInTemplates, selectedTemplateOf, shownTemplatesOf, withTemplates} from './select.ts';

export const splitOfTemplates = (state: CockpitState, size: Size): Split =>
	splitOf(size, Math.max(shownTemplatesOf(state).length, 3));

/** @returns The rows of the preview that are on the screen, the first of them, and how many there are. */
export const previewOf = (
	state: CockpitState,
	size: Size,
	look: Look,
): {readonly rows: readonly Row[]; readonly top: number; readonly count: number} => {
	const {detail} = splitOfTemplates(state, size);
	const template = selectedTemplateOf(state);
	const rows = template ? templatePreviewOf(template, detail.columns - 2, look) : [];
	const top = Math.min(state.pages.workflows.templates.scroll, scrollMaxOf(rows.length, detail));
	return {rows: rows.slice(top, top + detail.rows - 2), top, count: rows.length};
};

/** Moves the cursor of the list, or the preview, whichever has the keys. */
export const movedAmongTemplates = (state: CockpitState, rows: number, size: Size): CockpitState => {
	if (state.pages.workflows.templates.half === 'list') return movedInTemplates(state, rows);
	const {detail} = splitOfTemplates(state, size);
	const {top, count} = previewOf(state, size, lookOf({}));
	return withTemplates(state, {scroll: Math.max(0, Math.min(top + rows, scrollMaxOf(count, detail)))});
};

const scrollMaxOf = (count: number, {rows}: Size): number => Math.max(0, count - (rows - 2));
