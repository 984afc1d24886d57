import {layoutOf} from './layout.ts';
import type {View} from './output/scroll.ts';
import {approvalRowsOf} from './rows/approval.ts';
import {detailRowsOf} from './rows/details.ts';
import {approvalOf, selectedStepOf} from './select.ts';
import {type CockpitState, type PaneName, placeOf, type Size} from './state.ts';
import type {Row} from './text/row.ts';

/** How much of what scrolls is on the screen: keys and panes have to agree about it. */

/** Whether keys go to this pane of home, now or in the past. */
export const isPaneFocused = (state: CockpitState, pane: PaneName): boolean => {
	const place = placeOf(state);
	return place === pane || (place === 'past' && state.pane === pane);
};

/** Inside the border, beside the column of marks, below the details, a column of air on the right. */
export const outputViewOf = (state: CockpitState, size: Size | undefined = layoutOf(state).output): View =>
	size
		? {
				columns: size.columns - 5,
				rows: Math.max(1, size.rows - 2 - detailsOf(state, size).length),
				column: state.runView.isWrapped ? undefined : state.runView.column,
				isRendered: isRendered(state),
			}
		: {columns: 20, rows: 1};

/** What agents say is rendered, what scripts print is not, unless a person wants it otherwise. */
export const isRendered = (state: CockpitState): boolean => {
	const {target} = state.output;
	const kind = target && state.runs.get(target.runId)?.steps[target.stepId]?.kind;
	return state.runView.isRendered ?? kind === 'agent';
};

/** The rows above the output: at most half of the pane. */
export const detailsOf = (state: CockpitState, size: Size, arrow?: string): Row[] => {
	const step = selectedStepOf(state);
	return step ? detailRowsOf(step, size.columns - 5, Math.floor((size.rows - 2) / 2), arrow) : [];
};

/** @returns The last position the text of the open approval can be scrolled to. */
export const approvalScrollMaxOf = (state: CockpitState): number => {
	const size = layoutOf(state).approval;
	const open = state.dialog?.kind === 'approval' ? approvalOf(state, state.dialog) : undefined;
	if (!size || !open) return 0;
	return Math.max(0, approvalRowsOf(open, size.columns - 4, state).length - (size.rows - 2));
};
