import {graphRowsOf} from './graph/steps.ts';
import {cockpitLimits} from './limits.ts';
import {approvalRowsOf} from './rows/approval.ts';
import {stepListOf} from './run-view/step-list.ts';
import {approvalOf, otherWaitingOf, selectedRunOf, shownAttentionOf, waitsForTrust} from './select.ts';
import {type CockpitState, type PaneName, paneNames, type Size} from './state.ts';

/** Where everything is, borders included. What is not there is not shown. */
export interface Layout {
	readonly kind: 'wide' | 'narrow' | 'too-small';
	/** One line in place of the "Needs you" pane, where there is no room for it: what waits besides the open question. */
	readonly hasAttention: boolean;
	readonly needs?: Size;
	readonly runs?: Size;
	readonly approval?: Size;
	readonly steps?: Size;
	readonly output?: Size;
	readonly help?: Size;
	/** A screen besides home, or the list of commands over whatever is there. */
	readonly page?: Size;
	readonly palette?: Size;
	readonly answerAll?: Size;
}

/** The header above and the keys below are one row each; the rest is shared out here. */
export const layoutOf = (state: CockpitState): Layout => {
	const {columns, rows} = state.size;
	if (columns < cockpitLimits.columnsMin || rows < cockpitLimits.rowsMin)
		return {kind: 'too-small', hasAttention: false};
	return columns < cockpitLimits.columnsWide ? narrowOf(state) : wideOf(state);
};

const wideOf = (state: CockpitState): Layout => {
	const {columns, rows} = state.size;
	const listed = Math.min(shownAttentionOf(state).length, cockpitLimits.needsYouRowsMax);
	const asked = state.dialog?.kind === 'approval' ? approvalRowsWantedOf(state, columns - runsColumnsOf(columns)) : 0;
	const isRoomy =
		listed > 0 &&
		hasNeedsPane(state.size) &&
		state.zoom === 0 &&
		state.dialog?.kind !== 'answer-all' &&
		!isPage(state) &&
		(asked === 0 || asked + listed + 2 <= rows - 2);
	const needs = isRoomy ? {columns, rows: listed + 2} : undefined;
	const hasAttention = hasAttentionRow(state) && !needs;
	const base = {kind: 'wide', hasAttention, needs} as const;
	const bodyRows = rows - 2 - (needs?.rows ?? 0) - (hasAttention ? 1 : 0);
	const body = {columns, rows: bodyRows};
	const over = overHomeOf(state, body);
	if (over) return {...base, ...over};
	if (state.zoom > 0) return {...base, ...zoomedOf(state, body)};
	const runs = {columns: runsColumnsOf(columns), rows: bodyRows};
	return {...base, runs, ...runViewOf(state, {columns: columns - runs.columns, rows: bodyRows})};
};

/** Where something waits that is not asked about already. */
const hasAttentionRow = (state: CockpitState): boolean =>
	otherWaitingOf(state).length > 0 || (state.dialog === undefined && state.screen === 'home' && waitsForTrust(state));

const runsColumnsOf = (columns: number): number => Math.min(56, Math.max(44, Math.round(columns * 0.4)));

const hasNeedsPane = ({columns, rows}: Size): boolean =>
	columns >= cockpitLimits.columnsWide && rows >= cockpitLimits.rowsForNeedsPane;

/** @returns The state on a screen of another size: the focus stays on something that is there. */
export const resized = (state: CockpitState, size: Size): CockpitState => ({
	...state,
	size,
	pane: state.pane === 'needs' && !hasNeedsPane(size) ? 'runs' : state.pane,
});

const narrowOf = (state: CockpitState): Layout => {
	const {columns, rows} = state.size;
	const hasAttention = hasAttentionRow(state);
	const body = {columns, rows: rows - 2 - (hasAttention ? 1 : 0)};
	const base = {kind: 'narrow', hasAttention} as const;
	const over = overHomeOf(state, body);
	if (over) return {...base, ...over};
	if (state.dialog?.kind === 'approval') return {...base, ...approvalOverOutputOf(state, body)};
	if (state.zoom > 0) return {...base, ...zoomedOf(state, body)};
	return isRunView(state.pane) ? {...base, ...runViewOf(state, body)} : {...base, runs: body};
};

/** What lies over home: the keys, the commands, or another screen. A question that is open comes before a screen. */
const overHomeOf = (
	state: CockpitState,
	body: Size,
): Pick<Layout, 'help' | 'palette' | 'answerAll' | 'page'> | undefined => {
	if (state.help) return {help: body};
	if (state.dialog?.kind === 'palette') return {palette: body};
	if (state.dialog?.kind === 'answer-all') return {answerAll: body};
	return isPage(state) ? {page: body} : undefined;
};

const isPage = ({screen, dialog}: CockpitState): boolean => screen !== 'home' && dialog?.kind !== 'approval';

/** The list of runs, or the run; zoomed in twice, only the pane with the focus. */
const zoomedOf = (state: CockpitState, body: Size): Pick<Layout, 'runs' | 'approval' | 'steps' | 'output'> => {
	if (state.dialog?.kind === 'approval') return runViewOf(state, body);
	if (!isRunView(state.pane)) return {runs: body};
	if (state.zoom === 1) return runViewOf(state, body);
	return state.pane === 'steps' ? {steps: body} : {output: body};
};

export const isRunView = (pane: PaneName): boolean => pane === 'steps' || pane === 'output';

/** The approval that is open, the steps, and the output, from top to bottom. */
const runViewOf = (state: CockpitState, {columns, rows}: Size): Pick<Layout, 'approval' | 'steps' | 'output'> => {
	const run = selectedRunOf(state);
	const isGraph = run !== undefined && state.runView.shape === 'graph';
	const stepRows = isGraph ? graphRowsOf(run) : (run ? stepListOf(state, run).count : 1) + 2;
	if (state.dialog?.kind !== 'approval') {
		const steps = Math.min(stepRows, Math.max(isGraph ? 5 : 4, Math.floor(rows * (isGraph ? 0.6 : 0.45))));
		return {steps: {columns, rows: steps}, output: {columns, rows: rows - steps}};
	}

	const approval = approvalRowsOver(approvalRowsWantedOf(state, columns), rows);
	const left = rows - approval;
	const steps = left < 9 ? left : Math.min(stepRows, Math.max(4, Math.floor(left * 0.45)));
	return {
		approval: {columns, rows: approval},
		...(steps >= 3 ? {steps: {columns, rows: steps}} : undefined),
		...(left - steps >= 3 ? {output: {columns, rows: left - steps}} : undefined),
	};
};

/** A question that fits is all on the screen, whatever else has to go; a longer one leaves some of what it is about. */
const approvalRowsOver = (wanted: number, rows: number): number => {
	if (wanted > rows) return Math.max(6, rows - 9);
	return rows - wanted < 3 ? rows : wanted;
};

/** On a small screen: the question, and what it is about where there is room for some of it. */
const approvalOverOutputOf = (state: CockpitState, {columns, rows}: Size): Pick<Layout, 'approval' | 'output'> => {
	const wanted = approvalRowsWantedOf(state, columns);
	return rows - wanted < 5
		? {approval: {columns, rows}}
		: {approval: {columns, rows: wanted}, output: {columns, rows: rows - wanted}};
};

const approvalRowsWantedOf = (state: CockpitState, columns: number): number => {
	const dialog = state.dialog?.kind === 'approval' ? state.dialog : undefined;
	const open = dialog && approvalOf(state, dialog);
	const commentRows = dialog?.comment === undefined && dialog?.amount === undefined ? 0 : 2;
	return (open ? approvalRowsOf(open, columns - 4, state).length : 1) + commentRows + 2;
};

/** Panes that can have the focus, in the order of tab: a pane that fills the screen hides the others, but not their turn. */
export const focusablePanesOf = (state: CockpitState): PaneName[] => {
	const layout = layoutOf({...state, zoom: 0});
	return paneNames.filter(name => layout[name]);
};
