import {afterEach, describe, expect, test} from 'vitest';
import {approvalAlreadyAnswered} from '../../../source/errors.ts';
import {startSession} from '../../../source/tui/session/session.ts';
import {initialState} from '../../../source/tui/state.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {playBusy} from './scenes.ts';
import {createScriptedDaemon, type ScriptedDaemon} from './scripted-daemon.ts';
import {noonMs, pressAll} from './states.ts';
import {createTestTimers} from './test-timers.ts';

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** A session on this daemon that has had time to connect. */
const open = async (daemon: ScriptedDaemon) => {
	const timers = createTestTimers(noonMs);
	const size = {columns: 120, rows: 35};
	const store = createStore(initialState({workspace: '/src/shop', version: '0.1.0', size, nowMs: noonMs}), {timers});
	const session = startSession({connect: daemon.connect, store, timers});
	ends.push(() => {
		session.stop();
		store.stop();
	});
	await timers.advance(500);
	return {timers, store, session, outputText: () => store.get().output.lines.map(({text}) => text)};
};

const running = (): ScriptedDaemon => {
	const daemon = createScriptedDaemon(noonMs);
	daemon.createRun('r-1', {steps: [{id: 'one'}, {id: 'two'}]});
	daemon.emit('r-1', 'attempt.started', {stepId: 'one', attempt: 1});
	daemon.print('r-1', 'one', 'first\n');
	return daemon;
};

describe('the connection', () => {
	test('shows the snapshot, then every event', async () => {
		const daemon = running();
		const {timers, store} = await open(daemon);
		expect(store.get().connection.status).toBe('live');
		expect(store.get().runs.get('r-1')?.steps.one?.status).toBe('running');
		daemon.emit('r-1', 'step.completed', {stepId: 'one', attempt: 1, outputs: {}});
		await timers.advance(100);
		expect(store.get().runs.get('r-1')?.steps.one?.status).toBe('completed');
	});

	test('says that the daemon is gone, keeps the screen, and goes on where it was', async () => {
		const daemon = running();
		const {timers, store} = await open(daemon);
		daemon.kill();
		await timers.advance(3000);
		const {connection, runs} = store.get();
		expect(connection).toMatchObject({status: 'lost', failure: {code: 'daemon.unreachable'}});
		expect(store.get().nowMs - ('sinceMs' in connection ? connection.sinceMs : 0)).toBeGreaterThanOrEqual(2000);
		expect(runs.get('r-1')?.steps.one?.status).toBe('running');
		store.change(state => pressAll(state, 'x').state);
		expect(store.get().notice?.text).toBe('The daemon is not there to be told.');

		daemon.emit('r-1', 'step.completed', {stepId: 'one', attempt: 1, outputs: {}});
		daemon.createRun('r-2', {steps: [{id: 'x'}]});
		daemon.revive();
		await timers.advance(2500);
		expect(store.get()).toMatchObject({connection: {status: 'live'}, notice: undefined});
		expect(store.get().order).toEqual(['r-2', 'r-1']);
		expect(store.get().runs.get('r-1')?.steps.one?.status).toBe('completed');
	});

	test('waits for a daemon that is not there yet, and says why', async () => {
		const daemon = running();
		daemon.kill();
		const {timers, store} = await open(daemon);
		expect(store.get().connection).toMatchObject({status: 'connecting', failure: {code: 'daemon.unreachable'}});
		daemon.revive();
		await timers.advance(2500);
		expect(store.get().connection.status).toBe('live');
	});

	test('begins anew when the journal is another one', async () => {
		const daemon = playBusy(noonMs);
		const other = running();
		let current = daemon;
		const switching = {...daemon, connect: () => current.connect()};
		const {timers, store} = await open(switching);
		expect(store.get().order).toHaveLength(7);
		current = other;
		daemon.kill();
		await timers.advance(2500);
		expect(store.get().order).toEqual(['r-1']);
		expect(store.get().runId).toBe('r-1');
	});

	test('fetches a run whose events have a gap', async () => {
		const daemon = running();
		const {timers, store} = await open(daemon);
		daemon.emitUnseen('r-1', 'step.completed', {stepId: 'one', attempt: 1, outputs: {}});
		daemon.emit('r-1', 'attempt.started', {stepId: 'two', attempt: 1});
		await timers.advance(300);
		expect(daemon.calls).toContain('runState r-1');
		expect(store.get().orphans.size).toBe(0);
		expect(store.get().runs.get('r-1')?.steps).toMatchObject({one: {status: 'completed'}, two: {status: 'running'}});
	});

	test('leaves no timer behind', async () => {
		const daemon = running();
		const {timers} = await open(daemon);
		for (const end of ends.splice(0)) end();
		await timers.advance(5000);
		expect(timers.pending).toBe(0);
	});
});

describe('the output', () => {
	test('comes as it is printed', async () => {
		const daemon = running();
		const {timers, outputText} = await open(daemon);
		expect(outputText()).toEqual(['first']);
		daemon.print('r-1', 'one', 'second\n');
		await timers.advance(100);
		expect(outputText()).toEqual(['first', 'second']);
	});

	test('goes on by offset after the daemon was gone, with nothing twice', async () => {
		const daemon = running();
		const {timers, outputText} = await open(daemon);
		daemon.kill();
		await timers.advance(1000);
		daemon.print('r-1', 'one', 'while it was gone\n');
		daemon.revive();
		await timers.advance(3000);
		expect(outputText()).toEqual(['first', 'while it was gone']);
	});

	test('of a large file is fetched from near its end', async () => {
		const daemon = running();
		for (let line = 1; line <= 700; line++) daemon.print('r-1', 'one', `${line} ${'x'.repeat(1000)}\n`);
		const {store, outputText} = await open(daemon);
		expect(outputText().at(-1)).toMatch(/^700 /);
		expect(outputText().length).toBeLessThan(600);
		expect(store.get().output.skippedBytes).toBeGreaterThan(100_000);
	});

	test('is asked for once a step, and only for steps that stay selected', async () => {
		const daemon = playBusy(noonMs);
		const {timers, store} = await open(daemon);
		const select = (runId: string) => store.change(state => ({...state, runId}));
		select('r-release');
		await timers.advance(200);
		select('r-deploy');
		await timers.advance(10);
		select('r-fix42');
		await timers.advance(2000);
		expect(daemon.follows).toEqual(['r-fix42/fix', 'r-release/notes', 'r-fix42/fix']);
		expect(store.get().output).toMatchObject({target: {stepId: 'fix'}, status: 'live'});
	});

	test('is that of the next step when the cockpit follows the run', async () => {
		const daemon = running();
		const {timers, store, outputText} = await open(daemon);
		daemon.endOutput('r-1', 'one');
		daemon.emit('r-1', 'step.completed', {stepId: 'one', attempt: 1, outputs: {}});
		daemon.emit('r-1', 'attempt.started', {stepId: 'two', attempt: 1});
		daemon.print('r-1', 'two', 'of the second\n');
		await timers.advance(500);
		expect(store.get().output.target?.stepId).toBe('two');
		expect(outputText()).toEqual(['of the second']);
	});

	test('ends with its attempt, and asks for nothing more', async () => {
		const daemon = running();
		const {timers, store} = await open(daemon);
		daemon.endOutput('r-1', 'one');
		daemon.emit('r-1', 'step.completed', {stepId: 'one', attempt: 1, outputs: {}});
		daemon.emit('r-1', 'step.skipped', {stepId: 'two', reason: 'condition', detail: 'not today'});
		daemon.emit('r-1', 'run.completed', {outputs: {}});
		await timers.advance(2000);
		expect(store.get().output.status).toBe('ended');
		expect(timers.pending).toBe(0);
	});
});

describe('answers', () => {
	test('go to the daemon, and the journal says that they arrived', async () => {
		const daemon = playBusy(noonMs);
		const {timers, store, session} = await open(daemon);
		await session.perform({kind: 'approve', approvalId: 'ap-ship'});
		await timers.advance(100);
		expect(daemon.calls).toEqual(['approve ap-ship']);
		expect(store.get().runs.get('r-release')?.steps.ship?.status).toBe('completed');
	});

	test('that are refused are said, and can be given again', async () => {
		const daemon = playBusy(noonMs);
		const {store, session} = await open(daemon);
		daemon.failNext(approvalAlreadyAnswered('ap-ship', 'approved'));
		await session.perform({kind: 'reject', approvalId: 'ap-ship'});
		expect(store.get().notice).toMatchObject({kind: 'failure'});
		expect(store.get().notice?.text).toContain('no longer open');
	});

	test('are refused while the daemon is gone', async () => {
		const daemon = running();
		const {timers, store, session} = await open(daemon);
		daemon.kill();
		await timers.advance(10);
		await session.perform({kind: 'cancel', runId: 'r-1'});
		expect(store.get().notice?.text).toContain('daemon is not there');
		expect(daemon.calls).toEqual([]);
	});
});

test('steering goes to the daemon, and what it did is on the screen', async () => {
	const daemon = playBusy(noonMs);
	const {timers, store, session} = await open(daemon);
	await session.perform({kind: 'pause', runId: 'r-fix42'});
	await timers.advance(100);
	expect(store.get().runs.get('r-fix42')?.paused?.origin.via).toBe('cockpit');
	expect(store.get().notice?.text).toContain('Nothing new begins');
	await session.perform({kind: 'resume', runId: 'r-fix42'});
	await session.perform({kind: 'skip', runId: 'r-fix42', stepId: 'fix'});
	await session.perform({kind: 'retry', runId: 'r-deploy'});
	await timers.advance(100);
	expect(daemon.calls).toEqual(['pause r-fix42', 'resume r-fix42', 'skip r-fix42 fix', 'retry r-deploy']);
	expect(store.get().runs.get('r-deploy')?.phase).toBe('open');
	expect(store.get().order.indexOf('r-deploy')).toBeLessThan(store.get().order.indexOf('r-fix41'));
});
