import {layoutOf} from '../layout.ts';
import {scrolledBy, scrolledToStart} from '../output/scroll.ts';
import {helpScrollMaxOf} from '../rows/help.ts';
import {selectedRunOf, selectedStepOf, selectedWaitingOf} from '../select.ts';
import {type CockpitState, placeOf} from '../state.ts';
import {approvalScrollMaxOf, outputViewOf} from '../views.ts';

/** Moving the cursor of a list, or the view on a text, whichever has the focus. */
export const moved = (state: CockpitState, rows: number): CockpitState => {
	switch (placeOf(state)) {
		case 'help':
			return withHelpScroll(state, (state.help?.scroll ?? 0) + rows);
		// A question that is all on the screen leaves the keys to what it is about.
		case 'approval':
			return approvalScrollMaxOf(state) > 0 ? withApprovalScroll(state, rows) : withOutputMoved(state, rows);
		case 'output':
			return withOutputMoved(state, rows);
		default:
			return movedInList(state, rows);
	}
};

const withOutputMoved = (state: CockpitState, rows: number): CockpitState =>
	withScroll(state, scrolledBy(state.output, rows, outputViewOf(state)));

export const movedToStart = (state: CockpitState): CockpitState =>
	isOutputMoved(state) ? withScroll(state, scrolledToStart(state.output, outputViewOf(state))) : moved(state, -farRows);

export const movedToEnd = (state: CockpitState): CockpitState =>
	isOutputMoved(state) ? withScroll(state, {isFollowing: true}) : moved(state, farRows);

const isOutputMoved = (state: CockpitState): boolean => {
	const place = placeOf(state);
	return place === 'output' || (place === 'approval' && approvalScrollMaxOf(state) === 0);
};

const farRows = 1_000_000;

/** @returns Rows in what has the focus, less one that stays in sight. */
export const pageRowsOf = (state: CockpitState): number => {
	const layout = layoutOf(state);
	const place = placeOf(state);
	if (isOutputMoved(state)) return Math.max(1, outputViewOf(state).rows - 1);
	const size = {needs: layout.needs, steps: layout.steps, approval: layout.approval, help: layout.help}[
		place as string
	];
	return Math.max(1, (size ?? layout.runs)?.rows ?? 4) - 3;
};

const withScroll = (state: CockpitState, scroll: CockpitState['output']['scroll']): CockpitState => ({
	...state,
	output: {...state.output, scroll},
});

const withHelpScroll = (state: CockpitState, scroll: number): CockpitState => ({
	...state,
	help: {scroll: clamp(scroll, helpScrollMaxOf(layoutOf(state).help))},
});

const withApprovalScroll = (state: CockpitState, rows: number): CockpitState =>
	state.dialog?.kind === 'approval'
		? {
				...state,
				dialog: {...state.dialog, scroll: clamp(state.dialog.scroll + rows, approvalScrollMaxOf(state))},
			}
		: state;

const movedInList = (state: CockpitState, rows: number): CockpitState => {
	switch (state.pane) {
		case 'needs': {
			const ids = state.waiting.map(({approvalId}) => approvalId);
			return {...state, approvalId: idAfter(ids, selectedWaitingOf(state)?.approvalId, rows)};
		}

		case 'steps': {
			const run = selectedRunOf(state);
			const id = run && idAfter(run.stepOrder, selectedStepOf(state)?.id, rows);
			return run && id ? {...state, pinnedSteps: {...state.pinnedSteps, [run.id]: id}} : state;
		}

		default:
			return {...state, runId: idAfter(state.order, state.runId, rows)};
	}
};

const idAfter = (ids: readonly string[], selected: string | undefined, rows: number): string | undefined => {
	const index = selected === undefined ? -1 : ids.indexOf(selected);
	return index < 0 ? (ids[0] ?? selected) : ids[clamp(index + rows, ids.length - 1)];
};

const clamp = (value: number, max: number): number => Math.max(0, Math.min(value, max));
