import {render} from 'ink-testing-library';
import {afterEach, expect, test} from 'vitest';
import {App} from '../../../source/tui/App.tsx';
import type {DaemonEffect, Effect} from '../../../source/tui/keys/actions.ts';
import {paste, press} from '../../../source/tui/keys/press.ts';
import {startSession} from '../../../source/tui/session/session.ts';
import {initialState} from '../../../source/tui/state.ts';
import {createStore} from '../../../source/tui/store/store.ts';
import {lookOf} from '../../../source/tui/theme.ts';
import {playBusy} from './scenes.ts';
import {noonMs} from './states.ts';
import {createTestTimers} from './test-timers.ts';

const isForDaemon = (effect: Effect): effect is DaemonEffect =>
	!['quit', 'redraw', 'copy', 'edit'].includes(effect.kind);

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** The whole cockpit on a scripted daemon: keys are bytes, what it shows is text. */
const open = async () => {
	const daemon = playBusy(noonMs);
	const timers = createTestTimers(noonMs);
	const size = {columns: 100, rows: 30};
	const store = createStore(initialState({workspace: '/src/shop', version: '0.1.0', size, nowMs: noonMs}), {timers});
	const session = startSession({connect: daemon.connect, store, timers});
	const screen = render(
		<App
			store={store}
			look={lookOf({})}
			onKeys={keys => {
				for (const key of keys) {
					store.change(state => {
						const {state: next, effect} = press(state, key);
						if (effect && isForDaemon(effect)) void session.perform(effect);
						return next;
					});
				}
			}}
			onPaste={text => store.change(state => paste(state, text))}
		/>,
	);
	ends.push(() => {
		session.stop();
		store.stop();
		screen.unmount();
	});
	await timers.advance(500);
	return {
		daemon,
		frame: () => screen.lastFrame() ?? '',
		async type(bytes: string) {
			screen.stdin.write(bytes);
			// An escape alone is one only when nothing follows it for 20 ms of real time.
			if (bytes === '\x1b') await new Promise(resolve => setTimeout(resolve, 40));
			await timers.advance(400);
		},
	};
};

test('the questions are gone through with one key, answered with another, and the run goes on', async () => {
	const {daemon, frame, type} = await open();
	expect(frame()).toContain('Needs you');
	await type('a');
	expect(frame()).toContain('claude asks, in fix-issue 42 / fix');
	await type('a');
	expect(frame()).toContain('release 7 / ship asks');
	expect(frame()).toContain('y yes');
	await type('y');
	expect(daemon.calls).toContain('approve ap-ship');
	expect(frame()).toContain('You approved it: release 7, ship.');
	expect(frame()).not.toContain('ship asks');
});

test('a question is refused with a comment', async () => {
	const {daemon, frame, type} = await open();
	await type('a');
	await type('a');
	await type('c');
	await type('not on a Friday');
	expect(frame()).toContain('No, because: not on a Friday');
	await type('\r');
	expect(daemon.calls).toContain('reject ap-ship not on a Friday');
	expect(frame()).toContain('You rejected it');
});

test('arrows, tab, page keys and escape are understood', async () => {
	const {frame, type} = await open();
	await type('\x1b[B');
	expect(frame()).toMatch(/›▶ nightly-a… 118/);
	await type('\x1b[A');
	await type('\t');
	expect(frame()).toMatch(/›◆ fix /);
	await type('\x1b[6~');
	expect(frame()).toMatch(/›· ship/);
	await type('\x1b');
	await type('?');
	expect(frame()).toContain('╭ Keys');
	await type('\x1b');
	expect(frame()).not.toContain('╭ Keys');
});

test('pasted text presses no keys', async () => {
	const {daemon, frame, type} = await open();
	await type('a');
	await type('\x1b[200~yyy\x1b[201~');
	expect(frame()).toContain('Pasted text is ignored here');
	expect(daemon.calls).toEqual([]);
});
