import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {reduce} from '../../../source/run/reduce.ts';
import type {RunState} from '../../../source/run/state.ts';
import {markdownOf} from '../../../source/tui/export/markdown.ts';
import type {DaemonEffect} from '../../../source/tui/keys/actions.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {emptyHistoryOf, historyAfter, runAt, withEvents} from '../../../source/tui/run-view/history.ts';
import {momentOf, thenWords} from '../../../source/tui/run-view/past.ts';
import {outputTargetOf, selectedRunOf, selectedStepOf} from '../../../source/tui/select.ts';
import {startSession} from '../../../source/tui/session/session.ts';
import {type CockpitState, initialState, placeOf} from '../../../source/tui/state.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {playBusy, playMoney, playSteered} from './scenes.ts';
import {createScriptedDaemon, type ScriptedDaemon} from './scripted-daemon.ts';
import {noonMs, pressAll, stateOf, withHistory} from './states.ts';
import {createTestTimers} from './test-timers.ts';

process.env.TZ = 'UTC';

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

const open = async (daemon: ScriptedDaemon, workspace = '/src/shop') => {
	const timers = createTestTimers(daemon.clock.nowMs);
	const size = {columns: 120, rows: 35};
	const store = createStore(initialState({workspace, version: '0.1.0', size, nowMs: daemon.clock.nowMs}), {timers});
	const session = startSession({connect: daemon.connect, store, timers});
	ends.push(() => {
		session.stop();
		store.stop();
	});
	await timers.advance(500);
	const pressed = async (...keys: string[]) => {
		let effects: ReturnType<typeof pressAll>['effects'] = [];
		store.change(state => {
			const outcome = pressAll(state, ...keys);
			effects = outcome.effects;
			return outcome.state;
		});
		for (const effect of effects) await session.perform(effect as DaemonEffect);
		await timers.advance(500);
	};
	return {store, timers, pressed};
};

/** A step that fails once and is done again, with fifty warnings in between. */
const twice = (): ScriptedDaemon => {
	const daemon = createScriptedDaemon(noonMs - 60_000);
	const failure = {code: 'script.failed', message: 'It failed.'};
	daemon.createRun('r-1', {workflow: 'twice', inputs: {issue: 42}, steps: [{id: 'fix'}, {id: 'test'}]});
	daemon.emit('r-1', 'attempt.started', {stepId: 'fix', attempt: 1});
	daemon.clock.nowMs += 10_000;
	for (let count = 1; count <= 50; count++)
		daemon.emit('r-1', 'agent.warned', {stepId: 'fix', attempt: 1, message: `warning ${count}`});
	daemon.emit('r-1', 'attempt.failed', {stepId: 'fix', attempt: 1, failure, retryAtMs: daemon.clock.nowMs});
	daemon.emit('r-1', 'attempt.started', {stepId: 'fix', attempt: 2});
	daemon.clock.nowMs += 20_000;
	daemon.emit('r-1', 'step.completed', {stepId: 'fix', attempt: 2, outputs: {lines: 3}});
	daemon.emit('r-1', 'attempt.started', {stepId: 'test', attempt: 1});
	daemon.clock.nowMs = noonMs;
	return daemon;
};

describe('any moment of a run', () => {
	test('is the fold of its events up to there, in whatever order moments are looked at', () => {
		const {journal} = playSteered(noonMs);
		const events = journal.filter(({runId}) => runId === 'r-bulk');
		const folds: RunState[] = [];
		for (const event of events) folds.push(reduce(folds.at(-1), event));
		const order = [events.length - 1, 0, 70, 65, 64, 63, 10, events.length - 2, 1];
		expect(events.length).toBeGreaterThan(cockpitLimits.historyFoldEvery);
		for (const index of order) expect(runAt(events, index)).toEqual(folds[index]);
	});

	test('is nothing where there is no event, and where an event is unknown to this version', () => {
		const {journal} = twice();
		expect(runAt(journal, -1)).toBeUndefined();
		expect(runAt(journal, journal.length)).toBeUndefined();
		const unknown = {...journal[1]!, seq: 2, body: {stepId: 'gone', attempt: 1}, type: 'step.completed'} as never;
		expect(runAt([{...journal[0]!}, unknown], 1)).toBeUndefined();
	});

	test('is kept up to a limit, and says that there is more', () => {
		const {journal} = twice();
		const event = journal[0]!;
		const many = Array.from({length: cockpitLimits.historyEventsMax + 1}, (_, index) => ({...event, seq: index + 1}));
		const history = withEvents(emptyHistoryOf('r-1'), many);
		expect([history.events.length, history.isCut]).toEqual([cockpitLimits.historyEventsMax, true]);
	});

	test('takes what happens on, and leaves a gap to be fetched', () => {
		const {journal} = twice();
		const history = {...withEvents(emptyHistoryOf('r-1'), journal.slice(0, 3)), status: 'ready' as const};
		expect(historyAfter(history, journal.slice(2, 5))?.events).toHaveLength(5);
		expect(historyAfter(history, journal.slice(4, 6))).toBe(history);
	});
});

describe('scrubbing', () => {
	const scrubbed = async (...keys: string[]): Promise<CockpitState> => {
		const daemon = twice();
		return pressAll(withHistory(daemon, await stateOf(daemon)), ...keys).state;
	};

	test('goes event by event, and by steps, back and on', async () => {
		expect(thenWords(await scrubbed('['))).toBe('then: 14:01:41, event 56 of 57, step.completed fix');
		expect(thenWords(await scrubbed('[', '[', '['))).toBe('then: 14:01:21, event 54 of 57, attempt.failed fix');
		expect(thenWords(await scrubbed('{'))).toContain('event 56 of 57, step.completed fix');
		expect(thenWords(await scrubbed('{', '{', '{'))).toContain('event 3 of 57, attempt.started fix');
		expect(thenWords(await scrubbed('g', '[', 'G', '[', '{', '{', '}'))).toContain('event 55 of 57');
	});

	test('shows the run as it was: steps, counts, times and the attempt whose output there was', async () => {
		const state = await scrubbed('{', '{', '{', ']', ']');
		expect(selectedRunOf(state)).toMatchObject({counts: {running: 1, pending: 1}});
		expect(selectedStepOf(state)?.warnings).toEqual(['warning 1', 'warning 2']);
		expect(outputTargetOf(state)).toMatchObject({stepId: 'fix', attempt: 1});
		expect(outputTargetOf(await scrubbed('{'))).toMatchObject({stepId: 'fix', attempt: 2});
	});

	test('ends at now: after the last event, by esc and by G', async () => {
		for (const keys of [[']', ']'], ['esc'], ['G']]) {
			const state = await scrubbed('[', ...keys);
			expect([state.runView.past, placeOf(state)]).toEqual([undefined, 'steps']);
		}
	});

	test('stops at the first event', async () => {
		expect(thenWords(await scrubbed('[', 'g', '[', '{', '['))).toContain('event 1 of 57, run.created');
	});

	test('decides nothing: the keys that would say so', async () => {
		const daemon = playBusy(noonMs);
		const past = pressAll(withHistory(daemon, await stateOf(daemon)), '[').state;
		for (const key of ['a', 'A', 'n', 'p', 'R', 'S', 'Y']) {
			const {state, effects} = pressAll(past, key);
			expect([effects, state.dialog, placeOf(state)]).toEqual([[], undefined, 'past']);
		}
	});

	test('stays where it is while the run goes on', async () => {
		const daemon = twice();
		const {store, pressed, timers} = await open(daemon);
		await pressed('[');
		const before = thenWords(store.get());
		daemon.emit('r-1', 'step.completed', {stepId: 'test', attempt: 1, outputs: {}});
		await timers.advance(500);
		expect(before).toContain('event 56 of 57');
		expect(thenWords(store.get())).toBe(before.replace('of 57', 'of 58'));
	});

	test('says what went wrong where the events cannot be had', async () => {
		const daemon = twice();
		const {store, pressed} = await open(daemon);
		daemon.removeEvents('r-1');
		await pressed('[');
		expect(momentOf(store.get())).toBeUndefined();
		expect(thenWords(store.get())).toBe('then: There is no run "r-1".');
		const asked = daemon.calls.length;
		await pressed('esc', '[');
		expect(daemon.calls.slice(asked)).toEqual(['runEvents r-1 0']);
	});
});

describe('the events', () => {
	test('are fetched with the first key, page by page, and not again', async () => {
		const daemon = twice();
		const {store, pressed} = await open(daemon);
		expect(daemon.calls.filter(call => call.startsWith('runEvents'))).toEqual([]);
		await pressed('[');
		expect(momentOf(store.get())?.event.seq).toBe(56);
		const calls = daemon.calls.filter(call => call.startsWith('runEvents'));
		expect(calls).toHaveLength(6);
		await pressed('[', '{', 'esc', '[');
		expect(daemon.calls.filter(call => call.startsWith('runEvents'))).toEqual(calls);
	});

	test('are completed after the daemon was gone', async () => {
		const daemon = twice();
		const {store, timers, pressed} = await open(daemon);
		await pressed('t');
		daemon.kill();
		await timers.advance(1000);
		daemon.emitUnseen('r-1', 'step.completed', {stepId: 'test', attempt: 1, outputs: {}});
		daemon.revive();
		daemon.emit('r-1', 'run.completed', {outputs: {}});
		await timers.advance(5000);
		expect(
			store
				.get()
				.runView.history?.events.map(({seq}) => seq)
				.slice(-3),
		).toEqual([57, 58, 59]);
	});
});

describe('from a moment of the past', () => {
	test('a fork is asked about once, and its run is selected, as it is now', async () => {
		const daemon = twice();
		const {store, pressed} = await open(daemon);
		await pressed('{', 'f', 'n');
		await pressed('f', 'y');
		expect(daemon.calls.filter(call => call.startsWith('fork'))).toEqual(['fork r-1 56']);
		expect([store.get().runId, placeOf(store.get())]).toEqual(['r-1-fork', 'steps']);
		expect(store.get().notice?.text).toBe('twice 2 goes on from there; nothing is taken over.');
	});

	test('a read-only cockpit does not fork', async () => {
		const daemon = twice();
		const past = pressAll(withHistory(daemon, {...(await stateOf(daemon)), isReadOnly: true}), '[').state;
		expect(pressAll(past, 'f').state.notice?.text).toBe('This cockpit is read-only.');
	});

	test('a run is written to a new file in the folder, in either form, and nothing is overwritten', async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-export-'));
		ends.push(() => rmSync(folder, {recursive: true}));
		const {store, pressed} = await open(twice(), folder);
		await pressed('X', 'm');
		await pressed('X', 'm');
		await pressed('{', 'x', 'n');
		await expect
			.poll(() => readdirSync(folder).toSorted())
			.toEqual(['twice-1-2.md', 'twice-1-event-56.ndjson', 'twice-1.md']);
		expect(store.get().notice?.text).toBe(`Written: twice-1-event-56.ndjson, in ${folder}.`);
		const lines = readFileSync(path.join(folder, 'twice-1-event-56.ndjson'), 'utf8').trimEnd().split('\n');
		expect(lines.map(line => JSON.parse(line).seq)).toEqual(Array.from({length: 56}, (_, index) => index + 1));
	});
});

describe('a run as a story', () => {
	test('tells of inputs, steps, attempts, decisions, choices of agents and what happened', async () => {
		const {journal} = playMoney(noonMs);
		const story = markdownOf(journal.filter(({runId}) => runId === 'r-fix'));
		await expect(story).toMatchFileSnapshot(path.join(import.meta.dirname, 'frames', 'story.md'));
	});
});
