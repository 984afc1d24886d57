import {describe, expect, test} from 'vitest';
import type {ApprovalState} from '../../../source/run/state.ts';
import {optionFor} from '../../../source/tui/keys/answer.ts';
import {type ActionName, bindingFor, bindings} from '../../../source/tui/keys/bindings.ts';
import {keyPressesOf} from '../../../source/tui/keys/names.ts';
import {paste, press} from '../../../source/tui/keys/press.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {helpRowsOf, helpScrollMaxOf} from '../../../source/tui/rows/help.ts';
import {type CockpitState, type Place, placeOf} from '../../../source/tui/state.ts';
import {playBusy} from './scenes.ts';
import {createScriptedDaemon} from './scripted-daemon.ts';
import {later, noonMs, pressAll, stateOf} from './states.ts';

const busy = (columns = 120, rows = 35) => stateOf(playBusy(noonMs), columns, rows);

/** A step that has printed 100 lines, with the focus on its output. */
const printing = async () => {
	const daemon = createScriptedDaemon(noonMs);
	daemon.createRun('r-1', {steps: [{id: 'count'}]});
	daemon.emit('r-1', 'attempt.started', {stepId: 'count', attempt: 1});
	for (let line = 1; line <= 100; line++) daemon.print('r-1', 'count', `line ${line}\n`);
	return pressAll(await stateOf(daemon), 'enter', 'enter').state;
};

/** The question of another run than the selected one. */
const opened = async () => later(pressAll(await busy(), 'a', 'a').state, cockpitLimits.armMs);
const middle = async () => pressAll(await busy(), 'j', 'j', 'j').state;
const scrolledUp = async () => pressAll(await printing(), 'ctrl-u', 'ctrl-u').state;
const commenting = async () => pressAll(await opened(), 'c', 'w', 'h', 'y').state;
const onFailed = async () => pressAll(await busy(), 'j', 'j', 'j', 'j').state;
const confirming = async () => pressAll(await busy(), 'x').state;
const helping = async () => pressAll(await busy(80, 24), '?', 'ctrl-d').state;

/** For each action: where to press its keys, and what must have come of it. */
const expectations: Readonly<Record<ActionName, [() => Promise<CockpitState>, (after: Outcome) => void]>> = {
	approve: [opened, ({effects}) => expect(effects).toMatchObject([{kind: 'approve', approvalId: 'ap-ship'}])],
	reject: [opened, ({effects}) => expect(effects).toMatchObject([{kind: 'reject', approvalId: 'ap-ship'}])],
	comment: [opened, ({state}) => expect(placeOf(state)).toBe('comment')],
	send: [commenting, ({effects}) => expect(effects).toMatchObject([{kind: 'reject', comment: 'why'}])],
	discard: [commenting, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['approval', []])],
	answer: [busy, ({state}) => expect(state.dialog).toMatchObject({kind: 'approval', approvalId: 'ap-npm'})],
	'next-question': [opened, ({state}) => expect(state.dialog).toMatchObject({approvalId: 'ap-npm'})],
	confirm: [confirming, ({effects}) => expect(effects).toEqual([{kind: 'cancel', runId: 'r-fix42'}])],
	keep: [confirming, ({state, effects}) => expect([state.dialog, effects]).toEqual([undefined, []])],
	cancel: [busy, ({state}) => expect(placeOf(state)).toBe('cancel')],
	pause: [busy, ({effects}) => expect(effects).toEqual([{kind: 'pause', runId: 'r-fix42'}])],
	retry: [onFailed, ({state}) => expect(state.dialog).toEqual({kind: 'retry', runId: 'r-deploy'})],
	skip: [busy, ({state}) => expect(state.dialog).toEqual({kind: 'skip', runId: 'r-fix42', stepId: 'fix'})],
	open: [busy, ({state}) => expect(state.pane).toBe('steps')],
	back: [printing, ({state}) => expect(state.pane).toBe('steps')],
	down: [middle, ({state}) => expect(state.runId).toBe('r-deploy')],
	up: [middle, ({state}) => expect(state.runId).toBe('r-release')],
	first: [middle, ({state}) => expect(state.runId).toBe('r-fix42')],
	last: [middle, ({state}) => expect(state.runId).toBe('r-standup')],
	'half-down': [scrolledUp, ({state, before}) => expect(topOf(state)).toBeGreaterThan(topOf(before))],
	'half-up': [scrolledUp, ({state, before}) => expect(topOf(state)).toBeLessThan(topOf(before))],
	'page-down': [scrolledUp, ({state, before}) => expect(topOf(state)).toBeGreaterThan(topOf(before))],
	'page-up': [scrolledUp, ({state, before}) => expect(topOf(state)).toBeLessThan(topOf(before))],
	'next-pane': [busy, ({state}) => expect(state.pane).toBe('steps')],
	'previous-pane': [busy, ({state}) => expect(state.pane).toBe('needs')],
	follow: [printing, ({state}) => expect(state.output.scroll.isFollowing).toBe(false)],
	help: [busy, ({state}) => expect(placeOf(state)).toBe('help')],
	'close-help': [helping, ({state}) => expect(placeOf(state)).toBe('runs')],
	quit: [busy, ({effects}) => expect(effects).toEqual([{kind: 'quit'}])],
	interrupt: [commenting, ({effects}) => expect(effects).toEqual([{kind: 'quit'}])],
};

interface Outcome extends ReturnType<typeof pressAll> {
	readonly before: CockpitState;
}

const topOf = ({output: {scroll}}: CockpitState): number =>
	scroll.isFollowing ? Number.POSITIVE_INFINITY : scroll.line;

describe('each key of the table does what it says', () => {
	test.each(bindings.flatMap(({action, keys}) => keys.map(key => [key, action] as const)))(
		'%s: %s',
		async (key, action) => {
			const [situation, expectIt] = expectations[action];
			const before = await situation();
			expect(bindingFor(key, placeOf(before))?.action).toBe(action);
			expectIt({before, ...pressAll(before, key)});
		},
	);
});

describe('the table', () => {
	test('gives no key two meanings in one place', () => {
		const places: readonly Place[] = [
			'needs',
			'runs',
			'steps',
			'output',
			'approval',
			'comment',
			'cancel',
			'retry',
			'skip',
			'help',
		];
		for (const place of places) {
			const keys = bindings.filter(({where}) => where.includes(place)).flatMap(binding => binding.keys);
			expect(keys).toEqual([...new Set(keys)]);
		}
	});

	test('has every key in the help, once', async () => {
		const rows = helpRowsOf(await busy()).map(row => row.map(({text}) => text).join(''));
		for (const {keys, description} of bindings) {
			expect(rows.filter(row => row.includes(`${keys.join(' ')} `) && row.includes(description))).toHaveLength(1);
		}

		expect(helpScrollMaxOf({columns: 80, rows: 10})).toBe(rows.length - 8);
	});

	test('says in the help why a key is disabled', async () => {
		const {state} = pressAll(await stateOf(createScriptedDaemon(noonMs)), '?');
		const help = helpRowsOf(state).map(row => row.map(({text}) => text).join(''));
		expect(help.find(row => row.includes('cancel the selected run'))).toContain('(No run is selected.)');
		expect(help.find(row => row.includes('waits for you'))).toContain('(Nothing waits for you.)');
	});
});

describe('a disabled key', () => {
	const said = (state: CockpitState, key: string) => pressAll(state, key).state.notice?.text;

	test.each<[string, string, Partial<CockpitState>, string]>([
		['answering, read-only', 'y', {isReadOnly: true}, 'This cockpit is read-only.'],
		[
			'answering without a daemon',
			'y',
			{connection: {status: 'lost', sinceMs: noonMs}},
			'The daemon is not there to be told.',
		],
	])('says why: %s', async (_, key, change, reason) => {
		expect(said({...(await opened()), ...change}, key)).toBe(reason);
	});

	test('says why: an ended run cannot be cancelled', async () => {
		expect(said(pressAll(await busy(), 'G').state, 'x')).toBe('The run has ended.');
	});

	test('says why: what succeeded or runs is not done again, what ended is not skipped', async () => {
		expect(said(pressAll(await busy(), 'G').state, 'R')).toBe('Nothing of it failed.');
		expect(said(await busy(), 'R')).toBe('The run has not ended.');
		expect(said(pressAll(await busy(), 'enter', 'g').state, 'S')).toBe('The step has ended.');
		expect(said(pressAll(await busy(), 'G').state, 'p')).toBe('The run has ended.');
		expect(said({...(await busy()), isReadOnly: true}, 'p')).toBe('This cockpit is read-only.');
	});

	test('says nothing any more after the next key', async () => {
		const {state} = pressAll(await busy(), 'G', 'x', 'k');
		expect(state.notice).toBeUndefined();
	});
});

describe('steering', () => {
	test('a retry and a skip are asked about once, and can be left', async () => {
		const failed = await onFailed();
		expect(pressAll(failed, 'R', 'y').effects).toEqual([{kind: 'retry', runId: 'r-deploy'}]);
		expect(pressAll(failed, 'R', 'n').effects).toEqual([]);
		const {effects} = pressAll(await busy(), 'S', 'y');
		expect(effects).toEqual([{kind: 'skip', runId: 'r-fix42', stepId: 'fix'}]);
		expect(pressAll(await busy(), 'S', 'esc').effects).toEqual([]);
	});

	test('the key that pauses lets a paused run go on', async () => {
		const daemon = playBusy(noonMs);
		daemon.emit('r-fix42', 'run.paused', {origin: {by: 'ada', via: 'cockpit'}, reason: 'asked for'});
		expect(pressAll(await stateOf(daemon), 'p').effects).toEqual([{kind: 'resume', runId: 'r-fix42'}]);
	});
});

describe('the question that opens', () => {
	const openedBy = async (...keys: string[]) => pressAll(await busy(), ...keys).state.dialog;

	test('is that of the selected run, which is what a person looks at', async () => {
		expect(await openedBy('a')).toMatchObject({approvalId: 'ap-npm'});
		expect(await openedBy('j', 'j', 'a')).toMatchObject({approvalId: 'ap-ship'});
	});

	test('is the one that waits longest where the selected run asks nothing', async () => {
		expect(await openedBy('j', 'a')).toMatchObject({approvalId: 'ap-ship'});
	});

	test('is the one under the cursor of "Needs you"', async () => {
		expect(await openedBy('shift-tab', 'a')).toMatchObject({approvalId: 'ap-ship'});
		expect(await openedBy('shift-tab', 'j', 'a')).toMatchObject({approvalId: 'ap-npm'});
	});
});

describe('a decision', () => {
	test('is not taken in the first 300 ms after the question appeared', async () => {
		const {state: fresh} = pressAll(await busy(), 'a');
		expect(pressAll(fresh, 'y').effects).toEqual([]);
		expect(pressAll(later(fresh, cockpitLimits.armMs - 1), 'n').effects).toEqual([]);
		expect(pressAll(later(fresh, cockpitLimits.armMs), 'y').effects).toHaveLength(1);
	});

	test('waits again when another question takes its place, and after the help', async () => {
		expect(pressAll(await opened(), 'a', 'y').effects).toEqual([]);
		expect(pressAll(await opened(), '?', 'esc', 'y').effects).toEqual([]);
	});

	test('is taken only where the question has the focus', async () => {
		for (const key of ['y', 'n', 'c']) expect(pressAll(await busy(), key).effects).toEqual([]);
		expect(pressAll(await opened(), 'esc', 'y').effects).toEqual([]);
	});

	test('is not taken from a chunk of several keys', async () => {
		const outcome = press(await opened(), {name: 'y', text: 'y', isAlone: false});
		expect(outcome.effect).toBeUndefined();
		expect(outcome.state.notice?.text).toContain('by itself');
	});

	test('is not taken twice', async () => {
		const {effects, state} = pressAll(await opened(), 'y', 'n', 'y');
		expect(effects).toHaveLength(1);
		expect(state.notice?.text).toBe('Your answer is on its way.');
	});

	test('about a permission never means always', async () => {
		const state = later(pressAll(await busy(), 'a').state, cockpitLimits.armMs);
		expect(pressAll(state, 'y').effects).toMatchObject([{approvalId: 'ap-npm', optionId: 'allow_once'}]);
		expect(pressAll(state, 'n').effects).toMatchObject([{approvalId: 'ap-npm', optionId: 'reject_once'}]);
	});

	test('takes the only option there is, and none where there is none', () => {
		const approval = {options: [{id: 'always', label: 'Always', isAllow: true}]} as unknown as ApprovalState;
		expect(optionFor(approval, true)?.id).toBe('always');
		expect(optionFor(approval, false)).toBeUndefined();
	});
});

describe('a comment', () => {
	test('is typed, mended and sent; decision keys are letters there', async () => {
		const {effects} = pressAll(await opened(), 'c', 'n', 'y', 'x', 'backspace', 'space', '!', 'enter');
		expect(effects).toEqual([{kind: 'reject', approvalId: 'ap-ship', optionId: undefined, comment: 'ny !'}]);
	});

	test('takes pasted text, which is ignored everywhere else', async () => {
		const typing = pressAll(await opened(), 'c').state;
		expect(paste(typing, 'y\nn\x1b[2J').dialog).toMatchObject({comment: 'y n'});
		const elsewhere = paste(await opened(), 'y');
		expect(elsewhere.notice?.text).toContain('ignored');
		expect(elsewhere.dialog).not.toHaveProperty('sent');
	});
});

describe('a small screen', () => {
	test('goes from runs to steps and output and back', async () => {
		const {state} = pressAll(await busy(80, 24), 'enter', 'tab');
		expect(state.pane).toBe('output');
		expect(pressAll(state, 'esc', 'esc').state.pane).toBe('runs');
	});
});

test('key names are those of the terminal', () => {
	expect(keyPressesOf('', {upArrow: true})).toEqual([{name: 'up', text: '', isAlone: true}]);
	expect(keyPressesOf('d', {ctrl: true})[0]?.name).toBe('ctrl-d');
	expect(keyPressesOf('', {tab: true, shift: true})[0]?.name).toBe('shift-tab');
	expect(keyPressesOf('jj', {}).map(({name, isAlone}) => [name, isAlone])).toEqual([
		['j', false],
		['j', false],
	]);
	expect(keyPressesOf('', {escape: true})[0]?.name).toBe('esc');
	expect(keyPressesOf('\x15\x15\x7f', {}).map(({name}) => name)).toEqual(['ctrl-u', 'ctrl-u', 'backspace']);
	expect(keyPressesOf('j', {eventType: 'release'})).toEqual([]);
});
