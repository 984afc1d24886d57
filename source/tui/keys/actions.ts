import type {Attention} from '../attention.ts';
import {type Copied, copyOf} from '../copy/text.ts';
import {allStale} from '../fetched/stale.ts';
import {movedInGraph} from '../graph/steps.ts';
import {focusablePanesOf, isRunView} from '../layout.ts';
import {cockpitLimits} from '../limits.ts';
import {held} from '../output/scroll.ts';
import {agentsActions} from '../pages/agents/actions.ts';
import {logsActions} from '../pages/logs/actions.ts';
import {moneyActions} from '../pages/money/actions.ts';
import {onOutbox, outboxActions} from '../pages/outbox/actions.ts';
import {toolsActions} from '../pages/tools/actions.ts';
import {triggersActions} from '../pages/triggers/actions.ts';
import {askedToTrust, workflowsActions} from '../pages/workflows/actions.ts';
import {runViewActions} from '../run-view/actions.ts';
import {wentBelow, wentUp} from '../run-view/descent.ts';
import {outputActions} from '../run-view/output-actions.ts';
import {isPast} from '../run-view/past.ts';
import {wentToEvent} from '../run-view/scrub.ts';
import {isGraphFocused} from '../run-view/select.ts';
import {withItemsHidden, withItemsListed} from '../run-view/step-list.ts';
import {cursorEventOf} from '../run-view/timeline.ts';
import {
	answerableOf,
	approvalOf,
	isTrustNext,
	nextWaitingOf,
	selectedAttentionOf,
	selectedRunOf,
	selectedStepOf,
	selectedWaitingOf,
} from '../select.ts';
import {type ApprovalDialog, type CockpitState, isConfirm, type PaneName} from '../state.ts';
import {settle} from '../store/settle.ts';
import {outputViewOf} from '../views.ts';
import {amountOf} from './amount.ts';
import {optionFor} from './answer.ts';
import {filtered} from './filter.ts';
import {moved, movedToEnd, movedToStart, pageRowsOf} from './move.ts';
import {opened} from './open-question.ts';
import {paletteMoved, ranFromPalette} from './palette.ts';
import {keptTheme, leftThemes, nextTheme, openedThemes} from './themes.ts';

/** Something to be done outside: the state says nothing about whether it worked, the journal will. */
export type Effect =
	| {
			readonly kind: 'approve' | 'reject';
			readonly approvalId: string;
			readonly optionId?: string;
			readonly comment?: string;
			/** What was made of the text that may be changed. */
			readonly text?: string;
			/** The same is allowed for the rest of the run. */
			readonly forRun?: boolean;
			/** What a budget is extended by: USD, or its own unit. */
			readonly extendBy?: number;
	  }
	/** Each by itself: one that was answered meanwhile does not keep the others waiting. */
	| {
			readonly kind: 'approve-all';
			readonly answers: readonly {readonly approvalId: string; readonly optionId?: string}[];
	  }
	| {readonly kind: 'cancel' | 'pause' | 'resume' | 'retry'; readonly runId: string}
	| {readonly kind: 'skip'; readonly runId: string; readonly stepId: string}
	/** @param schedule Its name. */
	| {readonly kind: 'fire' | 'pause-schedule' | 'resume-schedule'; readonly schedule: string}
	| {
			readonly kind: 'check-agent' | 'disable-agent' | 'enable-agent' | 'prefer-agent' | 'unprefer-agent';
			readonly agent: string;
	  }
	| {readonly kind: 'check-agents' | 'check-tools'}
	| {readonly kind: 'check-tool'; readonly tool: string}
	/** @param delivery Id of a dead letter. */
	| {readonly kind: 'replay'; readonly delivery: string}
	| {
			readonly kind: 'start-run';
			readonly file: string;
			/** As text: it is read as the declared type. */
			readonly inputs: Readonly<Record<string, string>>;
			readonly agents?: readonly string[];
			/** Of the inputs those that are not what the file presets. */
			readonly typed: Readonly<Record<string, string>>;
	  }
	/** Makes a workflow in the workspace. @param given By name of the variable, as typed. */
	| {readonly kind: 'use-template'; readonly template: string; readonly given: Readonly<Record<string, string>>}
	/** Reads the file, then opens the form. */
	| {readonly kind: 'fill-form'; readonly file: string}
	| {readonly kind: 'trust'; readonly workspace: string}
	| {readonly kind: 'fork'; readonly runId: string; readonly seq: number}
	/** @param seq Only up to this event. */
	| {readonly kind: 'export'; readonly runId: string; readonly seq?: number; readonly format: 'md' | 'ndjson'}
	/** Of the screen itself; the daemon has no part in it. */
	| {readonly kind: 'redraw'}
	| {readonly kind: 'edit'; readonly file: string}
	| {readonly kind: 'edit-text'; readonly approvalId: string; readonly text: string; readonly name: string}
	/** Into the clipboard, and into a file for where there is none. */
	| ({readonly kind: 'copy'} & Copied)
	| {readonly kind: 'keep-theme'; readonly name: string}
	| {readonly kind: 'quit'};

/** What the session does; the rest is the terminal's. */
export type DaemonEffect = Exclude<Effect, {kind: 'quit' | 'redraw' | 'copy' | 'edit' | 'edit-text' | 'keep-theme'}>;

export type Action = (state: CockpitState) => Outcome;

export interface Outcome {
	readonly state: CockpitState;
	readonly effect?: Effect;
}

const ownActions = {
	approve: (state: CockpitState): Outcome => answered(state, 'approve'),
	'ask-for-run': (state: CockpitState): Outcome => withApproval(state, {isForRunAsked: true}),
	'approve-for-run': (state: CockpitState): Outcome => answered(state, 'approve', true),
	'only-once': (state: CockpitState): Outcome => withApproval(state, {isForRunAsked: undefined}),
	'answer-all': (state: CockpitState): Outcome => ({state: askedAboutAll(state)}),
	'approve-all': (state: CockpitState): Outcome => approvedAll(state),
	reject: (state: CockpitState): Outcome => answered(state, 'reject'),
	'edit-text': (state: CockpitState): Outcome => editedText(state),
	comment: (state: CockpitState): Outcome => withApproval(state, {comment: ''}),
	send: (state: CockpitState): Outcome => answered(state, 'reject'),
	discard: (state: CockpitState): Outcome => withApproval(state, {comment: undefined}),
	'edit-amount': (state: CockpitState): Outcome => withApproval(state, {amount: ''}),
	'extend-by': (state: CockpitState): Outcome => answered(state, 'approve'),
	'discard-amount': (state: CockpitState): Outcome => withApproval(state, {amount: undefined}),
	answer: (state: CockpitState): Outcome => ({
		state: isTrustNext(state)
			? askedToTrust(state, state.nowMs + cockpitLimits.armMs)
			: opened(state, selectedWaitingOf(state)),
	}),
	'next-question': (state: CockpitState): Outcome => ({state: opened(state, nextWaitingOf(state))}),
	confirm: (state: CockpitState): Outcome => confirmed(state),
	keep: (state: CockpitState): Outcome => ({state: {...state, dialog: undefined}}),
	cancel: (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'cancel', runId: state.runId!}}}),
	pause: (state: CockpitState): Outcome => ({
		state,
		effect: {kind: selectedRunOf(state)?.paused ? 'resume' : 'pause', runId: state.runId!},
	}),
	retry: (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'retry', runId: state.runId!}}}),
	skip: (state: CockpitState): Outcome => ({
		state: {...state, dialog: {kind: 'skip', runId: state.runId!, stepId: selectedStepOf(state)!.id}},
	}),
	open: (state: CockpitState): Outcome => ({state: wentIn(state)}),
	back: (state: CockpitState): Outcome => ({state: wentBack(state)}),
	'open-event': (state: CockpitState): Outcome => ({state: wentIn(state)}),
	right: (state: CockpitState): Outcome => ({
		state: isGraphFocused(state) ? movedInGraph(state, 'right') : wentIn(state),
	}),
	left: (state: CockpitState): Outcome => ({
		state: isGraphFocused(state) && !state.dialog ? movedInGraph(state, 'left') : wentBack(state),
	}),
	down: (state: CockpitState): Outcome => ({state: moved(state, 1)}),
	up: (state: CockpitState): Outcome => ({state: moved(state, -1)}),
	first: (state: CockpitState): Outcome => ({state: movedToStart(state)}),
	last: (state: CockpitState): Outcome => ({state: movedToEnd(state)}),
	'half-down': (state: CockpitState): Outcome => ({state: moved(state, Math.ceil(pageRowsOf(state) / 2))}),
	'half-up': (state: CockpitState): Outcome => ({state: moved(state, -Math.ceil(pageRowsOf(state) / 2))}),
	'page-down': (state: CockpitState): Outcome => ({state: moved(state, pageRowsOf(state))}),
	'page-up': (state: CockpitState): Outcome => ({state: moved(state, -pageRowsOf(state))}),
	'next-pane': (state: CockpitState): Outcome => ({state: {...state, pane: paneAfter(state, 1)}}),
	'previous-pane': (state: CockpitState): Outcome => ({state: {...state, pane: paneAfter(state, -1)}}),
	follow: (state: CockpitState): Outcome => ({state: withFollow(state)}),
	help: (state: CockpitState): Outcome => ({state: {...state, help: {scroll: 0}}}),
	'close-help': (state: CockpitState): Outcome => ({state: rearmed({...state, help: undefined})}),
	redraw: (state: CockpitState): Outcome => ({state, effect: {kind: 'redraw'}}),
	quit: (state: CockpitState): Outcome => ({state, effect: {kind: 'quit'}}),
	interrupt: (state: CockpitState): Outcome => ({state, effect: {kind: 'quit'}}),
	copy: (state: CockpitState): Outcome => {
		const copied = copyOf(state);
		return copied ? {state, effect: {kind: 'copy', ...copied}} : {state};
	},
	home: (state: CockpitState): Outcome => ({state: onScreen(state, 'home')}),
	money: (state: CockpitState): Outcome => ({state: onScreen(state, 'money')}),
	agents: (state: CockpitState): Outcome => ({state: onScreen(state, 'agents')}),
	leave: (state: CockpitState): Outcome => ({state: onScreen(state, 'home')}),
	refresh: (state: CockpitState): Outcome => ({state: {...state, fetched: allStale(state.fetched)}}),
	'zoom-in': (state: CockpitState): Outcome => ({state: zoomed(state, 1)}),
	'zoom-out': (state: CockpitState): Outcome => ({state: zoomed(state, -1)}),
	'put-aside': (state: CockpitState): Outcome => {
		const item = selectedAttentionOf(state);
		return {state: putAside(state, item?.kind === 'failed' ? item.runId : undefined)};
	},
	filter: (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'filter', before: state.filter}}}),
	'filter-keep': (state: CockpitState): Outcome => ({state: {...state, dialog: undefined}}),
	'filter-clear': (state: CockpitState): Outcome => ({state: filtered({...state, dialog: undefined}, '')}),
	themes: (state: CockpitState): Outcome => ({state: openedThemes(state)}),
	'theme-next': (state: CockpitState): Outcome => ({state: nextTheme(state, 1)}),
	'theme-previous': (state: CockpitState): Outcome => ({state: nextTheme(state, -1)}),
	'theme-keep': (state: CockpitState): Outcome => ({
		state: keptTheme(state),
		effect: {kind: 'keep-theme', name: state.theme?.name ?? state.settledTheme.name},
	}),
	'theme-back': (state: CockpitState): Outcome => ({state: leftThemes(state)}),
	palette: (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'palette', text: '', cursor: 0}}}),
	'palette-close': (state: CockpitState): Outcome => ({state: {...state, dialog: undefined}}),
	// Called late: the palette knows this table, so neither is there first.
	'palette-run': (state: CockpitState): Outcome => ranFromPalette(state),
	'palette-down': (state: CockpitState): Outcome => ({state: paletteMoved(state, 1)}),
	'palette-up': (state: CockpitState): Outcome => ({state: paletteMoved(state, -1)}),
} satisfies Readonly<Record<string, Action>>;

/** What each action of the key table does. They are only called where they are not disabled. */
export const actions = {
	...ownActions,
	...moneyActions,
	...agentsActions,
	...runViewActions,
	...outputActions,
	...workflowsActions,
	...triggersActions,
	...logsActions,
	...toolsActions,
	...outboxActions,
};
export type ActionName = keyof typeof actions;

const onScreen = (state: CockpitState, screen: CockpitState['screen']): CockpitState => ({...state, screen});

const zoomed = (state: CockpitState, by: 1 | -1): CockpitState => ({
	...state,
	zoom: Math.max(0, Math.min(2, state.zoom + by)) as CockpitState['zoom'],
	pane: state.pane === 'needs' ? 'runs' : state.pane,
});

/** A failed run that somebody has seen needs nobody any more. */
const putAside = (state: CockpitState, runId: string | undefined): CockpitState =>
	runId === undefined ? state : settle(state, {...state, seen: new Set([...state.seen, runId])});

/** What was asked about is done; whether it is still possible the daemon knows. */
const confirmed = (state: CockpitState): Outcome => {
	const {dialog} = state;
	if (!dialog || !isConfirm(dialog)) return {state};
	return {state: {...state, dialog: undefined}, effect: dialog};
};

const answered = (state: CockpitState, kind: 'approve' | 'reject', forRun?: boolean): Outcome => {
	const open = state.dialog?.kind === 'approval' ? approvalOf(state, state.dialog) : undefined;
	if (!open || state.dialog?.kind !== 'approval') return {state};
	const comment = state.dialog.comment?.trim() || undefined;
	const extendBy = amountOf(state.dialog);
	const optionId = optionFor(open.approval, kind === 'approve')?.id;
	return {
		...withApproval(state, {sent: kind, comment: undefined, amount: undefined, isForRunAsked: undefined}),
		effect: {
			kind,
			approvalId: open.approval.id,
			optionId,
			comment,
			...(forRun && {forRun}),
			...(extendBy && {extendBy}),
			...(kind === 'approve' && state.dialog.edited !== undefined && {text: state.dialog.edited}),
		},
	};
};

const editedText = (state: CockpitState): Outcome => {
	const {dialog} = state;
	const open = dialog?.kind === 'approval' ? approvalOf(state, dialog) : undefined;
	if (dialog?.kind !== 'approval' || !open) return {state};
	const {approval, run} = open;
	const text = dialog.edited ?? approval.preview ?? '';
	const name = `${run.workflow.name}-${approval.stepId}.md`;
	return {state, effect: {kind: 'edit-text', approvalId: approval.id, text, name}};
};

const askedAboutAll = (state: CockpitState): CockpitState => ({
	...state,
	dialog: {
		kind: 'answer-all',
		questions: answerableOf(state),
		armedAtMs: state.nowMs + cockpitLimits.armMs,
		scroll: 0,
	},
});

const approvedAll = (state: CockpitState): Outcome => {
	const {dialog} = state;
	if (dialog?.kind !== 'answer-all') return {state};
	const answers = dialog.questions.flatMap(each => {
		const open = approvalOf(state, each);
		if (open?.approval.status !== 'open') return [];
		return [{approvalId: each.approvalId, optionId: optionFor(open.approval, true)?.id}];
	});
	return {state: {...state, dialog: undefined}, effect: {kind: 'approve-all', answers}};
};

const withApproval = (state: CockpitState, change: Partial<ApprovalDialog>): Outcome =>
	state.dialog?.kind === 'approval' ? {state: {...state, dialog: {...state.dialog, ...change}}} : {state};

const rearmed = (state: CockpitState): CockpitState =>
	state.dialog?.kind === 'approval'
		? {...state, dialog: {...state.dialog, armedAtMs: state.nowMs + cockpitLimits.armMs}}
		: state;

const wentIn = (state: CockpitState): CockpitState => {
	const pointed = state.pane === 'needs' ? selectedAttentionOf(state) : undefined;
	if (pointed) return wentTo(state, pointed);
	switch (state.pane) {
		case 'needs':
			return state;
		case 'runs':
			return {...state, pane: 'steps'};
		case 'steps':
			return withItemsListed(state) ?? wentBelow(state) ?? {...state, pane: 'output'};
		case 'output': {
			const event = state.runView.lower === 'events' ? cursorEventOf(state) : undefined;
			return event ? wentToEvent(state, event.seq) : state;
		}
	}
};

/** A question opens; a run that failed or waits is shown, and has been seen by that. */
const wentTo = (state: CockpitState, attention: Attention): CockpitState => {
	if (attention.kind === 'approval') return opened(state, attention);
	if (attention.kind === 'trust') return askedToTrust(state, state.nowMs + cockpitLimits.armMs);
	if (attention.kind === 'dead-letters') return onOutbox(state);
	const {runId} = attention;
	const pinnedSteps =
		attention.kind === 'quota' ? {...state.pinnedSteps, [runId]: attention.stepId} : state.pinnedSteps;
	const shown: CockpitState = {...state, runId, pinnedSteps, pane: 'steps'};
	return attention.kind === 'failed' ? putAside(shown, runId) : shown;
};

/** Back at the runs, the cockpit picks the step that matters again. */
const wentBack = (state: CockpitState): CockpitState => {
	if (state.dialog) return {...state, dialog: undefined};
	if (state.zoom > 0 && state.pane === 'runs') return {...state, zoom: 0};
	if (state.pane === 'output') return {...state, pane: 'steps'};
	const hidden = state.pane === 'steps' ? withItemsHidden(state) : undefined;
	if (hidden) return hidden;
	return isPast(state) ? state : (wentUp(state) ?? unpinned({...state, pane: 'runs'}));
};

const unpinned = (state: CockpitState): CockpitState => {
	const {[state.runId ?? '']: _, ...pinnedSteps} = state.pinnedSteps;
	return {...state, pinnedSteps};
};

const paneAfter = (state: CockpitState, step: number): PaneName => {
	const panes = focusablePanesOf(state).filter(pane => !isPast(state) || isRunView(pane));
	const index = panes.indexOf(state.pane);
	return panes[(index + step + panes.length) % panes.length]!;
};

const withFollow = (state: CockpitState): CockpitState => {
	const {output} = state;
	const scroll = output.scroll.isFollowing ? held(output, outputViewOf(state)) : ({isFollowing: true} as const);
	return {...state, output: {...output, scroll}};
};
