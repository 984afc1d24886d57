import {describe, expect, test} from 'vitest';
import {livenessWordsOf, usualMsOf} from '../../../source/tui/run-view/liveness.ts';
import {selectedRunOf} from '../../../source/tui/select.ts';
import {startSession} from '../../../source/tui/session/session.ts';
import {type CockpitState, initialState} from '../../../source/tui/state.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {createScriptedDaemon, type ScriptedDaemon} from './scripted-daemon.ts';
import {later, noonMs, stateOf} from './states.ts';
import {createTestTimers} from './test-timers.ts';

const words = (state: CockpitState): string => {
	const run = selectedRunOf(state)!;
	return livenessWordsOf(state, run, run.steps.fix!);
};

const running = (): ScriptedDaemon => {
	const daemon = createScriptedDaemon(noonMs);
	for (const [index, seconds] of [90, 30, 100].entries()) {
		const id = `r-${index}`;
		daemon.createRun(id, {workflow: 'fix', number: index, steps: [{id: 'fix'}]});
		daemon.emit(id, 'attempt.started', {stepId: 'fix', attempt: 1});
		daemon.clock.nowMs += seconds * 1000;
		daemon.emit(id, 'step.completed', {stepId: 'fix', attempt: 1, outputs: {}});
		daemon.emit(id, 'run.completed', {outputs: {}});
	}

	daemon.createRun('r-9', {workflow: 'fix', number: 9, steps: [{id: 'fix'}]});
	daemon.emit('r-9', 'attempt.started', {stepId: 'fix', attempt: 1});
	return daemon;
};

describe('a step that runs', () => {
	test('says when it last printed, then for how long it is quiet, and how long it usually takes', async () => {
		const daemon = running();
		const timers = createTestTimers(daemon.clock.nowMs);
		const size = {columns: 120, rows: 35};
		const store = createStore(initialState({workspace: '/src/shop', version: '0.1.0', size, nowMs: timers.nowMs()}), {
			timers,
		});
		const session = startSession({connect: daemon.connect, store, timers});
		await timers.advance(500);
		daemon.print('r-9', 'fix', 'hello\n');
		await timers.advance(3500);
		expect(words(store.get())).toBe('last output 3s ago');
		await timers.advance(60_000);
		expect(words(store.get())).toBe('quiet 1m03s, usually takes 1m30s');
		daemon.print('r-9', 'fix', 'again\n');
		await timers.advance(1000);
		expect(words(store.get())).toMatch(/^last output [01]s ago$/);
		session.stop();
		store.stop();
	});

	test('says no more than this cockpit can know', async () => {
		const fresh = await stateOf(running());
		const since = (ms: number): CockpitState => ({
			...fresh,
			runView: {...fresh.runView, heardSinceMs: fresh.nowMs + ms},
		});
		expect(words(later(since(1000), 2000))).toBe('');
		expect(words(later(since(0), 10_000))).toBe('no output yet');
		expect(words(later(since(1000), 120_000))).toBe('quiet over 1m59s, usually takes 1m30s');
		expect(words({...later(since(0), 120_000), connection: {status: 'lost', sinceMs: 0}})).toBe('');
	});

	test('has no usual length where it never ended before', async () => {
		const state = await stateOf(running());
		const run = selectedRunOf(state)!;
		expect(usualMsOf(state, run, 'fix')).toBe(90_000);
		expect(usualMsOf(state, {...run, workflow: {...run.workflow, name: 'other'}}, 'fix')).toBeUndefined();
	});
});
