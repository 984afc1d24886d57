import {idAfter} from '../cursor.ts';
import type {Page} from '../pages.ts';
import {metersOf, selectedMeterOf} from './select.ts';

export const moneyPage: Page = {
	title: 'money',
	moved(state, rows) {
		const ids = metersOf(state).map(({id}) => id);
		const {money} = state.pages;
		return {
			...state,
			pages: {...state.pages, money: {...money, selected: idAfter(ids, selectedMeterOf(state)?.id, rows)}},
		};
	},
};
