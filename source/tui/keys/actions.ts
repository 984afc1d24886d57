import {focusablePanesOf, layoutOf} from '../layout.ts';
import {cockpitLimits} from '../limits.ts';
import {held} from '../output/scroll.ts';
import {approvalOf, nextWaitingOf, selectedRunOf, selectedStepOf, selectedWaitingOf} from '../select.ts';
import type {ApprovalDialog, CockpitState, PaneName, Waiting} from '../state.ts';
import {outputViewOf} from '../views.ts';
import {optionFor} from './answer.ts';
import type {ActionName} from './bindings.ts';
import {moved, movedToEnd, movedToStart, pageRowsOf} from './move.ts';

/** Something to be done outside: the state says nothing about whether it worked, the journal will. */
export type Effect =
	| {
			readonly kind: 'approve' | 'reject';
			readonly approvalId: string;
			readonly optionId?: string;
			readonly comment?: string;
	  }
	| {readonly kind: 'cancel' | 'pause' | 'resume' | 'retry'; readonly runId: string}
	| {readonly kind: 'skip'; readonly runId: string; readonly stepId: string}
	| {readonly kind: 'quit'};

export interface Outcome {
	readonly state: CockpitState;
	readonly effect?: Effect;
}

/** What each action of the key table does. They are only called where they are not disabled. */
export const actions: Readonly<Record<ActionName, (state: CockpitState) => Outcome>> = {
	approve: state => answered(state, 'approve'),
	reject: state => answered(state, 'reject'),
	comment: state => withApproval(state, {comment: ''}),
	send: state => answered(state, 'reject'),
	discard: state => withApproval(state, {comment: undefined}),
	answer: state => ({state: opened(state, selectedWaitingOf(state))}),
	'next-question': state => ({state: opened(state, nextWaitingOf(state))}),
	confirm: state => confirmed(state),
	keep: state => ({state: {...state, dialog: undefined}}),
	cancel: state => ({state: {...state, dialog: {kind: 'cancel', runId: state.runId!}}}),
	pause: state => ({state, effect: {kind: selectedRunOf(state)?.paused ? 'resume' : 'pause', runId: state.runId!}}),
	retry: state => ({state: {...state, dialog: {kind: 'retry', runId: state.runId!}}}),
	skip: state => ({
		state: {...state, dialog: {kind: 'skip', runId: state.runId!, stepId: selectedStepOf(state)!.id}},
	}),
	open: state => ({state: wentIn(state)}),
	back: state => ({state: wentBack(state)}),
	down: state => ({state: moved(state, 1)}),
	up: state => ({state: moved(state, -1)}),
	first: state => ({state: movedToStart(state)}),
	last: state => ({state: movedToEnd(state)}),
	'half-down': state => ({state: moved(state, Math.ceil(pageRowsOf(state) / 2))}),
	'half-up': state => ({state: moved(state, -Math.ceil(pageRowsOf(state) / 2))}),
	'page-down': state => ({state: moved(state, pageRowsOf(state))}),
	'page-up': state => ({state: moved(state, -pageRowsOf(state))}),
	'next-pane': state => ({state: {...state, pane: paneAfter(state, 1)}}),
	'previous-pane': state => ({state: {...state, pane: paneAfter(state, -1)}}),
	follow: state => ({state: withFollow(state)}),
	help: state => ({state: {...state, help: {scroll: 0}}}),
	'close-help': state => ({state: rearmed({...state, help: undefined})}),
	quit: state => ({state, effect: {kind: 'quit'}}),
	interrupt: state => ({state, effect: {kind: 'quit'}}),
};

/** What was asked about is done; whether it is still possible the daemon knows. */
const confirmed = (state: CockpitState): Outcome => {
	const {dialog} = state;
	if (!dialog || dialog.kind === 'approval') return {state};
	return {state: {...state, dialog: undefined}, effect: dialog};
};

const answered = (state: CockpitState, kind: 'approve' | 'reject'): Outcome => {
	const open = state.dialog?.kind === 'approval' ? approvalOf(state, state.dialog) : undefined;
	if (!open || state.dialog?.kind !== 'approval') return {state};
	const comment = state.dialog.comment?.trim() || undefined;
	const optionId = optionFor(open.approval, kind === 'approve')?.id;
	return {
		...withApproval(state, {sent: kind, comment: undefined}),
		effect: {kind, approvalId: open.approval.id, optionId, comment},
	};
};

const withApproval = (state: CockpitState, change: Partial<ApprovalDialog>): Outcome =>
	state.dialog?.kind === 'approval' ? {state: {...state, dialog: {...state.dialog, ...change}}} : {state};

/** Its run is selected with it, so that what it is about is on the screen. */
const opened = (state: CockpitState, waiting: Waiting | undefined): CockpitState => {
	if (!waiting) return state;
	return {
		...state,
		runId: waiting.runId,
		approvalId: waiting.approvalId,
		dialog: {kind: 'approval', ...waiting, armedAtMs: state.nowMs + cockpitLimits.armMs, scroll: 0},
	};
};

const rearmed = (state: CockpitState): CockpitState =>
	state.dialog?.kind === 'approval'
		? {...state, dialog: {...state.dialog, armedAtMs: state.nowMs + cockpitLimits.armMs}}
		: state;

const wentIn = (state: CockpitState): CockpitState => {
	if (state.pane === 'needs') return opened(state, selectedWaitingOf(state));
	return {...state, pane: state.pane === 'runs' ? 'steps' : 'output'};
};

/** Back at the runs, the cockpit picks the step that matters again. */
const wentBack = (state: CockpitState): CockpitState => {
	if (state.dialog) return {...state, dialog: undefined};
	return state.pane === 'output' ? {...state, pane: 'steps'} : unpinned({...state, pane: 'runs'});
};

const unpinned = (state: CockpitState): CockpitState => {
	const {[state.runId ?? '']: _, ...pinnedSteps} = state.pinnedSteps;
	return {...state, pinnedSteps};
};

const paneAfter = (state: CockpitState, step: number): PaneName => {
	const panes = focusablePanesOf(layoutOf(state));
	const index = panes.indexOf(state.pane);
	return panes[(index + step + panes.length) % panes.length]!;
};

const withFollow = (state: CockpitState): CockpitState => {
	const {output} = state;
	const scroll = output.scroll.isFollowing ? held(output, outputViewOf(state)) : ({isFollowing: true} as const);
	return {...state, output: {...output, scroll}};
};
