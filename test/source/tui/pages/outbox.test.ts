import {expect, test} from 'vitest';
import {deliveryDetailRowsOf, deliveryRowOf} from '../../../../source/tui/pages/outbox/rows.ts';
import {deliveriesOf, selectedDeliveryOf} from '../../../../source/tui/pages/outbox/select.ts';
import type {CockpitState} from '../../../../source/tui/state.ts';
import {lookOf} from '../../../../source/tui/theme.ts';
import {playBusy} from '../scenes.ts';
import {noonMs, pressAll, stateOf, withDeliveries} from '../states.ts';

const look = lookOf({});
const opened = async () => withDeliveries(pressAll(await stateOf(playBusy(noonMs)), '8').state);
const rowsOf = (state: CockpitState) =>
	deliveriesOf(state).map(each =>
		deliveryRowOf(each, state, 130, look)
			.map(({text}) => text)
			.join(''),
	);
const said = (state: CockpitState, key: string) => pressAll(state, key).state.notice?.text;

test('dead letters come first, then what is tried next', async () => {
	const [dead, next, later] = rowsOf(await opened());
	expect(dead).toMatch(/✗ hooks\.example\.com\/… +deploy\/push +given up, 12 tries +503 webhook\.refused/);
	expect(next).toMatch(/◷ chat\.example\.com +deploy, run\.failed +try 1 of 12 at 14:03/);
	expect(later).toMatch(/◷ late\.example\.com +deploy\/push +try 4 of 12 at 14:20 +503 webhook\.refused/);
});

test('details tell why it failed last and what mends that', async () => {
	const state = await opened();
	const details = deliveryDetailRowsOf(selectedDeliveryOf(state)!, state, 100)
		.map(row => row.map(({text}) => text).join(''))
		.join('\n');
	expect(details).toMatch(/tries +12 of 12, after one replay/);
	expect(details).toMatch(/last failure +webhook\.refused: https:\/\/hooks\.example\.com answered 503\./);
	expect(details).toMatch(/to mend it +See what its owner says/);
});

test('a dead letter is sent again after one question; what is still tried is not', async () => {
	const state = await opened();
	expect(pressAll(state, 'R', 'n').effects).toEqual([]);
	expect(pressAll(state, 'R', 'y').effects).toMatchObject([{kind: 'replay', delivery: 'msg_1'}]);
	expect(said(pressAll(state, 'j').state, 'R')).toBe('It is still tried by itself.');
	expect(said({...state, isReadOnly: true}, 'R')).toBe('This cockpit is read-only.');
});

test('the run that is gone is not opened', async () => {
	expect(said(pressAll(await opened(), 'j').state, 'enter')).toBe('Its run is not known here any more.');
});
