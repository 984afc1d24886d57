import {describe, expect, test} from 'vitest';
import {layoutOf, resized} from '../../../source/tui/layout.ts';
import type {CockpitState} from '../../../source/tui/state.ts';
import {playBusy} from './scenes.ts';
import {noonMs, pressAll, stateOf} from './states.ts';

const busy = await stateOf(playBusy(noonMs));
const at = (columns: number, rows: number, state: CockpitState = busy) => layoutOf(resized(state, {columns, rows}));

describe('rows and columns are shared out to the last one', () => {
	const sizes = [
		[40, 10],
		[80, 24],
		[99, 40],
		[100, 12],
		[120, 35],
		[200, 60],
		[300, 100],
	] as const;
	const situations = {
		runs: busy,
		steps: pressAll(busy, 'enter').state,
		approval: pressAll(busy, 'a').state,
		comment: {...pressAll(busy, 'a').state, nowMs: noonMs + 1000},
		help: pressAll(busy, '?').state,
	};

	test.each(sizes)('%i x %i', (columns, rows) => {
		for (const state of Object.values(situations)) {
			const {hasAttention, needs, runs, approval, steps, output, help} = at(columns, rows, state);
			const above = 2 + (hasAttention ? 1 : 0) + (needs?.rows ?? 0);
			const right = (approval?.rows ?? 0) + (steps?.rows ?? 0) + (output?.rows ?? 0);
			for (const used of [help?.rows, runs?.rows, right]) if (used) expect(above + used).toBe(rows);
			for (const pane of [approval, steps, output]) {
				if (pane) expect(pane.columns + (runs?.columns ?? 0)).toBe(columns);
				if (pane) expect(pane.rows).toBeGreaterThanOrEqual(3);
			}
		}
	});
});

test('a question that fits is all on the screen, a longer one leaves room for what it is about', () => {
	const {state} = pressAll(busy, 'a');
	const wanted = at(120, 40, state).approval!.rows;
	const roomy = wanted + 2 + busy.attention.length + 2;
	expect(at(120, roomy, state)).toMatchObject({needs: {}, approval: {rows: wanted}});
	// Rather than cut the question, the list of what else waits becomes one line.
	const least = wanted + 3;
	for (const rows of [roomy - 1, least]) {
		expect(at(120, rows, state)).toMatchObject({hasAttention: true, approval: {rows: wanted}});
		expect(at(120, rows, state).needs).toBeUndefined();
	}

	expect(at(120, least - 1, state).approval!.rows).toBeLessThan(wanted);
	expect(at(120, least - 1, state).steps).toBeDefined();
});

test('one pane at a time below 100 columns, all of them from 100 on', () => {
	expect(at(99, 30)).toMatchObject({kind: 'narrow', hasAttention: true, runs: {columns: 99}});
	expect(at(99, 30).steps).toBeUndefined();
	const wide = at(100, 30);
	expect(wide.kind).toBe('wide');
	expect([wide.needs, wide.runs, wide.steps, wide.output].every(Boolean)).toBe(true);
});

test('below 40 x 10 there is only a sentence', () => {
	expect(at(39, 24).kind).toBe('too-small');
	expect(at(80, 9).kind).toBe('too-small');
	expect(at(40, 10).kind).toBe('narrow');
});

test('the focus leaves a pane that a smaller screen has not', () => {
	const {state} = pressAll(busy, 'shift-tab');
	expect(state.pane).toBe('needs');
	expect(resized(state, {columns: 80, rows: 24}).pane).toBe('runs');
});
