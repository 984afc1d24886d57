import type {CockpitState, Place} from '../state.ts';
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
	/** @returns Why it does nothing right now, as a sentence; `undefined` where it works. */
	readonly disabledReason?: (state: CockpitState) => string | undefined;
}

export type ActionName =
	| 'approve'
	| 'reject'
	| 'comment'
	| 'send'
	| 'discard'
	| 'answer'
	| 'next-question'
	| 'confirm'
	| 'keep'
	| 'cancel'
	| 'pause'
	| 'retry'
	| 'skip'
	| 'open'
	| 'back'
	| 'down'
	| 'up'
	| 'first'
	| 'last'
	| 'half-down'
	| 'half-up'
	| 'page-down'
	| 'page-up'
	| 'next-pane'
	| 'previous-pane'
	| 'follow'
	| 'help'
	| 'close-help'
	| 'quit'
	| 'interrupt';

const lists = ['needs', 'runs', 'steps'] as const;
const browsing = [...lists, 'output'] as const;
const confirming = ['cancel', 'retry', 'skip'] as const;
const scrolling = [...browsing, 'approval', 'help'] as const;

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
		keys: ['n'],
		action: 'reject',
		description: 'say no',
		hint: 'no',
		where: ['approval'],
		isDecision: true,
		disabledReason: why.cannotAnswer,
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
	{keys: ['enter'], action: 'send', description: 'say no with this comment', hint: 'send the no', where: ['comment']},
	{
		keys: ['y'],
		action: 'confirm',
		description: 'yes, do what is asked about: cancel, retry or skip',
		hint: 'yes',
		where: confirming,
		isDecision: true,
	},
	{keys: ['n', 'esc'], action: 'keep', description: 'no, leave it as it is', hint: 'no', where: confirming},
	{
		keys: ['a'],
		action: 'answer',
		description: 'open the question of the selected run, else the one that waits longest',
		hint: 'answer',
		where: browsing,
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
		keys: ['enter', 'right', 'l'],
		action: 'open',
		description: 'go in: run, steps, output',
		hint: 'open',
		where: lists,
		disabledReason: why.nothingToOpen,
	},
	{
		keys: ['esc', 'left', 'h'],
		action: 'back',
		description: 'go back; an open question stays open for later',
		hint: 'back',
		where: ['steps', 'output', 'approval', 'needs'],
	},
	{keys: ['esc'], action: 'discard', description: 'do not send the comment', hint: 'discard', where: ['comment']},
	{keys: ['esc', '?'], action: 'close-help', description: 'close the help', hint: 'close', where: ['help']},
	{keys: ['j', 'down'], action: 'down', description: 'down', where: scrolling},
	{keys: ['k', 'up'], action: 'up', description: 'up', where: scrolling},
	{keys: ['g', 'home'], action: 'first', description: 'to the start', where: scrolling},
	{keys: ['G', 'end'], action: 'last', description: 'to the end; output follows again', where: scrolling},
	{keys: ['ctrl-d'], action: 'half-down', description: 'half a page down', where: scrolling},
	{keys: ['ctrl-u'], action: 'half-up', description: 'half a page up', where: scrolling},
	{keys: ['pgdn', 'space'], action: 'page-down', description: 'a page down', where: scrolling},
	{keys: ['pgup'], action: 'page-up', description: 'a page up', where: scrolling},
	{
		keys: ['tab'],
		action: 'next-pane',
		description: 'next pane',
		hint: 'pane',
		where: browsing,
		disabledReason: why.noOtherPane,
	},
	{
		keys: ['shift-tab'],
		action: 'previous-pane',
		description: 'previous pane',
		where: browsing,
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
		keys: ['?'],
		action: 'help',
		description: 'these keys',
		hint: 'keys',
		where: [...browsing, 'approval', ...confirming],
	},
	{
		keys: ['q'],
		action: 'quit',
		description: 'quit; everything goes on without you',
		hint: 'quit',
		where: [...browsing, 'approval', ...confirming, 'help'],
	},
	{
		keys: ['ctrl-c'],
		action: 'interrupt',
		description: 'quit, from anywhere',
		where: [...browsing, 'approval', 'comment', ...confirming, 'help'],
	},
];

/** @returns The binding of this key in this place. */
export const bindingFor = (key: string, place: Place): Binding | undefined =>
	bindings.find(({keys, where}) => where.includes(place) && keys.includes(key));

/** @returns What works in this place, and what would if there were a reason for it. */
export const bindingsIn = (place: Place): Binding[] => bindings.filter(({where}) => where.includes(place));
