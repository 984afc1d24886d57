import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {firstShownOf} from '../parts/windows.ts';
import {waitingRowOf} from '../rows/waiting.ts';
import {approvalOf, selectedWaitingOf} from '../select.ts';
import {type CockpitState, placeOf, type Size} from '../state.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';

/** Open approvals: what waits for a person, and what waits for that. */
export const NeedsYou = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const {waiting, nowMs, workspace} = state;
	const isFocused = placeOf(state) === 'needs';
	const rows = size.rows - 2;
	const selected = selectedWaitingOf(state);
	const first = firstShownOf(waiting.length, selected ? waiting.indexOf(selected) : 0, rows);
	const hidden = waiting.length - rows;
	const columns = size.columns - 3;
	return (
		<Pane title="Needs you" right={hidden > 0 ? `${hidden} more` : ''} size={size} look={look} isFocused={isFocused}>
			{waiting.slice(first, first + rows).map(each => {
				const open = approvalOf(state, each);
				const isSelected = isFocused && each === selected;
				const cursor = span(isSelected ? look.glyphs.cursor : ' ');
				return (
					<Line
						key={each.approvalId}
						row={[cursor, ...(open ? waitingRowOf(open, {columns, look, nowMs, workspace}) : [])]}
						columns={size.columns - 2}
						look={look}
						selection={isSelected ? 'here' : undefined}
					/>
				);
			})}
		</Pane>
	);
};
