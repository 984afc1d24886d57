import {halvesOf} from '../../../parts/split.ts';
import {selectedRunOf} from '../../../select.ts';
import type {CockpitState, Size} from '../../../state.ts';
import {lookOf} from '../../../theme.ts';
import type {WorkflowDialog} from '../page-state.ts';
import {fileToShowOf, shownWorkflowOf} from '../select.ts';
import {planRowsOf, sourceRowsOf} from './rows.ts';

/** @returns The state with the source of what is selected open, from its start. */
export const withWorkflow = (state: CockpitState): CockpitState => {
	const file = fileToShowOf(state);
	if (file === undefined) return state;
	const dialog: WorkflowDialog = {
		kind: 'workflow',
		file,
		from: state.screen,
		half: 'source',
		scrolls: {source: 0, plan: 0},
		runHash: state.screen === 'home' ? selectedRunOf(state)?.workflow.hash : undefined,
	};
	return {...state, screen: state.screen === 'home' ? 'workflows' : state.screen, dialog};
};

export const workflowDialogOf = ({dialog}: Pick<CockpitState, 'dialog'>): WorkflowDialog | undefined =>
	dialog?.kind === 'workflow' ? dialog : undefined;

export const closedWorkflow = (state: CockpitState): CockpitState => ({
	...state,
	screen: workflowDialogOf(state)?.from ?? state.screen,
	dialog: undefined,
});

export const withOtherHalf = (state: CockpitState): CockpitState => {
	const dialog = workflowDialogOf(state);
	return dialog ? {...state, dialog: {...dialog, half: dialog.half === 'source' ? 'plan' : 'source'}} : state;
};

/** @param size Of the body of the page. */
export const scrolledWorkflow = (state: CockpitState, rows: number, size: Size): CockpitState => {
	const dialog = workflowDialogOf(state);
	if (!dialog) return state;
	const {half, scrolls} = dialog;
	const top = Math.max(0, Math.min(scrolls[half] + rows, scrollMaxOf(state, half, size)));
	return {...state, dialog: {...dialog, scrolls: {...scrolls, [half]: top}}};
};

/** @returns The first row of a half that is shown, on a screen that may have grown since. */
export const topOf = (state: CockpitState, half: WorkflowDialog['half'], size: Size): number =>
	Math.min(workflowDialogOf(state)?.scrolls[half] ?? 0, scrollMaxOf(state, half, size));

const scrollMaxOf = (state: CockpitState, half: WorkflowDialog['half'], size: Size): number => {
	const view = shownWorkflowOf(state);
	if (!view) return 0;
	const {first, second} = halvesOf(size);
	const own = half === 'source' ? first : second;
	const columns = own.columns - 2;
	// How many rows there are does not depend on the look.
	const count = half === 'source' ? sourceRowsOf(view, columns).length : planRowsOf(view, columns, lookOf({})).length;
	return Math.max(0, count - (own.rows - 2));
};

/** @returns The state with the source at the next line that something is said about; after the last comes the first. */
export const atNextProblem = (state: CockpitState, size: Size): CockpitState => {
	const dialog = workflowDialogOf(state);
	const view = shownWorkflowOf(state);
	if (!dialog || !view) return state;
	const rows = sourceRowsOf(view, halvesOf(size).first.columns - 2);
	const lines = new Set(view.diagnostics.map(({line}) => line));
	const places = rows.flatMap(({line, isFirst}, index) => (isFirst && lines.has(line) ? [Math.max(0, index - 2)] : []));
	const max = scrollMaxOf(state, 'source', size);
	const next = places.find(place => Math.min(place, max) > dialog.scrolls.source) ?? places[0];
	if (next === undefined) return state;
	return {...state, dialog: {...dialog, half: 'source', scrolls: {...dialog.scrolls, source: Math.min(next, max)}}};
};
