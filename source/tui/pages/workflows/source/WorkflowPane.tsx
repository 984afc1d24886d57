import {Box} from 'ink';
import {Pane} from '../../../parts/Pane.tsx';
import {Rows} from '../../../parts/Rows.tsx';
import {halvesOf} from '../../../parts/split.ts';
import {resourceWordsOf} from '../../../rows/resource.ts';
import type {CockpitState, Size} from '../../../state.ts';
import {type Row, span} from '../../../text/row.ts';
import {shortPathOf} from '../../../text/short-path.ts';
import {wrap} from '../../../text/width.ts';
import type {Look} from '../../../theme.ts';
import type {WorkflowDialog} from '../page-state.ts';
import {shownWorkflowOf} from '../select.ts';
import {planRowsOf, sourceRowOf, sourceRowsOf} from './rows.ts';
import {topOf} from './view.ts';

interface Props {
	readonly state: CockpitState;
	readonly dialog: WorkflowDialog;
	readonly look: Look;
	readonly size: Size;
}

/** The file of a workflow, and beside it what was found in it. */
export const WorkflowPane = ({state, dialog, look, size}: Props) => {
	const {isWide, first, second} = halvesOf(size);
	const view = shownWorkflowOf(state);
	const words = view ? undefined : resourceWordsOf(state.fetched.workflow, '', false);
	const sourceTop = topOf(state, 'source', size);
	const planTop = topOf(state, 'plan', size);
	const source = view ? sourceRowsOf(view, first.columns - 2) : [];
	const plan = view ? planRowsOf(view, second.columns - 2, look) : [];
	const shown: readonly Row[] = view
		? source.slice(sourceTop, sourceTop + first.rows - 2).map(row => sourceRowOf(row, view, look))
		: wrap(words ?? '', first.columns - 4).map(text => [span(` ${text}`)]);
	// A run goes by the file as it was when it began.
	const isChanged = view !== undefined && dialog.runHash !== undefined && dialog.runHash !== view.hash;
	return (
		<Box flexDirection={isWide ? 'row' : 'column'} flexShrink={0}>
			<Pane
				title={shortPathOf(dialog.file, state.home)}
				right={isChanged ? 'changed since the run began' : placeWordsOf(sourceTop, source.length, first)}
				size={first}
				look={look}
				isFocused={dialog.half === 'source'}
			>
				<Rows rows={shown} columns={first.columns - 2} look={look} />
			</Pane>
			<Pane
				title="What it does"
				right={placeWordsOf(planTop, plan.length, second)}
				size={second}
				look={look}
				isFocused={dialog.half === 'plan'}
			>
				<Rows rows={plan.slice(planTop, planTop + second.rows - 2)} columns={second.columns - 2} look={look} />
			</Pane>
		</Box>
	);
};

/** `40 %`: how far down it is, where not everything is on the screen. */
const placeWordsOf = (top: number, count: number, {rows}: Size): string =>
	count <= rows - 2 ? '' : `${Math.round((100 * top) / (count - (rows - 2)))} %`;
