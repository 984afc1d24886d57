import {afterEach, expect, test} from 'vitest';
import {workspaceUntrusted} from '../../../source/errors.ts';
import {formOf} from '../../../source/tui/pages/workflows/form/form.ts';
import {startSession} from '../../../source/tui/session/session.ts';
import {initialState} from '../../../source/tui/state.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {playBusy} from './scenes.ts';
import {fixIssueFile} from './scripted-workflows.ts';
import {noonMs, pressAll} from './states.ts';
import {createTestTimers} from './test-timers.ts';

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

const open = async () => {
	const daemon = playBusy(noonMs);
	const timers = createTestTimers(noonMs);
	const size = {columns: 120, rows: 35};
	const store = createStore(initialState({workspace: '/src/shop', version: '0.1.0', size, nowMs: noonMs}), {timers});
	const used: unknown[] = [];
	const onFormUsed = (...form: unknown[]) => void used.push(form);
	const session = startSession({connect: daemon.connect, store, timers, onFormUsed});
	ends.push(() => {
		session.stop();
		store.stop();
	});
	const press = async (...keys: string[]) => {
		const {state, effects} = pressAll(store.get(), ...keys);
		store.change(() => state);
		for (const effect of effects) await session.perform(effect as Parameters<typeof session.perform>[0]);
		await timers.advance(500);
	};
	await timers.advance(500);
	return {daemon, timers, store, used, press};
};

test('a form starts a run, which is selected at home; what was typed is handed on to be remembered', async () => {
	const {daemon, store, used, press} = await open();
	await press('/', ...'zzz', 'enter', 'n');
	expect(store.get().fetched.workflow?.key).toBe(fixIssueFile);
	await press('enter', '4', '2');
	expect(store.get().fetched.estimate?.value?.knownUsd).toBe(0.2);
	await press('ctrl-s');
	expect(daemon.calls).toContain(`createRun ${fixIssueFile} {"issue":"42","mode":"fast","dry":"false"}`);
	const {screen, dialog, runId, filter, runs} = store.get();
	expect({screen, dialog, filter, workflow: runs.get(runId!)?.number}).toEqual({
		...{screen: 'home', dialog: undefined, filter: ''},
		workflow: 43,
	});
	expect(used).toEqual([[fixIssueFile, {issue: '42'}]]);
});

test('a form that is asked for before the file is read opens when it is, unless somebody went on', async () => {
	const {store, press} = await open();
	await press('n', 'enter');
	expect(formOf(store.get())?.workflow).toBe('fix-issue');
	await press('esc', '1');
	store.change(state => ({...state, fetched: {}}));
	await press('n', 'enter', '1');
	expect(store.get()).toMatchObject({screen: 'home', dialog: undefined});
});

test('a run that the daemon refuses leaves the form as it was, with the reason', async () => {
	const {daemon, store, used, press} = await open();
	await press('n');
	await press('enter', '4', '2');
	daemon.failNext(workspaceUntrusted('/src/shop', 'the agent "claude"'));
	await press('ctrl-s');
	expect(formOf(store.get())).toMatchObject({isSent: false, texts: {'input:issue': '42'}});
	expect(formOf(store.get())?.failure).toContain('/src/shop');
	await press('3');
	expect(formOf(store.get())?.failure).toBeUndefined();
	expect(used).toEqual([]);
});

test('trusting is sent to the daemon, and what it covers is asked anew', async () => {
	const {daemon, store, press} = await open();
	await press('n');
	expect(store.get().fetched.workspace?.value).toMatchObject({isTrusted: false});
	await press('T');
	await press('y');
	expect(daemon.calls).toContain('trust /src/shop');
	expect(store.get().fetched.workspace?.value).toMatchObject({isTrusted: true});
});

test('triggers are asked for while they are looked at, again after their events, and never by a timer', async () => {
	const {daemon, timers, store, press} = await open();
	const asked = () => daemon.calls.filter(call => call === 'triggers').length;
	await timers.advance(10_000);
	expect(asked()).toBe(0);
	await press('5');
	expect(asked()).toBe(1);
	expect(store.get().fetched.queues?.value).toHaveLength(1);
	await timers.advance(600_000);
	expect(asked()).toBe(1);
	const place = {workspace: '/src/shop', file: '/src/shop/.aiworkflow/workflows/nightly-audit.md', trigger: 'schedule'};
	daemon.emit(null, 'schedule.paused', {...place, origin: {by: 'ada', via: 'command'}, reason: null});
	await timers.advance(3000);
	expect(asked()).toBe(2);
});

test('a schedule is paused and fired; what came of it is said', async () => {
	const {daemon, store, press} = await open();
	await press('5');
	await press('p');
	expect(store.get().notice?.text).toContain('nightly-audit fires nothing');
	await press('R', 'y');
	expect(store.get().notice?.text).toBe('It was fired, and no run began: the run before it goes on');
	expect(daemon.calls).toEqual(expect.arrayContaining(['pauseSchedule nightly-audit', 'runSchedule nightly-audit']));
});

test('the log is followed while it is looked at, and gone on with later and after a lost daemon', async () => {
	const {daemon, timers, store, press} = await open();
	const texts = () => store.get().pages.logs.log.lines.map(({text}) => text);
	daemon.log('one');
	await timers.advance(100);
	expect(texts()).toEqual([]);
	await press('6');
	expect(texts()).toEqual(['one']);
	await press('1');
	daemon.log('two');
	await timers.advance(100);
	expect(texts()).toEqual(['one']);
	await press('6');
	expect(texts()).toEqual(['one', 'two']);
	daemon.kill();
	daemon.log('three');
	await timers.advance(100);
	daemon.revive();
	await timers.advance(3000);
	expect(texts()).toEqual(['one', 'two', 'three']);
});
