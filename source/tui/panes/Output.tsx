import {visibleRowsOf} from '../output/scroll.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {outputRowOf, outputTitleOf, outputWordsOf} from '../rows/output.ts';
import type {CockpitState, Size} from '../state.ts';
import {type Row, span} from '../text/row.ts';
import {wrap} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {detailsOf, isPaneFocused, outputViewOf} from '../views.ts';

/** What the selected step prints, below what has to be known first. Standard error has a mark before each row. */
export const Output = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const view = outputViewOf(state, size);
	const {rows, newLines} = visibleRowsOf(state.output, view);
	const {title, right} = outputTitleOf(state, newLines);
	const words = outputWordsOf(state).flatMap(text => wrap(text, view.columns));
	const shown: Row[] = [
		...detailsOf(state, size, look.glyphs.arrow).map(row => [span('  '), ...row]),
		...words.slice(0, view.rows).map(text => [span(`  ${text}`, 'muted')]),
		...rows.map(row => outputRowOf(row, state.runView.search, look)),
	];
	return (
		<Pane title={title} right={right} size={size} look={look} isFocused={isPaneFocused(state, 'output')}>
			{shown.map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={row} columns={size.columns - 2} look={look} />
			))}
		</Pane>
	);
};
