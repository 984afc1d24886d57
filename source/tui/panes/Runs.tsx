import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {firstShownOf} from '../parts/windows.ts';
import {emptyListRowsOf} from '../rows/empty.ts';
import {runRowOf} from '../rows/run.ts';
import {listedRunsOf} from '../select.ts';
import {type CockpitState, placeOf, type Size} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';

export const Runs = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const {runs, runId, nowMs, workspace, filter} = state;
	const order = listedRunsOf(state);
	const isFocused = placeOf(state) === 'runs';
	const rows = size.rows - 2;
	const columns = size.columns - 2;
	const first = firstShownOf(order.length, runId === undefined ? 0 : order.indexOf(runId), rows);
	const counts = order.length > rows ? `${first + 1}-${first + rows} of ${order.length}` : '';
	const right = filter === '' ? counts : `/${cleanText(filter)}  ${order.length} of ${state.order.length}`;
	return (
		<Pane title="Runs" right={right} size={size} look={look} isFocused={isFocused}>
			{order.length === 0 &&
				emptyListRowsOf(state, columns - 2)
					.slice(0, rows)
					.map((row, index) => (
						// biome-ignore lint/suspicious/noArrayIndexKey: lines of one text.
						<Line key={index} row={[span(' '), ...row]} columns={columns} look={look} />
					))}
			{order.slice(first, first + rows).map(id => (
				<Line
					key={id}
					row={[
						span(id === runId ? look.glyphs.cursor : ' '),
						...runRowOf(runs.get(id)!, {look, nowMs, workspace, runs, columns: columns - 2}),
					]}
					columns={columns}
					look={look}
					selection={id === runId ? (isFocused ? 'here' : 'elsewhere') : undefined}
				/>
			))}
		</Pane>
	);
};
