import type {CockpitState, Size} from '../../state.ts';
import {idAfter} from '../cursor.ts';
import type {Page} from '../pages.ts';
import {pickerItemsOf, selectedItemOf} from './select.ts';
import {scrolledWorkflow} from './source/view.ts';
import {movedAmongTemplates} from './templates/view.ts';
import {trustScrollMaxOf} from './trust/rows.ts';

export const workflowsPage: Page = {
	title: 'workflows',
	moved(state, rows, size) {
		switch (state.dialog?.kind) {
			case 'workflow':
				return scrolledWorkflow(state, rows, size);
			case 'trust':
				return scrolledTrust(state, rows, size);
			case 'templates':
			case 'template-filter':
				return movedAmongTemplates(state, rows, size);
			default:
				return movedInPicker(state, rows);
		}
	},
};

const movedInPicker = (state: CockpitState, rows: number): CockpitState => {
	const files = pickerItemsOf(state).map(({file}) => file);
	const {workflows} = state.pages;
	const selected = idAfter(files, selectedItemOf(state)?.file, rows);
	return {...state, pages: {...state.pages, workflows: {...workflows, selected}}};
};

const scrolledTrust = (state: CockpitState, rows: number, size: Size): CockpitState => {
	const {dialog} = state;
	if (dialog?.kind !== 'trust') return state;
	const scroll = Math.max(0, Math.min(dialog.scroll + rows, trustScrollMaxOf(state, size)));
	return {...state, dialog: {...dialog, scroll}};
};
