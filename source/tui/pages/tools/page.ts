import type {CockpitState, Size} from '../../state.ts';
import {idAfter} from '../cursor.ts';
import type {Page} from '../pages.ts';
import {workflowsPage} from '../workflows/page.ts';
import {toolDetailRowsOf} from './details.ts';
import {selectedToolOf, toolNamesOf, toolsOf} from './select.ts';

export const toolsPage: Page = {
	title: 'tools',
	moved(state, rows, size) {
		// What trust covers is the same wherever it is asked about.
		if (state.dialog?.kind === 'trust') return workflowsPage.moved(state, rows, size);
		const {tools} = state.pages;
		if (tools.half === 'details') {
			const scroll = Math.max(0, Math.min(tools.scroll + rows, detailsScrollMaxOf(state, size)));
			return {...state, pages: {...state.pages, tools: {...tools, scroll}}};
		}

		const selected = idAfter(toolNamesOf(state), selectedToolOf(state)?.name, rows);
		return {...state, pages: {...state.pages, tools: {...tools, selected, scroll: 0}}};
	},
};

/** @returns How many rows of the page the list takes, borders included. */
export const toolListRowsOf = (state: CockpitState, size: Size): number => {
	// Whoever reads the details wants room for them.
	const most = state.pages.tools.half === 'details' ? 6 : Math.floor(size.rows / 2);
	return Math.min(Math.max(4, toolsOf(state).length + 3), Math.max(5, most));
};

/** @returns The last position the details can be scrolled to. */
const detailsScrollMaxOf = (state: CockpitState, size: Size): number => {
	const rows = size.rows - toolListRowsOf(state, size) - 2;
	return Math.max(0, toolDetailRowsOf(state, size.columns - 2).length - rows);
};
