import {agentsBindings} from '../pages/agents/bindings.ts';
import {logsBindings} from '../pages/logs/bindings.ts';
import {moneyBindings} from '../pages/money/bindings.ts';
import {outboxBindings} from '../pages/outbox/bindings.ts';
import {pageNames} from '../pages/pages.ts';
import {toolsBindings} from '../pages/tools/bindings.ts';
import {triggersBindings} from '../pages/triggers/bindings.ts';
import {newRunBindings, workflowsBindings} from '../pages/workflows/bindings.ts';
import {pastBindings, runViewBindings} from '../run-view/bindings.ts';
import {nothingToEnter} from '../run-view/reasons.ts';
import type {CockpitState, Place} from '../state.ts';
import type {ActionName} from './actions.ts';
import * as why from './reasons.ts';

/** A key of the cockpit. Everything that listens, hints and helps reads this one table. */
export interface Binding {
	/** Names as `keyNamesOf` gives them. The first is the one that is shown. */
	readonly keys: readonly string[];
	readonly action: ActionName;
	/** For the help. */
	readonly description: string;
	/** For the line at the bottom, where it has a place there. */
	readonly hint?: string;
	readonly where: readonly Place[];
	/** Acts only when pressed by itself: in a pasted or piled-up chunk of keys it is not meant. */
	readonly isDecision?: boolean;
	/** Moves about or types: no command, so the list of commands leaves it out. */
	readonly isMotion?: boolean;
	/** @returns Why it does nothing right now, as a sentence; `undefined` where it works. */
	readonly disabledReason?: (state: CockpitState) => string | undefined;
}

const lists = ['needs', 'runs', 'steps'] as const;
const browsing = [...lists, 'output'] as const;
/** Everywhere but where something is asked or typed. */
const anywhere = [...browsing, ...pageNames] as const;
const confirming = ['cancel', 'retry', 'skip', 'fork', 'fire', 'replay'] as const;
const typing = [
	'comment',
	'amount',
	'filter',
	'palette',
	'search',
	'form',
	'choice',
	'page-filter',
	'template-filter',
] as const;
/** Where a letter is a key and no text. */
const acting = [
	...anywhere,
	'past',
	'approval',
	'workflow',
	'trust',
	'templates',
	'for-run',
	'answer-all',
	...confirming,
] as const;
/** `g` and `G` are moments in the past. */
const jumping = [...anywhere, 'approval', 'answer-all', 'workflow', 'trust', 'templates', 'help'] as const;
const scrolling = [...jumping, 'past'] as const;

/** In the order of the help; of hints, the first ones survive where the line is short. */
export const bindings: readonly Binding[] = [
	{
		keys: ['y'],
		action: 'approve',
		description: 'say yes',
		hint: 'yes',
		where: ['approval'],
		isDecision: true,
		disabledReason: why.cannotAnswer,
	},
	{
		keys: ['Y'],
		action: 'ask-for-run',
		description: 'allow it, and the same for the rest of the run (asks first)',
		hint: 'for this run',
		where: ['approval'],
		isDecision: true,
		disabledReason: why.cannotAnswerForRun,
	},
	{
		keys: ['y'],
		action: 'approve-for-run',
		description: 'yes, for the rest of the run',
		hint: 'yes, for the run',
		where: ['for-run'],
		isDecision: true,
		disabledReason: why.cannotAnswerForRun,
	},
	{keys: ['n', 'esc'], action: 'only-once', description: 'no, back to the question', hint: 'no', where: ['for-run']},
	{
		keys: ['n'],
		action: 'reject',
		description: 'say no',
		hint: 'no',
		where: ['approval'],
		isDecision: true,
		disabledReason: why.cannotAnswer,
	},
	{
		keys: ['e'],
		action: 'edit-text',
		description: 'change the text in $VISUAL or $EDITOR before it goes on, where the step allows it',
		hint: 'edit',
		where: ['approval'],
		disabledReason: why.cannotEditText,
	},
	{
		keys: ['c'],
		action: 'comment',
		description: 'say no, with a comment',
		hint: 'no, with a comment',
		where: ['approval'],
		isDecision: true,
		disabledReason: why.cannotAnswer,
	},
	{
		keys: ['m'],
		action: 'edit-amount',
		description: 'extend the budget by another amount',
		hint: 'another amount',
		where: ['approval'],
		isDecision: true,
		disabledReason: why.cannotEditAmount,
	},
	{
		keys: ['enter'],
		action: 'extend-by',
		description: 'extend the budget by this amount',
		hint: 'extend by this',
		where: ['amount'],
		disabledReason: why.notAnAmount,
	},
	{
		keys: ['esc'],
		action: 'discard-amount',
		description: 'another amount after all',
		hint: 'discard',
		where: ['amount'],
	},
	{keys: ['enter'], action: 'send', description: 'say no with this comment', hint: 'send the no', where: ['comment']},
	{
		keys: ['y'],
		action: 'confirm',
		description: 'yes, do what is asked about: cancel, retry, skip, fork, fire or replay',
		hint: 'yes',
		where: confirming,
		isDecision: true,
	},
	{
		keys: ['n', 'esc'],
		action: 'keep',
		description: 'no, leave it as it is',
		hint: 'no',
		where: [...confirming, 'answer-all'],
	},
	{
		keys: ['a'],
		action: 'answer',
		description: 'open the question of the selected run, else the first; else whether the workspace is trusted',
		hint: 'answer',
		where: anywhere,
		disabledReason: why.nothingWaits,
	},
	{
		keys: ['a'],
		action: 'next-question',
		description: 'leave this one for later and open the next',
		hint: 'next question',
		where: ['approval'],
		disabledReason: why.nothingElseWaits,
	},
	{
		keys: ['enter'],
		action: 'open',
		description: 'go in: question, run, steps, output',
		hint: 'open',
		where: [...lists, 'past'],
		isMotion: true,
		disabledReason: why.nothingToOpen,
	},
	{
		keys: ['esc'],
		action: 'back',
		description: 'go back; an open question stays open for later',
		hint: 'back',
		where: ['steps', 'output', 'approval', 'needs'],
		isMotion: true,
	},
	{
		keys: ['right', 'l'],
		action: 'right',
		description: 'go in; in the graph, to the step on the right',
		where: [...lists, 'past'],
		isMotion: true,
		disabledReason: why.nothingToOpen,
	},
	{
		keys: ['left', 'h'],
		action: 'left',
		description: 'go back; in the graph, to the step on the left',
		where: ['steps', 'output', 'approval', 'needs', 'past'],
		isMotion: true,
	},
	{
		keys: ['enter'],
		action: 'open-event',
		description: 'show the run as it was at the event under the cursor',
		where: ['output'],
		isMotion: true,
		disabledReason: nothingToEnter,
	},
	{keys: ['esc'], action: 'discard', description: 'do not send the comment', hint: 'discard', where: ['comment']},
	{keys: ['esc', '?'], action: 'close-help', description: 'close the help', hint: 'close', where: ['help']},
	{keys: ['j', 'down'], action: 'down', isMotion: true, description: 'down', where: scrolling},
	{keys: ['k', 'up'], action: 'up', isMotion: true, description: 'up', where: scrolling},
	{keys: ['g', 'home'], action: 'first', isMotion: true, description: 'to the start', where: jumping},
	{
		keys: ['G', 'end'],
		action: 'last',
		isMotion: true,
		description: 'to the end; output follows again',
		where: jumping,
	},
	{keys: ['ctrl-d'], action: 'half-down', isMotion: true, description: 'half a page down', where: scrolling},
	{keys: ['ctrl-u'], action: 'half-up', isMotion: true, description: 'half a page up', where: scrolling},
	{keys: ['pgdn', 'space'], action: 'page-down', isMotion: true, description: 'a page down', where: scrolling},
	{keys: ['pgup'], action: 'page-up', isMotion: true, description: 'a page up', where: scrolling},
	...pastBindings,
	{
		keys: ['tab'],
		action: 'next-pane',
		isMotion: true,
		description: 'next pane',
		hint: 'pane',
		where: [...browsing, 'past'],
		disabledReason: why.noOtherPane,
	},
	{
		keys: ['shift-tab'],
		action: 'previous-pane',
		isMotion: true,
		description: 'previous pane',
		where: [...browsing, 'past'],
		disabledReason: why.noOtherPane,
	},
	{
		keys: ['f'],
		action: 'follow',
		description: 'follow the output, or hold it',
		hint: 'follow',
		where: browsing,
		disabledReason: why.noOutput,
	},
	{
		keys: ['x'],
		action: 'cancel',
		description: 'cancel the selected run (asks first)',
		hint: 'cancel run',
		where: browsing,
		disabledReason: why.cannotCancel,
	},
	{
		keys: ['p'],
		action: 'pause',
		description: 'pause the selected run, or let it go on',
		hint: 'pause',
		where: browsing,
		disabledReason: why.cannotPause,
	},
	{
		keys: ['R'],
		action: 'retry',
		description: 'do again what failed in the selected run (asks first)',
		hint: 'retry',
		where: browsing,
		disabledReason: why.cannotRetry,
	},
	{
		keys: ['S'],
		action: 'skip',
		description: 'go on without the selected step (asks first)',
		where: browsing,
		disabledReason: why.cannotSkip,
	},
	{
		keys: ['A'],
		action: 'answer-all',
		description: 'answer all questions listed here with a yes (shows them first); a filter picks them',
		hint: 'yes to all',
		where: ['needs'],
		disabledReason: why.cannotAnswerAll,
	},
	{
		keys: ['y'],
		action: 'approve-all',
		description: 'yes to all of these',
		hint: 'yes to all of these',
		where: ['answer-all'],
		isDecision: true,
		disabledReason: why.notYetArmed,
	},
	{
		keys: ['z'],
		action: 'put-aside',
		description: 'put a failed run aside: it is seen, and leaves this list',
		hint: 'put aside',
		where: ['needs'],
		disabledReason: why.notAFailure,
	},
	{
		keys: ['y'],
		action: 'copy',
		description: 'copy: the id of the run or step, the question, the output, the event, or the data',
		where: [...browsing, 'past'],
		disabledReason: why.nothingToCopy,
	},
	{
		keys: ['/'],
		action: 'filter',
		description: 'filter the runs: words, !not this, ~letters in order',
		hint: 'filter',
		where: ['needs', 'runs'],
	},
	{
		keys: ['enter'],
		action: 'filter-keep',
		description: 'keep the filter',
		hint: 'keep',
		where: ['filter'],
		isMotion: true,
	},
	{
		keys: ['esc'],
		action: 'filter-clear',
		description: 'show all runs again',
		hint: 'show all',
		where: ['filter'],
		isMotion: true,
	},
	{keys: ['enter'], action: 'palette-run', description: 'do it', hint: 'do it', where: ['palette'], isMotion: true},
	{
		keys: ['esc'],
		action: 'palette-close',
		description: 'do nothing',
		hint: 'close',
		where: ['palette'],
		isMotion: true,
	},
	{keys: ['down', 'ctrl-n', 'tab'], action: 'palette-down', description: 'down', where: ['palette'], isMotion: true},
	{keys: ['up', 'ctrl-p', 'shift-tab'], action: 'palette-up', description: 'up', where: ['palette'], isMotion: true},
	{keys: ['1'], action: 'home', description: 'runs, and what needs you', where: anywhere},
	{keys: ['2'], action: 'money', description: 'money: limits, forecasts, and what was spent on what', where: anywhere},
	{keys: ['3'], action: 'agents', description: 'agents: whether they work, and what they cost', where: anywhere},
	{
		keys: ['esc', 'left', 'h'],
		action: 'leave',
		description: 'back to the runs',
		hint: 'back',
		where: pageNames,
		isMotion: true,
	},
	{keys: ['4'], action: 'workflows', description: 'workflows: see what there is, and start one', where: anywhere},
	{
		keys: ['5'],
		action: 'triggers',
		description: 'triggers: what fires next, what fired, and what keeps it from that',
		where: anywhere,
	},
	{keys: ['6'], action: 'logs', description: 'the log of the daemon', where: anywhere},
	{
		keys: ['7'],
		action: 'tools',
		description: 'tools: what steps and agents can call, and whether it works',
		where: anywhere,
	},
	{
		keys: ['8'],
		action: 'outbox',
		description: 'webhooks to others: what is still tried, and what was given up',
		where: anywhere,
	},
	...moneyBindings,
	...agentsBindings,
	...workflowsBindings,
	...triggersBindings,
	...logsBindings,
	...toolsBindings,
	...outboxBindings,
	{
		keys: ['ctrl-r'],
		action: 'refresh',
		description: 'ask the daemon again for what is shown here',
		where: [...pageNames, 'workflow', 'templates'],
	},
	{
		keys: ['+', '='],
		action: 'zoom-in',
		description: 'more room for what has the focus',
		where: [...browsing, 'past'],
		disabledReason: why.alreadyLargest,
	},
	{
		keys: ['_', '-'],
		action: 'zoom-out',
		description: 'less room for it',
		where: [...browsing, 'past'],
		disabledReason: why.alreadySmallest,
	},
	{
		keys: ['T'],
		action: 'themes',
		description: 'another theme: look at each on the screen as it is',
		where: [...browsing, 'money', 'agents', 'logs', 'outbox'],
	},
	{
		keys: ['right', 'l', 'down', 'j'],
		action: 'theme-next',
		description: 'look at the next theme',
		hint: 'next',
		where: ['themes'],
		isMotion: true,
	},
	{
		keys: ['left', 'h', 'up', 'k'],
		action: 'theme-previous',
		description: 'look at the theme before',
		hint: 'previous',
		where: ['themes'],
		isMotion: true,
	},
	{
		keys: ['enter'],
		action: 'theme-keep',
		description: 'keep this theme, tomorrow as well',
		hint: 'keep',
		where: ['themes'],
		isMotion: true,
	},
	{
		keys: ['esc'],
		action: 'theme-back',
		description: 'back to the theme there was',
		hint: 'back',
		where: ['themes'],
		isMotion: true,
	},
	{
		keys: [':'],
		action: 'palette',
		description: 'every command by name',
		hint: 'commands',
		where: [...anywhere, 'past'],
		isMotion: true,
	},
	...newRunBindings,
	...runViewBindings,
	{
		keys: ['?'],
		action: 'help',
		description: 'these keys',
		hint: 'keys',
		where: acting,
	},
	{
		keys: ['ctrl-l'],
		action: 'redraw',
		description: 'draw the whole screen again',
		where: [...acting, ...typing, 'export', 'help'],
	},
	{
		keys: ['q'],
		action: 'quit',
		description: 'quit; everything goes on without you',
		hint: 'quit',
		where: [...acting, 'export', 'help'],
	},
	{
		keys: ['ctrl-c'],
		action: 'interrupt',
		description: 'quit, from anywhere',
		where: [...acting, ...typing, 'export', 'help'],
		isMotion: true,
	},
];

/** @returns The binding of this key in this place. */
export const bindingFor = (key: string, place: Place, table = bindings): Binding | undefined =>
	table.find(({keys, where}) => where.includes(place) && keys.includes(key));

/** @returns What works in this place, and what would if there were a reason for it. */
export const bindingsIn = (place: Place, table = bindings): Binding[] =>
	table.filter(({where}) => where.includes(place));
