import {idAfter} from '../cursor.ts';
import type {Page} from '../pages.ts';
import {deliveriesOf, selectedDeliveryOf} from './select.ts';

export const outboxPage: Page = {
	title: 'outbox',
	moved(state, rows) {
		const ids = deliveriesOf(state).map(({id}) => id);
		const selected = idAfter(ids, selectedDeliveryOf(state)?.id, rows);
		return {...state, pages: {...state.pages, outbox: {selected}}};
	},
};
