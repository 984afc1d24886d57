import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {firstShownOf} from '../parts/windows.ts';
import {attentionItemRowOf} from '../rows/waiting.ts';
import {selectedAttentionOf, shownAttentionOf} from '../select.ts';
import {type CockpitState, placeOf, type Size} from '../state.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';

/** The inbox: what waits for a person and what waits for that, what failed, what waits for quota. */
export const NeedsYou = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const attention = shownAttentionOf(state);
	const isFocused = placeOf(state) === 'needs';
	const rows = size.rows - 2;
	const selected = selectedAttentionOf(state);
	const first = firstShownOf(attention.length, selected ? attention.indexOf(selected) : 0, rows);
	const hidden = attention.length - rows;
	const columns = size.columns - 3;
	return (
		<Pane title="Needs you" right={hidden > 0 ? `${hidden} more` : ''} size={size} look={look} isFocused={isFocused}>
			{attention.slice(first, first + rows).map(each => {
				const isSelected = isFocused && each === selected;
				return (
					<Line
						key={each.id}
						row={[span(isSelected ? look.glyphs.cursor : ' '), ...attentionItemRowOf(each, {columns, look, state})]}
						columns={size.columns - 2}
						look={look}
						selection={isSelected ? 'here' : undefined}
					/>
				);
			})}
		</Pane>
	);
};
