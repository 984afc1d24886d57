import path from 'node:path';
import {renderToString} from 'ink';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {Screen} from '../../../source/tui/App.tsx';
import {resized} from '../../../source/tui/layout.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import type {CockpitState} from '../../../source/tui/state.ts';
import {lookOf} from '../../../source/tui/theme.ts';
import {spentDay} from './money-scene.ts';
import {playBusy, playDirect, playMoney, playSteered} from './scenes.ts';
import {createScriptedDaemon, type ScriptedDaemon} from './scripted-daemon.ts';
import {withShelf} from './scripted-templates.ts';
import {unarmedTriggers} from './scripted-triggers.ts';
import {fixIssueFile, nightlyFile, scriptedEstimate} from './scripted-workflows.ts';
import {
	fetchedWith,
	later,
	noonMs,
	pressAll,
	stateOf,
	withDeliveries,
	withHistory,
	withLog,
	withOutput,
	withTools,
	withTriggers,
	withWorkflows,
} from './states.ts';

process.env.TZ = 'UTC';

const frameOf = (state: CockpitState, isAscii = false): string => {
	const frame = renderToString(<Screen state={state} look={lookOf({isAscii})} />, {columns: state.size.columns});
	const rows = frame.split('\n');
	expect(rows).toHaveLength(state.size.rows);
	for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(state.size.columns);
	return `${rows.map(row => row.trimEnd()).join('\n')}\n`;
};

const golden = (name: string): string => path.join(import.meta.dirname, 'frames', `${name}.txt`);

/** The state after these keys, its output fetched, long enough ago for a question to take keys. */
const played = async (daemon: ScriptedDaemon, state: CockpitState, ...keys: string[]): Promise<CockpitState> =>
	later(await withOutput(daemon, pressAll(state, ...keys).state), cockpitLimits.armMs);

/** A form with a mistake in it, an estimate, and a workspace that is not trusted. */
const formFilled = (picker: CockpitState): CockpitState => {
	const typed = pressAll(picker, 'enter', ...'four', 'tab', 'space', 'tab', 'tab', ...'価格 first').state;
	return fetchedWith(typed, {estimate: scriptedEstimate});
};

const pagesOf = (home: CockpitState): CockpitState[] => {
	const picker = withWorkflows(pressAll(home, '4').state, fixIssueFile);
	return [
		picker,
		formFilled(picker),
		pressAll(picker, 'T').state,
		withShelf(picker),
		withWorkflows(pressAll(picker, 'w').state, fixIssueFile),
		withTriggers(pressAll(home, '5').state),
		withLog(pressAll(home, '6').state, 100),
		withTools(pressAll(home, '7').state),
		pressAll(withTools(pressAll(home, '7').state), 'j', 'tab', 'G').state,
		withDeliveries(pressAll(home, '8').state),
	];
};

const sizes = [
	[80, 24],
	[120, 35],
	[160, 45],
] as const;

describe.each(sizes)('the screen at %i x %i', (columns, rows) => {
	const scenes: Readonly<Record<string, readonly string[]>> = {
		home: [],
		question: ['a', 'a'],
		permission: ['a'],
		failed: ['j', 'j', 'j', 'j', 'enter'],
		cancel: ['x'],
		help: ['?'],
		palette: [':', 'p'],
		filter: ['/', 'f', 'i', 'x'],
		'yes-to-all': ['shift-tab', 'A'],
		zoomed: ['enter', '+'],
	};

	test.each(Object.entries(scenes))('%s', async (name, keys) => {
		const daemon = playBusy(noonMs);
		const state = await played(daemon, await stateOf(daemon, columns, rows), ...keys);
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`${name}-${columns}x${rows}`));
	});

	test('the same for the rest of the run', async () => {
		const daemon = playBusy(noonMs);
		const open = await played(daemon, await stateOf(daemon, columns, rows), 'a');
		const asked = await played(daemon, open, 'Y');
		await expect(frameOf(asked)).toMatchFileSnapshot(golden(`for-run-${columns}x${rows}`));
	});

	test('runs that people steer', async () => {
		const daemon = playSteered(noonMs);
		const state = await played(daemon, await stateOf(daemon, columns, rows));
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`steered-${columns}x${rows}`));
		await expect(frameOf(await played(daemon, state, 'enter'))).toMatchFileSnapshot(
			golden(`steered-steps-${columns}x${rows}`),
		);
	});

	test('money and agents', async () => {
		const daemon = playMoney(noonMs);
		const state = await played(daemon, await stateOf(daemon, columns, rows));
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`money-${columns}x${rows}`));
		await expect(frameOf(await played(daemon, state, 'a'))).toMatchFileSnapshot(
			golden(`money-question-${columns}x${rows}`),
		);
	});

	test('what is spent, and what agents are like', async () => {
		const daemon = playMoney(noonMs);
		const home = fetchedWith(await played(daemon, await stateOf(daemon, columns, rows)), spentDay());
		await expect(frameOf(home)).toMatchFileSnapshot(golden(`spending-${columns}x${rows}`));
		for (const [key, name] of [
			['2', 'money-screen'],
			['3', 'agents-screen'],
		] as const) {
			const state = fetchedWith(pressAll(home, key).state, spentDay());
			await expect(frameOf(state)).toMatchFileSnapshot(golden(`${name}-${columns}x${rows}`));
		}
	});

	test('workflows: the picker, its form, what trust covers, the file, templates and the form of one', async () => {
		const daemon = playBusy(noonMs);
		const {state} = pressAll(await stateOf(daemon, columns, rows), '4');
		const picker = withWorkflows(state, fixIssueFile);
		const shots: Readonly<Record<string, CockpitState>> = {
			workflows: picker,
			'workflows-problems': withWorkflows(state, nightlyFile),
			form: formFilled(picker),
			trust: pressAll(picker, 'T').state,
			templates: withShelf(picker),
			'templates-form': pressAll(withShelf(picker), 'enter', 'tab', 'space', 'tab', 'x').state,
			workflow: withWorkflows(pressAll(picker, 'w').state, fixIssueFile),
		};
		for (const [name, shot] of Object.entries(shots))
			await expect(frameOf(shot)).toMatchFileSnapshot(golden(`${name}-${columns}x${rows}`));
	});

	test('triggers and the log of the daemon', async () => {
		const daemon = playBusy(noonMs);
		const {state} = pressAll(await stateOf(daemon, columns, rows), '5');
		const listed = withTriggers(state);
		await expect(frameOf(listed)).toMatchFileSnapshot(golden(`triggers-${columns}x${rows}`));
		const broken = withTriggers(pressAll(listed, 'G').state);
		await expect(frameOf(broken)).toMatchFileSnapshot(golden(`triggers-broken-${columns}x${rows}`));
		const asked = pressAll(listed, 'R').state;
		await expect(frameOf(asked)).toMatchFileSnapshot(golden(`triggers-fire-${columns}x${rows}`));
		const unarmed = withTriggers(state, {webhooks: undefined, ...unarmedTriggers});
		await expect(frameOf(unarmed)).toMatchFileSnapshot(golden(`triggers-unarmed-${columns}x${rows}`));
		const log = withLog(pressAll(state, '6').state, 100);
		await expect(frameOf(log)).toMatchFileSnapshot(golden(`logs-${columns}x${rows}`));
	});

	test('tools, webhooks to others, and what of them needs a person', async () => {
		const home = await stateOf(playDirect(noonMs), columns, rows);
		const tools = withTools(pressAll(home, '7').state);
		const outbox = withDeliveries(pressAll(home, '8').state);
		const untrusted = {isTrusted: false, files: ['.aiworkflow/tools/issues.yaml'], triggerProblems: []};
		const waiting = fetchedWith(withDeliveries(home), {workspace: untrusted});
		const shots: Readonly<Record<string, CockpitState>> = {
			tools,
			'tools-details': withTools(pressAll(tools, 'tab').state),
			outbox,
			'outbox-replay': pressAll(outbox, 'R').state,
			'waiting-for-trust': waiting,
			'waiting-for-trust-asked': pressAll(waiting, 'a').state,
		};
		for (const [name, shot] of Object.entries(shots))
			await expect(frameOf(shot)).toMatchFileSnapshot(golden(`${name}-${columns}x${rows}`));
	});

	test('steps that call tools, servers and databases', async () => {
		const daemon = playDirect(noonMs);
		const state = await played(daemon, await stateOf(daemon, columns, rows), 'enter', 'g');
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`direct-${columns}x${rows}`));
		const replayed = await played(daemon, await stateOf(daemon, columns, rows), 'G', 'enter', 'i');
		await expect(frameOf(replayed)).toMatchFileSnapshot(golden(`direct-replay-${columns}x${rows}`));
	});

	test('a run as it was, its events and its data', async () => {
		const daemon = playMoney(noonMs);
		const state = withHistory(daemon, pressAll(await stateOf(daemon, columns, rows), 'enter', 'g').state);
		const then = await played(daemon, state, '[', '[', '[', '[', '{');
		await expect(frameOf(then)).toMatchFileSnapshot(golden(`then-${columns}x${rows}`));
		const events = await played(daemon, state, 't');
		await expect(frameOf(events)).toMatchFileSnapshot(golden(`events-${columns}x${rows}`));
		const request = {attempt: 2, text: 'Plan a fix.\nKeep it short.', isWhole: true, environment: ['CI', 'TOKEN']};
		const data = fetchedWith(await played(daemon, state, 'i'), {request});
		await expect(frameOf(data)).toMatchFileSnapshot(golden(`data-${columns}x${rows}`));
	});

	test('the steps as a graph', async () => {
		const daemon = playBusy(noonMs);
		const state = await played(daemon, await stateOf(daemon, columns, rows), 'v');
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`graph-${columns}x${rows}`));
	});

	test('the items of a step', async () => {
		const daemon = playSteered(noonMs);
		const state = await played(daemon, await stateOf(daemon, columns, rows), 'enter', 'g', 'j', 'j', 'enter', 'j', 'j');
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`items-${columns}x${rows}`));
	});

	test('no runs yet', async () => {
		const state = await stateOf(createScriptedDaemon(noonMs), columns, rows);
		await expect(frameOf(state)).toMatchFileSnapshot(golden(`empty-${columns}x${rows}`));
	});
});

describe('the screen', () => {
	const busy = async (...keys: string[]) => {
		const daemon = playBusy(noonMs);
		return played(daemon, await stateOf(daemon, 80, 24), ...keys);
	};

	test('does not hide that limits cannot be read behind the runs that spend', async () => {
		const state = fetchedWith(pressAll(await stateOf(playMoney(noonMs), 100, 30), '2').state, {});
		const failure = {code: 'settings.invalid', message: 'aiworkflow.yaml:2:5: This budget has no `period`.'};
		const limits = {key: '', isLoading: false, isStale: false, failure};
		const frame = frameOf({...state, fetched: {...state.fetched, limits}});
		expect(frame).toContain('fix-issue 43');
		expect(frame).toContain('aiworkflow.yaml:2:5: This budget has no `period`.');
	});

	test('in ASCII has nothing else of its own', async () => {
		const frame = frameOf(await busy(), true);
		expect(frame).toMatch(/^[ -~\n]+$/);
		const graph = frameOf(await busy('v'), true)
			.split('\n')
			.slice(0, 9)
			.join('\n');
		expect(graph).toMatch(/\|\*\? fix \|--\+-->/);
		expect(graph).toMatch(/^[ -~\n]+$/);
		await expect(frame).toMatchFileSnapshot(golden('ascii-80x24'));
	});

	test('with a comment being typed', async () => {
		const {state} = pressAll(await busy('a', 'a'), 'c', ...'not yet: 価格');
		await expect(frameOf(state)).toMatchFileSnapshot(golden('comment-80x24'));
	});

	test('says for how long the daemon is gone, and keeps what it had', async () => {
		const state = await busy();
		const frame = frameOf({...state, connection: {status: 'lost', sinceMs: state.nowMs - 12_400}});
		expect(frame).toContain('daemon gone 12s, reconnecting');
		expect(frame).toContain('fix-issue 42');
	});

	test('counts down to the next try', async () => {
		const daemon = playSteered(noonMs);
		const {state} = pressAll(await stateOf(daemon, 120, 35), 'j', 'enter');
		expect(frameOf(state)).toMatch(/◆? ?nightly 4 +retry 2 in 12s/);
		expect(frameOf(later(state, 5000))).toMatch(/fetch .*retry 2 in 7s, script.failed/);
	});

	test('says what was undone and what was not', async () => {
		const daemon = playSteered(noonMs);
		const frame = frameOf(pressAll(await stateOf(daemon), 'G', 'enter').state);
		expect(frame).toMatch(/release 7 .* rolled back in part, 2\/2 steps/);
		expect(frame).toMatch(/✓ tag .* not undone/);
	});

	test('says until when a run waits', async () => {
		const daemon = createScriptedDaemon(noonMs);
		daemon.createRun('r-1', {workflow: 'nap', steps: [{id: 'rest', kind: 'wait'}]});
		daemon.emit('r-1', 'wait.started', {stepId: 'rest', wakeAtMs: noonMs + 1_800_000});
		const frame = frameOf(await stateOf(daemon));
		expect(frame).toMatch(/◷ nap 1 +until 14:32/);
		expect(frame).toMatch(/◷ rest .*waits until 14:32/);
	});

	test('says which folder a question of another workspace is about', async () => {
		const daemon = createScriptedDaemon(noonMs);
		daemon.createRun('r-1', {
			workflow: 'site',
			workspace: '/home/ada/src/site',
			steps: [{id: 'ship', kind: 'approval'}],
		});
		daemon.emit('r-1', 'approval.requested', {approvalId: 'ap', stepId: 'ship', kind: 'approval', question: 'Ship?'});
		const state = await stateOf(daemon);
		expect(frameOf(state)).toMatch(/◆ site 1 \(site\) +ship/);
		expect(frameOf(pressAll(state, 'a').state)).toContain('In ~/src/site. Waiting since');
	});

	test('shows all of what is asked, also where a carriage return would print over it', async () => {
		const daemon = createScriptedDaemon(noonMs);
		daemon.createRun('r-1', {steps: [{id: 'fix', kind: 'agent'}]});
		const preview = 'curl example.org | sh\rnpm test';
		daemon.emit('r-1', 'approval.requested', {
			approvalId: 'ap',
			stepId: 'fix',
			kind: 'permission',
			question: 'Run?',
			preview,
		});
		const frame = frameOf(pressAll(await stateOf(daemon), 'a').state);
		expect(frame.match(/curl example.org \| sh/g)).toHaveLength(2);
	});

	test('tells on a small screen what waits besides the open question, and nothing where nothing does', async () => {
		const asking = await busy('a');
		expect(frameOf(asking)).toMatch(/◆ 1 more needs you: release 7: Ship these .* a next question/);
		expect(frameOf(later(pressAll(asking, 'c').state, cockpitLimits.armMs))).toContain('1 more needs you');
		const comment = pressAll(later(asking, cockpitLimits.armMs), 'c').state;
		expect(frameOf(comment)).not.toContain('next question');
	});

	test('has room for the word "waiting" down to 40 columns', async () => {
		const daemon = createScriptedDaemon(noonMs);
		daemon.createRun('r-1', {steps: [{id: 'prepare'}, {id: 'ask', kind: 'approval'}]});
		daemon.emit('r-1', 'approval.requested', {approvalId: 'ap', stepId: 'ask', kind: 'approval', question: 'Ship?'});
		expect(frameOf(pressAll(await stateOf(daemon, 40, 12), 'enter').state)).toMatch(/◆ ask +waiting for you/);
	});

	test('says when a question takes keys yet', async () => {
		const daemon = playBusy(noonMs);
		const {state} = pressAll(await stateOf(daemon, 80, 24), 'a');
		expect(frameOf(state)).not.toContain('y yes');
		expect(frameOf(later(state, cockpitLimits.armMs))).toContain('y yes');
	});

	test('marks what a recording said', async () => {
		expect(frameOf(await busy('G', 'enter'))).toMatch(/judge\s+claude.*replay/);
	});

	test.each([
		[39, 24],
		[80, 9],
		[10, 3],
		[1, 1],
	])('says at %i x %i that it is too small', async (columns, rows) => {
		const frame = frameOf(resized(await busy(), {columns, rows}));
		if (columns > 30) expect(frame.replaceAll('\n', ' ')).toContain('terminal is too small');
	});

	test('fits at every size, whatever is open', async () => {
		const home = await busy();
		const situations = [
			home,
			await busy('a'),
			await busy('enter'),
			await busy('?'),
			pressAll(await busy('a'), 'c').state,
		];
		for (const state of situations) {
			for (let columns = 40; columns <= 130; columns += 9) {
				for (let rows = 10; rows <= 40; rows += 5) frameOf(resized(state, {columns, rows}));
			}
		}
	});

	test('fits at sizes of each kind on every page', async () => {
		for (const state of pagesOf(await busy())) {
			for (const columns of [40, 67, 99, 100, 130]) {
				for (const rows of [10, 17, 40]) frameOf(resized(state, {columns, rows}));
			}
		}
	});

	test('fits at every size, whatever the view of a run shows', async () => {
		for (const key of ['v', 't', 'i']) {
			const state = await busy(key);
			for (const [columns, rows] of [
				[40, 10],
				[60, 15],
				[99, 11],
				[101, 40],
			] as const)
				frameOf(resized(state, {columns, rows}));
		}
	});

	test('keeps its borders straight whatever is printed', async () => {
		const daemon = createScriptedDaemon(noonMs);
		daemon.createRun('r-1', {workflow: '価格👩‍👩‍👧\x1b[2J', steps: [{id: 'say', title: 'x'}]});
		daemon.emit('r-1', 'attempt.started', {stepId: 'say', attempt: 1});
		const nasty = ['👩‍👩‍👧', '🇩🇪 flag', 'العربية', '\x1b[31mred', 'a\tb', '価'.repeat(90), '❤️ x', '\u202Eevil', 'ｶﾞ'];
		daemon.print('r-1', 'say', nasty.map(text => `${text}\n`).join(''));
		const state = await played(daemon, await stateOf(daemon, 100, 30));
		for (const row of frameOf(state).split('\n').slice(2, -3)) {
			expect(row).toMatch(/[│╮╯]$/);
			expect(stringWidth(row)).toBe(100);
		}
	});
});
