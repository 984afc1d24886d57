import type {Action, Outcome} from '../keys/actions.ts';
import {selectedRunOf, selectedStepOf, shownItemOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {isPast, momentOf} from './past.ts';
import {scrubbed, scrubbedToStep, wentToFirst, wentToNow} from './scrub.ts';
import type {LowerPane, RunViewState} from './state.ts';

export const runViewActions = {
	'event-before': (state: CockpitState): Outcome => ({state: scrubbed(state, -1)}),
	'event-after': (state: CockpitState): Outcome => ({state: scrubbed(state, 1)}),
	'step-before': (state: CockpitState): Outcome => ({state: scrubbedToStep(state, -1)}),
	'step-after': (state: CockpitState): Outcome => ({state: scrubbedToStep(state, 1)}),
	'first-event': (state: CockpitState): Outcome => ({state: wentToFirst(state)}),
	now: (state: CockpitState): Outcome => ({state: wentToNow(state)}),
	'not-then': (state: CockpitState): Outcome => ({state}),
	fork: (state: CockpitState): Outcome => {
		const moment = momentOf(state);
		if (!moment) return {state};
		return {state: {...state, dialog: {kind: 'fork', runId: moment.run.id, seq: moment.event.seq}}};
	},
	export: (state: CockpitState): Outcome => askedForExport(state),
	'export-then': (state: CockpitState): Outcome => askedForExport(state),
	'export-markdown': (state: CockpitState): Outcome => exported(state, 'md'),
	'export-ndjson': (state: CockpitState): Outcome => exported(state, 'ndjson'),
	'export-no': (state: CockpitState): Outcome => ({state: {...state, dialog: undefined}}),
	'show-output': (state: CockpitState): Outcome => ({state: withLower(state, 'output')}),
	'show-events': (state: CockpitState): Outcome => ({state: withLower(state, 'events')}),
	'show-data': (state: CockpitState): Outcome => ({state: withLower(state, 'data')}),
	shape: (state: CockpitState): Outcome => ({
		state: {
			...withRunView(state, {shape: state.runView.shape === 'list' ? 'graph' : 'list'}),
			pane: state.pane === 'output' ? 'output' : 'steps',
		},
	}),
	'item-before': (state: CockpitState): Outcome => ({state: withItem(state, -1)}),
	'item-after': (state: CockpitState): Outcome => ({state: withItem(state, 1)}),
} satisfies Readonly<Record<string, Action>>;

export const withRunView = (state: CockpitState, change: Partial<RunViewState>): CockpitState => ({
	...state,
	runView: {...state.runView, ...change},
});

/** The pane that changed has the focus, except where the list of runs stays beside it. */
const withLower = (state: CockpitState, lower: LowerPane): CockpitState => ({
	...withRunView(state, {lower, dataScroll: 0, eventSeq: undefined}),
	pane: 'output',
});

/** Of a moment of the past, as far as the run was then. */
const askedForExport = (state: CockpitState): Outcome => ({
	state: {
		...state,
		dialog: {kind: 'export', runId: state.runId!, seq: isPast(state) ? state.runView.past?.seq : undefined},
	},
});

const exported = (state: CockpitState, format: 'md' | 'ndjson'): Outcome => {
	const {dialog} = state;
	if (dialog?.kind !== 'export') return {state};
	const {runId, seq} = dialog;
	return {state: {...state, dialog: undefined}, effect: {kind: 'export', runId, seq, format}};
};

/** The item before or after the one whose output is shown. */
const withItem = (state: CockpitState, by: 1 | -1): CockpitState => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	const shown = run && step && shownItemOf(state, run, step);
	if (!run || !step?.items || !shown) return state;
	const item = Math.max(0, Math.min(shown.index + by, step.items.values.length - 1));
	const picked = withRunView(state, {items: {...state.runView.items, [run.id]: {stepId: step.id, item}}});
	return {...picked, pinnedSteps: {...state.pinnedSteps, [run.id]: step.id}};
};
