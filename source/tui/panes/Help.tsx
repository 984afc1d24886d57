import {keyOf} from '../keys/remap.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {helpRowsOf} from '../rows/help.ts';
import type {CockpitState, Size} from '../state.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';

/** Generated from the key table. */
export const Help = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const rows = helpRowsOf(state);
	const scroll = state.help?.scroll ?? 0;
	const below = rows.length - scroll - (size.rows - 2);
	return (
		<Pane
			title="Keys"
			right={below > 0 ? `${below} more rows, ${keyOf('down', state)}` : ''}
			size={size}
			look={look}
			isFocused
		>
			{rows.slice(scroll, scroll + size.rows - 2).map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={[span(' '), ...row]} columns={size.columns - 2} look={look} />
			))}
		</Pane>
	);
};
