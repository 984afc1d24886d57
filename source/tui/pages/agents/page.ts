import {idAfter, selectedIdOf} from '../cursor.ts';
import type {Page} from '../pages.ts';
import {agentNamesOf} from './select.ts';

export const agentsPage: Page = {
	title: 'agents',
	moved(state, rows) {
		const names = agentNamesOf(state);
		const {agents} = state.pages;
		const selected = idAfter(names, selectedIdOf(names, agents.selected), rows);
		return {...state, pages: {...state.pages, agents: {...agents, selected}}};
	},
};
