import {movedInGraph} from '../graph/steps.ts';
import {layoutOf} from '../layout.ts';
import {scrolledBy, scrolledToStart} from '../output/scroll.ts';
import {idAfter} from '../pages/cursor.ts';
import {pageOf} from '../pages/pages.ts';
import {helpScrollMaxOf} from '../rows/help.ts';
import {movedInData} from '../run-view/data.ts';
import {isGraphFocused} from '../run-view/select.ts';
import {movedInSteps} from '../run-view/step-list.ts';
import {movedInTimeline} from '../run-view/timeline.ts';
import {listedRunsOf, selectedAttentionOf, selectedRunOf, shownAttentionOf} from '../select.ts';
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
		case 'answer-all':
			return withAnswerAllScroll(state, rows);
		case 'output':
		case 'past':
			return state.pane === 'output' ? movedBelow(state, rows) : movedInList(state, rows);
		default:
			return movedInList(state, rows);
	}
};

/** In what the pane below the steps shows. */
const movedBelow = (state: CockpitState, rows: number): CockpitState => {
	switch (state.runView.lower) {
		case 'output':
			return withOutputMoved(state, rows);
		case 'events':
			return movedInTimeline(state, rows);
		case 'data':
			return movedInData(state, rows);
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
	const isBelow = (place === 'output' || place === 'past') && state.pane === 'output';
	return (isBelow && state.runView.lower === 'output') || (place === 'approval' && approvalScrollMaxOf(state) === 0);
};

const farRows = 1_000_000;

/** @returns Rows in what has the focus, less one that stays in sight. */
export const pageRowsOf = (state: CockpitState): number => {
	const layout = layoutOf(state);
	const place = placeOf(state);
	if (isOutputMoved(state)) return Math.max(1, outputViewOf(state).rows - 1);
	const pane = place === 'past' ? state.pane : place;
	const size = {
		needs: layout.needs,
		steps: layout.steps,
		output: layout.output,
		approval: layout.approval,
		help: layout.help,
	}[pane as string];
	return Math.max(1, (size ?? layout.page ?? layout.runs)?.rows ?? 4) - 3;
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

const withAnswerAllScroll = (state: CockpitState, rows: number): CockpitState => {
	const {dialog} = state;
	if (dialog?.kind !== 'answer-all') return state;
	const max = dialog.questions.length - 1;
	return {...state, dialog: {...dialog, scroll: clamp(dialog.scroll + rows, max)}};
};

const movedInList = (state: CockpitState, rows: number): CockpitState => {
	const page = pageOf(state);
	const pageSize = layoutOf(state).page;
	if (page) return pageSize ? page.moved(state, rows, pageSize) : state;
	switch (state.pane) {
		case 'needs': {
			const ids = shownAttentionOf(state).map(({id}) => id);
			return {...state, attentionId: idAfter(ids, selectedAttentionOf(state)?.id, rows)};
		}

		case 'steps': {
			if (isGraphFocused(state))
				return Math.abs(rows) === farRows ? movedToEdge(state, rows) : movedInGraph(state, rows > 0 ? 'down' : 'up');
			return movedInSteps(state, rows);
		}

		default:
			return {
				...state,
				runId: idAfter(listedRunsOf(state), state.runId, rows),
				runView: {...state.runView, trail: [], eventSeq: undefined, dataScroll: 0},
			};
	}
};

/** To the first or last step in the order of the file. */
const movedToEdge = (state: CockpitState, rows: number): CockpitState => {
	const run = selectedRunOf(state);
	const id = rows > 0 ? run?.stepOrder.at(-1) : run?.stepOrder[0];
	return run && id ? {...state, pinnedSteps: {...state.pinnedSteps, [run.id]: id}} : state;
};

const clamp = (value: number, max: number): number => Math.max(0, Math.min(value, max));
