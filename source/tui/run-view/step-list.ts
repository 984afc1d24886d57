import {itemOf, type RunState, type StepState, unitNameOf} from '../../run/state.ts';
import {selectedRunOf, selectedStepOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import type {PickedItem} from './state.ts';

/** A row of the list of steps: a step, or an item of the one whose items are listed. */
export interface ListedRow {
	readonly stepId: string;
	readonly item?: number;
}

/** The rows of the list, however many items there are: none is made before it is looked at. */
export interface StepList {
	readonly count: number;
	readonly at: (index: number) => ListedRow;
	/** Index of the row under the cursor. */
	readonly cursor: number;
}

/** @returns The step of this run whose items are listed, where it has some. */
export const pickedOf = ({runView}: CockpitState, run: RunState): PickedItem | undefined => {
	const picked = runView.items[run.id];
	return picked && run.steps[picked.stepId]?.items?.values.length ? picked : undefined;
};

export const stepListOf = (state: CockpitState, run: RunState): StepList => {
	const {stepOrder} = run;
	const picked = pickedOf(state, run);
	const selected = selectedStepOf(state)?.id;
	const step = Math.max(0, selected === undefined ? 0 : stepOrder.indexOf(selected));
	const open = picked ? stepOrder.indexOf(picked.stepId) : stepOrder.length;
	const items = picked ? run.steps[picked.stepId]!.items!.values.length : 0;
	const isOnItem = picked?.item !== undefined && picked.stepId === selected;
	return {
		count: stepOrder.length + items,
		at: index => {
			if (index <= open) return {stepId: stepOrder[index]!};
			if (index <= open + items) return {stepId: stepOrder[open]!, item: index - open - 1};
			return {stepId: stepOrder[index - items]!};
		},
		cursor: isOnItem ? open + 1 + Math.min(picked.item!, items - 1) : step + (step > open ? items : 0),
	};
};

export const movedInSteps = (state: CockpitState, rows: number): CockpitState => {
	const run = selectedRunOf(state);
	if (!run || run.stepOrder.length === 0) return state;
	const {count, at, cursor} = stepListOf(state, run);
	const {stepId, item} = at(Math.max(0, Math.min(cursor + rows, count - 1)));
	const picked = pickedOf(state, run);
	const {items} = state.runView;
	return {
		...state,
		pinnedSteps: {...state.pinnedSteps, [run.id]: stepId},
		runView: {
			...state.runView,
			dataScroll: 0,
			items: picked
				? {...items, [run.id]: {stepId: picked.stepId, item: stepId === picked.stepId ? item : undefined}}
				: items,
		},
	};
};

/** @returns With the items of the selected step listed; `undefined` where they are already, or there are none. */
export const withItemsListed = (state: CockpitState): CockpitState | undefined => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step?.items?.values.length || state.runView.shape === 'graph') return undefined;
	if (pickedOf(state, run)?.stepId === step.id) return undefined;
	return {
		...state,
		pinnedSteps: {...state.pinnedSteps, [run.id]: step.id},
		runView: {...state.runView, items: {...state.runView.items, [run.id]: {stepId: step.id}}},
	};
};

/** @returns With no items listed; `undefined` where none are. */
export const withItemsHidden = (state: CockpitState): CockpitState | undefined => {
	const run = selectedRunOf(state);
	const picked = run && pickedOf(state, run);
	if (!run || !picked || state.runView.shape === 'graph') return undefined;
	const {[run.id]: _, ...items} = state.runView.items;
	return {
		...state,
		pinnedSteps: {...state.pinnedSteps, [run.id]: picked.stepId},
		runView: {...state.runView, items},
	};
};

/** An item as a row of the list shows it: like a step of its own. */
export const itemAsStepOf = (step: StepState, index: number): StepState => ({
	...itemOf(step.items!, index),
	id: `  ${unitNameOf(step.id, index)}`,
	title: step.title,
	kind: step.kind,
	needs: step.needs,
	continueOnError: false,
	isEach: false,
	generation: step.generation,
	iteration: 0,
	itemAttempts: step.itemAttempts,
});

/** What an item is, in a few words. */
export const itemValueWords = ({items}: StepState, index: number): string => {
	const value = items!.values[index];
	return cleanText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
};
