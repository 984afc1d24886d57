import {afterEach, describe, expect, test} from 'vitest';
import {type Alerts, startAlerts} from '../../../../source/tui/alerts/alerts.ts';
import {restoreTitle, saveTitle, sequencesOf} from '../../../../source/tui/alerts/sequences.ts';
import {unicodeGlyphs} from '../../../../source/tui/glyphs.ts';
import {startSession} from '../../../../source/tui/session/session.ts';
import {defaultSettings, type NotifySettings} from '../../../../source/tui/settings/settings.ts';
import {initialState} from '../../../../source/tui/state.ts';
import {createStore} from '../../../../source/tui/store/store.ts';
import {createScriptedDaemon, type ScriptedDaemon} from '../scripted-daemon.ts';
import {noonMs} from '../states.ts';
import {createTestTimers} from '../test-timers.ts';

const bel = '\x07';
const titled = (title: string) => `\x1b]2;${title}${bel}`;

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** A cockpit that is connected, and what it has written to the terminal since. */
const open = async (daemon: ScriptedDaemon, settings: Partial<NotifySettings> = {}) => {
	const timers = createTestTimers(noonMs);
	const size = {columns: 120, rows: 35};
	const store = createStore(initialState({workspace: '/src/shop', version: '0.1.0', size, nowMs: noonMs}), {timers});
	let written = '';
	const alerts: Alerts = startAlerts({
		store,
		timers,
		settings: {...defaultSettings.notify, ...settings},
		glyphs: unicodeGlyphs,
		isTmux: false,
		write: text => {
			written += text;
		},
	});
	const session = startSession({connect: daemon.connect, store, timers});
	ends.push(() => {
		session.stop();
		alerts.stop();
		store.stop();
	});
	await timers.advance(2000);
	return {
		timers,
		store,
		alerts,
		/** @returns What was written since the last call. */
		take: async (ms = 0) => {
			await timers.advance(ms);
			const text = written;
			written = '';
			return text;
		},
	};
};

const running = (...ids: string[]): ScriptedDaemon => {
	const daemon = createScriptedDaemon(noonMs);
	for (const [index, id] of ids.entries()) {
		daemon.createRun(id, {number: index + 1, steps: [{id: 'ship', kind: 'approval'}]});
	}

	return daemon;
};

const ask = (daemon: ScriptedDaemon, runId: string, question = 'Ship it?') =>
	daemon.emit(runId, 'approval.requested', {approvalId: `ap-${runId}`, stepId: 'ship', kind: 'approval', question});
const answer = (daemon: ScriptedDaemon, runId: string) =>
	daemon.emit(runId, 'approval.approved', {
		approvalId: `ap-${runId}`,
		stepId: 'ship',
		origin: {by: 'bob', via: 'command'},
	});
const fail = (daemon: ScriptedDaemon, runId: string) =>
	daemon.emit(runId, 'run.failed', {failure: {code: 'step.failed', message: 'The tests are red.'}});

describe('a person is called', () => {
	test('for a question that comes while the cockpit is open: the bell once, and the title', async () => {
		const daemon = running('r-1');
		const {take} = await open(daemon);
		expect(await take()).toBe(`${saveTitle}${titled('aiworkflow')}`);
		ask(daemon, 'r-1');
		expect(await take(1000)).toBe(`${titled('◆1 aiworkflow')}${bel}`);
		expect(await take(120_000)).toBe('');
		answer(daemon, 'r-1');
		expect(await take(1000)).toBe(titled('aiworkflow'));
	});

	test('not for what the snapshot brought, which only the title tells', async () => {
		const daemon = running('r-1', 'r-2');
		ask(daemon, 'r-1');
		fail(daemon, 'r-2');
		const {take} = await open(daemon);
		expect(await take(60_000)).toBe(`${saveTitle}${titled('aiworkflow')}${titled('◆1 aiworkflow')}`);
	});

	test('for a run that fails, but not for the sub-workflow that made it fail', async () => {
		const daemon = running('r-1');
		daemon.createRun('r-2', {parent: {runId: 'r-1', stepId: 'ship'}, steps: [{id: 'a'}]});
		const {take} = await open(daemon);
		await take();
		fail(daemon, 'r-2');
		expect(await take(60_000)).toBe('');
		fail(daemon, 'r-1');
		expect(await take(1000)).toBe(bel);
	});

	test('for what happened while the connection was gone and the journal still tells', async () => {
		const daemon = running('r-1');
		const {take} = await open(daemon);
		daemon.kill();
		await take(3000);
		ask(daemon, 'r-1');
		daemon.revive();
		expect(await take(5000)).toContain(bel);
	});

	test('not while keys are pressed, but when they have rested and it still waits', async () => {
		const daemon = running('r-1');
		const {take, alerts} = await open(daemon, {isTitle: false});
		alerts.noteKey();
		ask(daemon, 'r-1');
		expect(await take(9000)).toBe('');
		expect(await take(2000)).toBe(bel);
	});

	test('not for what was answered meanwhile', async () => {
		const daemon = running('r-1');
		const {take, alerts, timers} = await open(daemon, {isTitle: false});
		alerts.noteKey();
		ask(daemon, 'r-1');
		await take(5000);
		answer(daemon, 'r-1');
		expect(await take(60_000)).toBe('');
		expect(timers.pending).toBe(0);
	});

	test('at most so often: what comes in between is told together by the next call', async () => {
		const daemon = running('r-1', 'r-2', 'r-3');
		const {take} = await open(daemon, {isTitle: false, isBell: false, desktop: 'osc777'});
		ask(daemon, 'r-1', 'Ship; now?');
		expect(await take(1000)).toBe('\x1b]777;notify;aiworkflow;fix-issue 1 asks: Ship, now?\x07');
		ask(daemon, 'r-2');
		fail(daemon, 'r-3');
		expect(await take(25_000)).toBe('');
		expect(await take(5000)).toBe('\x1b]777;notify;aiworkflow;2 things need you: fix-issue 2, fix-issue 3\x07');
	});

	test('by nothing at all where everything is off, and no timer is kept', async () => {
		const daemon = running('r-1');
		const {take, timers} = await open(daemon, {isTitle: false, isBell: false, desktop: 'off'});
		ask(daemon, 'r-1');
		expect(await take(60_000)).toBe('');
		expect(timers.pending).toBe(0);
	});
});

test('the end gives the title back, and an end before the first write leaves it alone', async () => {
	const daemon = running('r-1');
	const {take, alerts} = await open(daemon);
	await take();
	alerts.stop();
	expect(await take()).toBe(restoreTitle);
});

describe('the bytes', () => {
	const emission = {isBell: true, notification: 'fix-issue 1 asks: \x1b[2Jhi\x07;'};

	test('of a notification hold nothing that drives the terminal', () => {
		expect(sequencesOf(emission, 'osc9', false)).toBe('\x1b]9;fix-issue 1 asks:  [2Jhi ;\x07\x07');
	});

	test('are passed through tmux, which has a bell and a title of its own', () => {
		expect(sequencesOf({...emission, title: 'x'}, 'osc9', true)).toBe(
			'\x1b]2;x\x07\x1bPtmux;\x1b\x1b]9;fix-issue 1 asks:  [2Jhi ;\x07\x1b\\\x07',
		);
	});
});
