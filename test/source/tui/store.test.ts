import {describe, expect, test} from 'vitest';
import type {JournalEvent} from '../../../source/run/events.ts';
import {reduce} from '../../../source/run/reduce.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {type CockpitState, initialState} from '../../../source/tui/state.ts';
import type {Inflow} from '../../../source/tui/store/absorb.ts';
import {nextTickAtMs} from '../../../source/tui/store/clock.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {playBusy} from './scenes.ts';
import {createScriptedDaemon} from './scripted-daemon.ts';
import {noonMs, pressAll, stateOf} from './states.ts';
import {createTestTimers} from './test-timers.ts';

const live = {connection: {status: 'live', pid: 1, version: '0.1.0'}} as const;
const emptyState = (): CockpitState => ({
	...initialState({workspace: '/src', version: '0.1.0', size: {columns: 120, rows: 35}, nowMs: noonMs}),
	...live,
});

/** The events of one run: created, then `count` warnings of an agent. */
const eventsOf = (runId: string, count: number): JournalEvent[] => {
	const daemon = createScriptedDaemon(noonMs);
	const steps = [{id: 'talk', kind: 'agent'}] as const;
	const created = daemon.createRun(runId, {steps});
	const warnings = Array.from({length: count}, (_, index) => {
		const body = {stepId: 'talk', attempt: 1, message: `warning ${index}`};
		return {cursor: index + 2, seq: index + 2, runId, atMs: noonMs, type: 'agent.warned', body} as const;
	});
	return [created, ...warnings];
};

const inflowOf = (event: JournalEvent): Inflow => ({kind: 'event', event});

describe('painting', () => {
	test('paints the first event at once and the following ones together, a frame later', async () => {
		const timers = createTestTimers(noonMs);
		const store = createStore(emptyState(), {timers});
		let paints = 0;
		store.subscribe(() => paints++);
		const events = eventsOf('r-1', 99);
		for (const event of events) store.collect(inflowOf(event));
		expect(paints).toBe(1);
		expect(store.get().runs.get('r-1')?.seq).toBe(1);
		await timers.advance(cockpitLimits.frameMs);
		expect(paints).toBe(2);
		expect(store.get().runs.get('r-1')?.seq).toBe(events.length);
	});

	test('drops none of 10,000 events that come within a second', async () => {
		const timers = createTestTimers(noonMs);
		const store = createStore(emptyState(), {timers});
		let paints = 0;
		store.subscribe(() => paints++);
		const events = eventsOf('r-1', 9999);
		for (const [index, event] of events.entries()) {
			store.collect(inflowOf(event));
			if (index % 100 === 99) await timers.advance(10);
		}

		await timers.advance(cockpitLimits.frameMs);
		const run = store.get().runs.get('r-1');
		expect(run).toEqual(events.reduce<ReturnType<typeof reduce> | undefined>(reduce, undefined));
		expect(run?.steps.talk?.warnings).toHaveLength(9999);
		expect(paints).toBeLessThan(20);
	});

	test('paints what a person did at once, with everything that came before it', () => {
		const timers = createTestTimers(noonMs);
		const store = createStore(emptyState(), {timers});
		const events = eventsOf('r-1', 10);
		for (const event of events) store.collect(inflowOf(event));
		store.change(state => ({...state, help: {scroll: 0}}));
		expect(store.get()).toMatchObject({help: {scroll: 0}});
		expect(store.get().runs.get('r-1')?.seq).toBe(events.length);
	});
});

describe('the clock', () => {
	test('has no timer while nothing runs', async () => {
		const timers = createTestTimers(noonMs);
		const daemon = createScriptedDaemon(noonMs);
		daemon.createRun('r-1', {steps: [{id: 'ship', kind: 'approval'}]});
		daemon.emit('r-1', 'approval.requested', {approvalId: 'ap', stepId: 'ship', kind: 'approval', question: 'Ship?'});
		const store = createStore(await stateOf(daemon), {timers});
		store.change(state => state);
		expect(timers.pending).toBe(0);
	});

	test('ticks once a second while something runs, and while the daemon is gone', async () => {
		const running = await stateOf(playBusy(noonMs));
		expect(nextTickAtMs(running)).toBe(noonMs + 1000);
		const idle = emptyState();
		expect(nextTickAtMs(idle)).toBeUndefined();
		expect(nextTickAtMs({...idle, connection: {status: 'lost', sinceMs: noonMs}})).toBe(noonMs + 1000);
	});

	test('wakes when a question starts to take keys', async () => {
		const state = {...(await stateOf(playBusy(noonMs))), nowMs: noonMs + 100};
		expect(nextTickAtMs(pressAll(state, 'a').state)).toBe(noonMs + 100 + cockpitLimits.armMs);
	});
});

describe('folding', () => {
	const folded = (...inflows: Inflow[]): CockpitState => {
		const store = createStore(emptyState(), {timers: createTestTimers(noonMs)});
		for (const inflow of inflows) store.collect(inflow);
		store.change(state => state);
		return store.get();
	};

	test('keeps events of an unknown run until its state is fetched, and then goes on', () => {
		const events = eventsOf('r-1', 6);
		const asked = folded(...events.slice(3).map(inflowOf));
		expect([...asked.orphans.keys()]).toEqual(['r-1']);
		expect(asked.runs.size).toBe(0);
		const run = events.slice(0, 5).reduce<ReturnType<typeof reduce> | undefined>(reduce, undefined)!;
		const answered = folded(...events.slice(3).map(inflowOf), {kind: 'run', run});
		expect(answered.orphans.size).toBe(0);
		expect(answered.runs.get('r-1')?.seq).toBe(7);
	});

	test('notices a gap, asks, and shows what it had until then', () => {
		const events = eventsOf('r-1', 6);
		const state = folded(...events.filter(({seq}) => seq !== 4).map(inflowOf));
		expect(state.runs.get('r-1')?.seq).toBe(3);
		expect(state.orphans.get('r-1')?.map(({seq}) => seq)).toEqual([5, 6, 7]);
	});

	test('takes events that it has already for what they are', () => {
		const events = eventsOf('r-1', 3);
		const state = folded(...events.map(inflowOf), ...events.slice(1).map(inflowOf));
		expect(state.runs.get('r-1')?.seq).toBe(4);
		expect(state.orphans.size).toBe(0);
	});

	test('asks for the run when it does not understand an event', () => {
		const [created] = eventsOf('r-1', 0);
		const unknown = {cursor: 2, seq: 2, runId: 'r-1', atMs: noonMs, type: 'step.teleported', body: {stepId: 'talk'}};
		const state = folded(inflowOf(created!), inflowOf(unknown as unknown as JournalEvent));
		expect([...state.orphans.keys()]).toEqual(['r-1']);
	});

	test('lists open runs first and forgets those that a fresh snapshot has not', () => {
		const daemon = playBusy(noonMs);
		const runs = [...daemon.runs.values()];
		const all = folded({kind: 'snapshot', page: {cursor: 9, runs, isLast: true}});
		expect(all.order).toEqual(['r-fix42', 'r-audit', 'r-release', 'r-docs', 'r-deploy', 'r-fix41', 'r-standup']);
		const fewer = folded(
			{kind: 'snapshot', page: {cursor: 9, runs, isLast: true}},
			{kind: 'snapshot', page: {cursor: 9, runs: runs.slice(0, 2), isLast: false}},
			{kind: 'snapshot', page: {cursor: 9, runs: runs.slice(2, 3), isLast: true}},
		);
		expect(fewer.order).toEqual(['r-deploy', 'r-fix41', 'r-standup']);
	});
});

describe('the selection', () => {
	test('stays on its run while the list changes around it', async () => {
		const daemon = playBusy(noonMs);
		const {state} = pressAll(await stateOf(daemon), 'j', 'j');
		expect(state.runId).toBe('r-release');
		const store = createStore(state, {timers: createTestTimers(noonMs)});
		daemon.createRun('r-new', {workflow: 'hello', steps: [{id: 'say'}]});
		store.collect({kind: 'run', run: daemon.runs.get('r-new')!});
		daemon.emit('r-audit', 'run.failed', {failure: {code: 'run.timeout', message: 'Too long.'}});
		store.collect({kind: 'run', run: daemon.runs.get('r-audit')!});
		store.change(each => each);
		expect(store.get().order.slice(0, 2)).toEqual(['r-new', 'r-fix42']);
		expect(store.get().runId).toBe('r-release');
	});

	test('goes to the neighbour when its run is gone', async () => {
		const daemon = playBusy(noonMs);
		const {state} = pressAll(await stateOf(daemon), 'j', 'j');
		const store = createStore(state, {timers: createTestTimers(noonMs)});
		const runs = [...daemon.runs.values()].filter(({id}) => id !== 'r-release');
		store.collect({kind: 'snapshot', page: {cursor: 99, runs, isLast: true}});
		expect(store.get().runId).toBe('r-docs');
	});
});

describe('an open question', () => {
	const openShip = async () => {
		const daemon = playBusy(noonMs);
		const {state} = pressAll(await stateOf(daemon), 'a', 'a');
		const store = createStore(state, {timers: createTestTimers(noonMs)});
		return {daemon, store};
	};

	test('closes, and says who answered, when somebody else was faster', async () => {
		const {daemon, store} = await openShip();
		const origin = {by: 'grace', via: 'command'};
		daemon.emit('r-release', 'approval.approved', {approvalId: 'ap-ship', stepId: 'ship', origin});
		store.collect({kind: 'run', run: daemon.runs.get('r-release')!});
		expect(store.get().dialog).toBeUndefined();
		expect(store.get().notice?.text).toBe('grace approved it (command): release 7, ship.');
	});

	test('closes when its step has ended', async () => {
		const {daemon, store} = await openShip();
		daemon.emit('r-release', 'approval.withdrawn', {approvalId: 'ap-ship', stepId: 'ship', reason: 'cancelled'});
		store.collect({kind: 'run', run: daemon.runs.get('r-release')!});
		expect(store.get().notice?.text).toContain('moot');
	});
});
