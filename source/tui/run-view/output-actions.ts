import type {Action, Outcome} from '../keys/actions.ts';
import {type Scroll, scrolledToLine, topLineOf} from '../output/scroll.ts';
import {errorAfter, matchAfter, matchesOf} from '../output/search.ts';
import type {CockpitState} from '../state.ts';
import {widthOf} from '../text/width.ts';
import {isRendered, outputViewOf} from '../views.ts';
import type {RunViewState} from './state.ts';

/** Columns that one key shifts lines by that are not wrapped. */
const shiftColumns = 16;

/** Finding one's way in what a step printed. */
export const outputActions = {
	search: (state: CockpitState): Outcome => ({
		state: withChange({...state, dialog: {kind: 'search'}}, {search: '', found: undefined}),
	}),
	'search-keep': (state: CockpitState): Outcome => foundFrom({...state, dialog: undefined}, 1, true),
	'search-clear': (state: CockpitState): Outcome => ({
		state: withChange({...state, dialog: undefined}, {search: '', found: undefined}),
	}),
	'next-match': (state: CockpitState): Outcome => foundFrom(state, 1),
	'previous-match': (state: CockpitState): Outcome => foundFrom(state, -1),
	'next-error': (state: CockpitState): Outcome => {
		const {output, runView} = state;
		const top = topLineOf(output, outputViewOf(state));
		const number = errorAfter(output.lines, runView.found ?? top - 1);
		return number === undefined ? said(state, 'Nothing in it looks like an error.') : {state: shown(state, number)};
	},
	wrap: (state: CockpitState): Outcome => ({
		state: withChange(state, {isWrapped: !state.runView.isWrapped, column: 0}),
	}),
	'shift-right': (state: CockpitState): Outcome => ({state: shifted(state, shiftColumns)}),
	'shift-left': (state: CockpitState): Outcome => ({state: shifted(state, -shiftColumns)}),
	render: (state: CockpitState): Outcome => ({state: withChange(state, {isRendered: !isRendered(state)})}),
} satisfies Readonly<Record<string, Action>>;

const withChange = (state: CockpitState, change: Partial<RunViewState>): CockpitState => ({
	...state,
	runView: {...state.runView, ...change},
});

/** @param isFirst Whether a match that is on the screen already will do. */
const foundFrom = (state: CockpitState, by: 1 | -1, isFirst = false): Outcome => {
	const {output, runView} = state;
	if (runView.search === '') return {state};
	const numbers = matchesOf(output.lines, runView.search);
	const top = topLineOf(output, outputViewOf(state));
	const number = matchAfter(numbers, runView.found ?? (isFirst || by > 0 ? top - 1 : top), by);
	return number === undefined ? said(state, `"${runView.search}" is not in it.`) : {state: shown(state, number)};
};

const shown = (state: CockpitState, number: number): CockpitState => {
	const scroll: Scroll = scrolledToLine(state.output, number, outputViewOf(state));
	return withChange({...state, output: {...state.output, scroll}}, {found: number});
};

const said = (state: CockpitState, text: string): Outcome => ({state: {...state, notice: {kind: 'info', text}}});

/** At most so far that the end of the longest line is still there. */
const shifted = (state: CockpitState, by: number): CockpitState => {
	const widest = state.output.lines.reduce((most, {text}) => Math.max(most, widthOf(text)), 0);
	const {isWrapped, column} = state.runView;
	const before = isWrapped ? 0 : column;
	const most = Math.max(0, widest - Math.floor(outputViewOf(state).columns / 2));
	return withChange(state, {isWrapped: false, column: Math.max(0, Math.min(before + by, most))});
};
