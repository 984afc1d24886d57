import {describe, expect, test} from 'vitest';
import type {ApprovalState} from '../../../source/run/state.ts';
import type {ActionName} from '../../../source/tui/keys/actions.ts';
import {optionFor} from '../../../source/tui/keys/answer.ts';
import {bindingFor, bindings} from '../../../source/tui/keys/bindings.ts';
import {keyPressesOf} from '../../../source/tui/keys/names.ts';
import {paste, press} from '../../../source/tui/keys/press.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {shownFileOf} from '../../../source/tui/pages/workflows/select.ts';
import {helpRowsOf, helpScrollMaxOf} from '../../../source/tui/rows/help.ts';
import {type CockpitState, type Place, placeOf} from '../../../source/tui/state.ts';
import {agentView} from './agent-view.ts';
import {spentDay} from './money-scene.ts';
import {playBusy, playMoney, playSteered} from './scenes.ts';
import {createScriptedDaemon} from './scripted-daemon.ts';
import {withShelf} from './scripted-templates.ts';
import {fixIssueFile} from './scripted-workflows.ts';
import {
	fetchedWith,
	later,
	noonMs,
	pressAll,
	stateOf,
	withDeliveries,
	withHistory,
	withLog,
	withTools,
	withTriggers,
	withWorkflows,
} from './states.ts';

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
const openedPermission = async () => later(pressAll(await busy(), 'a').state, cockpitLimits.armMs);
const middle = async () => pressAll(await busy(), 'j', 'j', 'j').state;
const scrolledUp = async () => pressAll(await printing(), 'ctrl-u', 'ctrl-u').state;
const commenting = async () => pressAll(await opened(), 'c', 'w', 'h', 'y').state;
const onFailed = async () => pressAll(await busy(), 'j', 'j', 'j', 'j').state;
const confirming = async () => pressAll(await busy(), 'x').state;
const helping = async () => pressAll(await busy(80, 24), '?', 'ctrl-d').state;

const onNeeds = async () => pressAll(await busy(), 'shift-tab').state;
const onThemes = async () => pressAll(await busy(), 'T').state;
/** A question whose text may be changed is open. */
const editing = async () => {
	const daemon = createScriptedDaemon(noonMs);
	daemon.createRun('r-1', {workflow: 'news', steps: [{id: 'review', kind: 'approval'}]});
	const preview = 'Version 2.4 is out.\n';
	const question = 'Announce it?';
	daemon.emit('r-1', 'approval.requested', {
		...{approvalId: 'ap-1', stepId: 'review', kind: 'approval', question, preview, isEditable: true},
	});
	return later(pressAll(await stateOf(daemon), 'a').state, cockpitLimits.armMs);
};
const filtering = async () => pressAll(await busy(), '/', 'd', 'e', 'p').state;
const commanding = async () => pressAll(await busy(), ':', 'p', 'a', 'u').state;
const onAgents = async () =>
	fetchedWith(pressAll(await busy(), '3').state, {agents: [agentView('claude'), agentView('codex')]});

/** What is looked for is in one line; lines are numbered from 0. */
const searching = async () => pressAll(await printing(), 'g', '/', 'i', 'n', 'e', 'space', '7', '1').state;
const searched = async () => pressAll(await printing(), 'g', '/', ...'line', 'enter', 'n').state;
const printingWide = async () => {
	const daemon = createScriptedDaemon(noonMs);
	daemon.createRun('r-1', {steps: [{id: 'count'}]});
	daemon.emit('r-1', 'attempt.started', {stepId: 'count', attempt: 1});
	daemon.print('r-1', 'count', `${'wide '.repeat(100)}\n`);
	return pressAll(await stateOf(daemon), 'enter', 'enter', '>', '>').state;
};

const spending = async (...keys: string[]) => {
	const state = await stateOf(playMoney(noonMs));
	return fetchedWith(pressAll(fetchedWith(pressAll(state, '2').state, spentDay()), ...keys).state, spentDay());
};

/** The cursor on the run that asks for money. */
const onSpender = () => spending('G', 'k', 'j');
const askedForMoney = async () => later(pressAll(await onSpender(), 'E').state, cockpitLimits.armMs);
const typingAmount = async () => pressAll(await askedForMoney(), 'm', '1', '.', '5').state;

const onWorkflows = async () => withWorkflows(pressAll(await busy(), '4').state, fixIssueFile);
const onTemplates = async () => withShelf(await onWorkflows());
const filteringTemplates = async () => pressAll(await onTemplates(), '/', ...'scan').state;
const inForm = async () => pressAll(await onWorkflows(), 'enter', '4', '2').state;
const onChoice = async () => pressAll(await inForm(), 'tab').state;
const onSource = async () => pressAll(await onWorkflows(), 'w').state;
const askingTrust = async () => pressAll(await inForm(), 'ctrl-t').state;
const onTriggers = async () => withTriggers(pressAll(await busy(), '5').state);
const onTools = async () => withTools(pressAll(await busy(), '7').state);
const onOutbox = async () => withDeliveries(pressAll(await busy(), '8').state);
const onLogs = async () => withLog(pressAll(await busy(), '6').state, 100);
const filteringPage = async () => pressAll(await onWorkflows(), '/', 'n', 'i').state;
/** The run that was selected, as it was three events ago. */
const inPast = async () => {
	const daemon = playBusy(noonMs);
	return pressAll(withHistory(daemon, await stateOf(daemon)), '[', '[', '[').state;
};
const thenSeq = (state: CockpitState) => state.runView.past?.seq;
const exporting = async () => pressAll(await inPast(), 'x').state;
/** The 38th of a hundred items, selected by itself. */
const onItem = async () => pressAll(await stateOf(playSteered(noonMs)), 'enter', 'g', 'j', 'j').state;
const pickedItem = (state: CockpitState) => state.runView.items['r-bulk']?.item;

/** For each action: where to press its keys, and what must have come of it. */
const expectations: Readonly<Record<ActionName, [() => Promise<CockpitState>, (after: Outcome) => void]>> = {
	approve: [opened, ({effects}) => expect(effects).toMatchObject([{kind: 'approve', approvalId: 'ap-ship'}])],
	'ask-for-run': [openedPermission, ({state}) => expect(placeOf(state)).toBe('for-run')],
	'only-once': [
		async () => pressAll(await openedPermission(), 'Y').state,
		({state, effects}) => expect([placeOf(state), effects]).toEqual(['approval', []]),
	],
	'answer-all': [
		onNeeds,
		({state}) => expect(state.dialog).toMatchObject({questions: [{approvalId: 'ap-ship'}, {approvalId: 'ap-npm'}]}),
	],
	'approve-all': [
		async () => later(pressAll(await onNeeds(), 'A').state, cockpitLimits.armMs),
		({effects}) =>
			expect(effects).toEqual([
				{
					kind: 'approve-all',
					answers: [{approvalId: 'ap-ship'}, {approvalId: 'ap-npm', optionId: expect.any(String)}],
				},
			]),
	],
	'approve-for-run': [
		async () => pressAll(await openedPermission(), 'Y').state,
		({effects}) => expect(effects).toMatchObject([{kind: 'approve', approvalId: 'ap-npm', forRun: true}]),
	],
	reject: [opened, ({effects}) => expect(effects).toMatchObject([{kind: 'reject', approvalId: 'ap-ship'}])],
	templates: [onWorkflows, ({state}) => expect(placeOf(state)).toBe('templates')],
	'templates-close': [onTemplates, ({state}) => expect(placeOf(state)).toBe('workflows')],
	'template-form': [
		onTemplates,
		({state}) => expect(state.dialog).toMatchObject({kind: 'form', template: 'deployment'}),
	],
	'template-category': [onTemplates, ({state}) => expect(state.pages.workflows.templates.category).toBe('deployment')],
	'template-half': [onTemplates, ({state}) => expect(state.pages.workflows.templates.half).toBe('preview')],
	'template-filter': [onTemplates, ({state}) => expect(placeOf(state)).toBe('template-filter')],
	'template-filter-keep': [
		filteringTemplates,
		({state}) => expect([placeOf(state), state.pages.workflows.templates.filter]).toEqual(['templates', 'scan']),
	],
	'template-filter-clear': [
		filteringTemplates,
		({state}) => expect([placeOf(state), state.pages.workflows.templates.filter]).toEqual(['templates', '']),
	],
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
	redraw: [busy, ({effects}) => expect(effects).toEqual([{kind: 'redraw'}])],
	quit: [busy, ({effects}) => expect(effects).toEqual([{kind: 'quit'}])],
	home: [onAgents, ({state}) => expect(state.screen).toBe('home')],
	agents: [busy, ({state}) => expect(state.screen).toBe('agents')],
	money: [busy, ({state}) => expect(state.screen).toBe('money')],
	'edit-amount': [askedForMoney, ({state}) => expect(placeOf(state)).toBe('amount')],
	'extend-by': [
		typingAmount,
		({effects}) => expect(effects).toMatchObject([{kind: 'approve', approvalId: 'ap-more', extendBy: 1.5}]),
	],
	'discard-amount': [typingAmount, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['approval', []])],
	'answer-budget': [onSpender, ({state}) => expect(state.dialog).toMatchObject({approvalId: 'ap-more'})],
	'open-spender': [onSpender, ({state}) => expect([state.screen, state.runId]).toEqual(['home', 'r-fix'])],
	'pause-spender': [onSpender, ({effects}) => expect(effects).toEqual([{kind: 'pause', runId: 'r-fix'}])],
	'next-breakdown': [onSpender, ({state}) => expect(state.pages.money.by).toBe('model')],
	'next-range': [onSpender, ({state}) => expect(state.pages.money.range).toBe('7 days')],
	'check-agents': [onAgents, ({effects}) => expect(effects).toEqual([{kind: 'check-agents'}])],
	'prefer-agent': [onAgents, ({effects}) => expect(effects).toEqual([{kind: 'prefer-agent', agent: 'claude'}])],
	'disable-agent': [onAgents, ({effects}) => expect(effects).toEqual([{kind: 'disable-agent', agent: 'claude'}])],
	leave: [onAgents, ({state}) => expect(state.screen).toBe('home')],
	refresh: [onAgents, ({state}) => expect(state.fetched.agents?.isStale).toBe(true)],
	workflows: [busy, ({state}) => expect(placeOf(state)).toBe('workflows')],
	'new-run': [busy, ({state}) => expect(placeOf(state)).toBe('workflows')],
	triggers: [busy, ({state}) => expect(placeOf(state)).toBe('triggers')],
	tools: [busy, ({state}) => expect(placeOf(state)).toBe('tools')],
	'check-tool': [onTools, ({effects}) => expect(effects).toEqual([{kind: 'check-tool', tool: 'issues'}])],
	'check-tools': [onTools, ({effects}) => expect(effects).toEqual([{kind: 'check-tools'}])],
	'tool-half': [onTools, ({state}) => expect(state.pages.tools.half).toBe('details')],
	outbox: [busy, ({state}) => expect(placeOf(state)).toBe('outbox')],
	'open-sender': [
		onOutbox,
		({state}) =>
			expect([state.screen, state.runId, state.pinnedSteps['r-deploy']]).toEqual(['home', 'r-deploy', 'push']),
	],
	'replay-delivery': [onOutbox, ({state}) => expect(state.dialog).toMatchObject({kind: 'replay', delivery: 'msg_1'})],
	logs: [busy, ({state}) => expect(placeOf(state)).toBe('logs')],
	'open-form': [onWorkflows, ({state}) => expect(state.dialog).toMatchObject({kind: 'form', workflow: 'fix-issue'})],
	'form-start': [inForm, ({effects}) => expect(effects).toMatchObject([{kind: 'start-run', inputs: {issue: '42'}}])],
	'form-enter': [inForm, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['choice', []])],
	'form-next': [inForm, ({state}) => expect(state.dialog).toMatchObject({cursor: 1})],
	'form-previous': [onChoice, ({state}) => expect(state.dialog).toMatchObject({cursor: 0})],
	'choice-next': [onChoice, ({state}) => expect(state.dialog).toMatchObject({texts: {'input:mode': 'thorough'}})],
	'choice-previous': [onChoice, ({state}) => expect(state.dialog).toMatchObject({texts: {'input:mode': 'thorough'}})],
	'form-close': [inForm, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['workflows', []])],
	'ask-trust': [inForm, ({state}) => expect(state.dialog).toMatchObject({kind: 'trust', form: {kind: 'form'}})],
	'ask-trust-here': [onWorkflows, ({state}) => expect(placeOf(state)).toBe('trust')],
	'open-firing': [onTriggers, ({state}) => expect([state.screen, state.runId]).toEqual(['home', 'r-audit'])],
	'pause-schedule': [
		onTriggers,
		({effects}) => expect(effects).toEqual([{kind: 'pause-schedule', schedule: 'nightly-audit'}]),
	],
	'fire-schedule': [onTriggers, ({state}) => expect(state.dialog).toEqual({kind: 'fire', schedule: 'nightly-audit'})],
	trust: [
		askingTrust,
		({state, effects}) =>
			expect([placeOf(state), effects]).toEqual(['form', [{kind: 'trust', workspace: '/src/shop'}]]),
	],
	'no-trust': [askingTrust, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['form', []])],
	'show-run-workflow': [
		busy,
		({state}) => expect([placeOf(state), state.dialog]).toMatchObject(['workflow', {file: fixIssueFile, from: 'home'}]),
	],
	'show-workflow': [onWorkflows, ({state}) => expect(placeOf(state)).toBe('workflow')],
	'close-workflow': [onSource, ({state}) => expect(placeOf(state)).toBe('workflows')],
	'other-half': [onSource, ({state}) => expect(state.dialog).toMatchObject({half: 'plan'})],
	'next-problem': [
		async () => pressAll(withWorkflows(await onSource(), fixIssueFile), 'tab').state,
		({state}) => expect(state.dialog).toMatchObject({half: 'source'}),
	],
	edit: [onSource, ({effects}) => expect(effects).toEqual([{kind: 'edit', file: fixIssueFile}])],
	'page-filter': [onWorkflows, ({state}) => expect(placeOf(state)).toBe('page-filter')],
	'page-filter-keep': [
		filteringPage,
		({state}) => expect([placeOf(state), shownFileOf(state)]).toEqual(['workflows', '/src/shop/nightly-audit.md']),
	],
	'page-filter-clear': [filteringPage, ({state}) => expect(state.pages.workflows.filter).toBe('')],
	'follow-log': [onLogs, ({state}) => expect(state.pages.logs.scroll).toMatchObject({isFollowing: false})],
	'check-agent': [onAgents, ({effects}) => expect(effects).toEqual([{kind: 'check-agent', agent: 'claude'}])],
	'zoom-in': [busy, ({state}) => expect(state.zoom).toBe(1)],
	'zoom-out': [
		async () => pressAll(await busy(), '+', '+').state,
		({state, before}) => expect([before.zoom, state.zoom]).toEqual([2, 1]),
	],
	'put-aside': [
		async () => pressAll(await onNeeds(), 'G').state,
		({state, before}) => expect(state.attention).toEqual(before.attention.slice(0, -1)),
	],
	copy: [printing, ({effects}) => expect(effects).toMatchObject([{kind: 'copy', what: '100 lines'}])],
	filter: [busy, ({state}) => expect(placeOf(state)).toBe('filter')],
	'filter-keep': [
		filtering,
		({state}) => expect([placeOf(state), state.filter, state.runId]).toEqual(['runs', 'dep', 'r-deploy']),
	],
	'filter-clear': [filtering, ({state}) => expect([placeOf(state), state.filter]).toEqual(['runs', ''])],
	themes: [busy, ({state}) => expect([placeOf(state), state.theme?.name]).toEqual(['themes', 'default'])],
	'theme-next': [onThemes, ({state}) => expect(state.theme?.name).toBe('dark')],
	'theme-previous': [onThemes, ({state}) => expect(state.theme?.name).toBe('mono')],
	'theme-keep': [
		async () => pressAll(await onThemes(), 'j').state,
		({state, effects}) => expect([placeOf(state), effects]).toEqual(['runs', [{kind: 'keep-theme', name: 'dark'}]]),
	],
	'theme-back': [
		async () => pressAll(await onThemes(), 'j').state,
		({state}) => expect([placeOf(state), state.theme]).toEqual(['runs', undefined]),
	],
	'edit-text': [
		editing,
		({effects}) => expect(effects).toMatchObject([{kind: 'edit-text', text: 'Version 2.4 is out.\n'}]),
	],
	palette: [busy, ({state}) => expect(placeOf(state)).toBe('palette')],
	'palette-close': [commanding, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['runs', []])],
	'palette-run': [commanding, ({effects}) => expect(effects).toEqual([{kind: 'pause', runId: 'r-fix42'}])],
	'palette-down': [
		async () => pressAll(await busy(), ':').state,
		({state}) => expect(state.dialog).toMatchObject({kind: 'palette', cursor: 1}),
	],
	'palette-up': [
		async () => pressAll(await busy(), ':', 'down', 'down').state,
		({state}) => expect(state.dialog).toMatchObject({kind: 'palette', cursor: 1}),
	],
	'event-before': [inPast, ({state, before}) => expect(thenSeq(state)).toBe(thenSeq(before)! - 1)],
	'event-after': [inPast, ({state, before}) => expect(thenSeq(state)).toBe(thenSeq(before)! + 1)],
	'step-before': [inPast, ({state, before}) => expect(thenSeq(state)).toBeLessThan(thenSeq(before)!)],
	'step-after': [
		async () => pressAll(await inPast(), 'g').state,
		({state, before}) => expect(thenSeq(state)).toBeGreaterThan(thenSeq(before)!),
	],
	'first-event': [inPast, ({state}) => expect(thenSeq(state)).toBe(1)],
	now: [inPast, ({state}) => expect(placeOf(state)).toBe('steps')],
	'not-then': [
		inPast,
		({state, effects}) => expect([state.notice?.text, effects]).toEqual([expect.stringContaining('then, not now'), []]),
	],
	fork: [inPast, ({state, before}) => expect(state.dialog).toMatchObject({kind: 'fork', seq: thenSeq(before)})],
	export: [
		async () => busy(),
		({state}) => expect(state.dialog).toEqual({kind: 'export', runId: 'r-fix42', seq: undefined}),
	],
	'export-then': [
		inPast,
		({state, before}) => expect(state.dialog).toMatchObject({kind: 'export', seq: thenSeq(before)}),
	],
	'export-markdown': [exporting, ({effects}) => expect(effects).toMatchObject([{kind: 'export', format: 'md'}])],
	'export-ndjson': [exporting, ({effects}) => expect(effects).toMatchObject([{kind: 'export', format: 'ndjson'}])],
	'export-no': [exporting, ({state, effects}) => expect([placeOf(state), effects]).toEqual(['past', []])],
	'show-output': [
		async () => pressAll(await busy(), 't').state,
		({state}) => expect([state.runView.lower, state.pane]).toEqual(['output', 'output']),
	],
	'show-events': [busy, ({state}) => expect([state.runView.lower, state.pane]).toEqual(['events', 'output'])],
	'show-data': [busy, ({state}) => expect([state.runView.lower, state.pane]).toEqual(['data', 'output'])],
	'item-before': [onItem, ({state}) => expect(pickedItem(state)).toBe(36)],
	'item-after': [onItem, ({state}) => expect(pickedItem(state)).toBe(38)],
	'open-event': [
		async () => {
			const daemon = playBusy(noonMs);
			return pressAll(withHistory(daemon, await stateOf(daemon)), 't', 'k', 'k').state;
		},
		({state, before}) => expect(thenSeq(state)).toBe(before.runView.eventSeq),
	],
	search: [printing, ({state}) => expect(placeOf(state)).toBe('search')],
	'search-keep': [searching, ({state}) => expect([placeOf(state), state.runView.found]).toEqual(['output', 70])],
	'search-clear': [searching, ({state}) => expect([placeOf(state), state.runView.search]).toEqual(['output', ''])],
	'next-match': [searched, ({state}) => expect(state.runView.found).toBe(2)],
	'previous-match': [searched, ({state}) => expect(state.runView.found).toBe(0)],
	'next-error': [printing, ({state}) => expect(state.notice?.text).toBe('Nothing in it looks like an error.')],
	wrap: [printing, ({state}) => expect(state.runView.isWrapped).toBe(false)],
	'shift-right': [printingWide, ({state, before}) => expect(state.runView.column).toBe(before.runView.column + 16)],
	'shift-left': [printingWide, ({state, before}) => expect(state.runView.column).toBe(before.runView.column - 16)],
	render: [printing, ({state}) => expect(state.runView.isRendered).toBe(true)],
	right: [busy, ({state}) => expect(state.pane).toBe('steps')],
	left: [async () => pressAll(await inPast(), 'tab').state, ({state}) => expect(state.pane).toBe('steps')],
	shape: [busy, ({state}) => expect([state.runView.shape, state.pane]).toEqual(['graph', 'steps'])],
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
			'amount',
			'money',
			'agents',
			'cancel',
			'retry',
			'skip',
			'fork',
			'fire',
			'replay',
			'workflows',
			'tools',
			'outbox',
			'triggers',
			'templates',
			'template-filter',
			'past',
			'export',
			'search',
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
		const decided = ({effects}: ReturnType<typeof pressAll>) => effects.filter(({kind}) => kind !== 'copy');
		for (const key of ['y', 'n', 'c']) expect(decided(pressAll(await busy(), key))).toEqual([]);
		expect(decided(pressAll(await opened(), 'esc', 'y'))).toEqual([]);
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
