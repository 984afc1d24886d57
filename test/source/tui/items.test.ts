import {describe, expect, test} from 'vitest';
import {pickedOf, stepListOf} from '../../../source/tui/run-view/step-list.ts';
import {outputTargetOf, selectedRunOf, selectedStepOf} from '../../../source/tui/select.ts';
import {startSession} from '../../../source/tui/session/session.ts';
import {type CockpitState, initialState} from '../../../source/tui/state.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {playSteered} from './scenes.ts';
import {noonMs, pressAll, stateOf} from './states.ts';
import {createTestTimers} from './test-timers.ts';

/** On `bulk`: build, draft, fix with a hundred items, and ship, which is a run of its own. */
const onBulk = async (...keys: string[]) =>
	pressAll(await stateOf(playSteered(noonMs)), 'enter', 'g', 'j', 'j', ...keys).state;
const rowOf = (state: CockpitState) => {
	const {at, cursor, count} = stepListOf(state, selectedRunOf(state)!);
	return [at(cursor), count];
};

describe('the items of a step', () => {
	test('are listed below it by enter, walked like steps, and hidden by esc', async () => {
		expect(rowOf(await onBulk())).toEqual([{stepId: 'fix'}, 4]);
		expect(rowOf(await onBulk('enter'))).toEqual([{stepId: 'fix'}, 104]);
		expect(rowOf(await onBulk('enter', 'j', 'j'))).toEqual([{stepId: 'fix', item: 1}, 104]);
		expect(rowOf(await onBulk('enter', 'k'))).toEqual([{stepId: 'draft'}, 104]);
		expect(rowOf(await onBulk('enter', 'G'))).toEqual([{stepId: 'ship'}, 104]);
		expect(rowOf(await onBulk('enter', 'G', 'k'))).toEqual([{stepId: 'fix', item: 99}, 104]);
		expect(rowOf(await onBulk('enter', 'j', 'esc'))).toEqual([{stepId: 'fix'}, 4]);
		expect((await onBulk('enter', 'j', 'esc', 'esc')).pane).toBe('runs');
	});

	test('have an output each', async () => {
		expect(outputTargetOf(await onBulk())).toMatchObject({stepId: 'fix', item: 37});
		expect(outputTargetOf(await onBulk('enter', 'j', 'j', 'j'))).toMatchObject({stepId: 'fix', item: 2});
		expect((await onBulk('enter', 'j', 'enter')).pane).toBe('output');
	});

	test('can be walked from the output and in the graph as well', async () => {
		const state = await onBulk('enter', 'j', 'enter', ')', ')');
		expect(outputTargetOf(state)).toMatchObject({item: 2});
		expect(outputTargetOf(await onBulk('v', '('))).toMatchObject({item: 36});
	});

	test('are no longer listed of a run that has none of that step', async () => {
		const state = await onBulk('enter');
		const run = selectedRunOf(state)!;
		expect(pickedOf(state, run)).toEqual({stepId: 'fix'});
		expect(pickedOf(state, {...run, steps: {}})).toBeUndefined();
	});
});

describe('a step that is a run of its own', () => {
	test('is gone into by enter and left by esc, to where one was', async () => {
		const inside = await onBulk('j', 'enter');
		expect([inside.runId, inside.pane]).toEqual(['r-child', 'steps']);
		const back = pressAll(inside, 'esc').state;
		expect([back.runId, back.pane, selectedStepOf(back)?.id]).toEqual(['r-bulk', 'steps', 'ship']);
		expect(pressAll(back, 'esc').state.pane).toBe('runs');
	});

	test('is gone into from the past, and is shown as it is now', async () => {
		const inside = pressAll(await onBulk('j'), '[', 'enter').state;
		expect([inside.runId, inside.runView.past]).toEqual(['r-child', undefined]);
	});

	test('whose run is not among those that are shown is fetched', async () => {
		const daemon = playSteered(noonMs);
		const timers = createTestTimers(noonMs);
		const size = {columns: 120, rows: 35};
		const store = createStore(initialState({workspace: '/src/shop', version: '0.1.0', size, nowMs: noonMs}), {timers});
		const session = startSession({connect: daemon.connect, store, timers});
		await timers.advance(500);
		store.change(state => {
			const runs = new Map(state.runs);
			runs.delete('r-child');
			return pressAll({...state, runs, order: state.order.filter(id => id !== 'r-child')}, 'enter', 'G', 'enter').state;
		});
		await timers.advance(500);
		expect(store.get().runId).toBe('r-child');
		expect(selectedRunOf(store.get())?.workflow.name).toBe('deploy');
		session.stop();
		store.stop();
	});
});
