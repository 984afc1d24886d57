import {idAfter} from '../cursor.ts';
import type {Page} from '../pages.ts';
import {workflowsPage} from '../workflows/page.ts';
import {selectedTriggerOf, triggerItemsOf} from './select.ts';

export const triggersPage: Page = {
	title: 'triggers',
	moved(state, rows, size) {
		// The source of a workflow and what trust covers are the same wherever they were opened.
		if (state.dialog?.kind === 'workflow' || state.dialog?.kind === 'trust')
			return workflowsPage.moved(state, rows, size);
		const ids = triggerItemsOf(state).map(({id}) => id);
		const selected = idAfter(ids, selectedTriggerOf(state)?.id, rows);
		return {...state, pages: {...state.pages, triggers: {...state.pages.triggers, selected}}};
	},
};
