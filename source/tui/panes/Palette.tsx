import {paletteEntriesOf} from '../keys/palette.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {firstShownOf} from '../parts/windows.ts';
import type {CockpitState, Size} from '../state.ts';
import {type Row, span} from '../text/row.ts';
import {fitText} from '../text/width.ts';
import type {Look} from '../theme.ts';

/** Every command that there is here, by name, with its key. */
export const Palette = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	if (state.dialog?.kind !== 'palette') return null;
	const {text, cursor} = state.dialog;
	const entries = paletteEntriesOf(state);
	const columns = size.columns - 2;
	const rows = size.rows - 3;
	const first = firstShownOf(entries.length, cursor, rows);
	const {caret, cursor: mark, ellipsis} = look.glyphs;
	return (
		<Pane title="Commands" right={`${entries.length}`} size={size} look={look} isFocused>
			<Line row={[span(' : ', 'key'), span(text), span(caret, 'key')]} columns={columns} look={look} />
			{entries.slice(first, first + rows).map(({binding, reason}, index) => {
				const isHere = first + index === cursor;
				const row: Row = [
					span(isHere ? mark : ' '),
					span(fitText(binding.action.replaceAll('-', ' '), 18, ellipsis), reason ? 'muted' : 'strong'),
					span(` ${fitText(binding.keys.join(' '), 12, ellipsis)} `, reason ? 'muted' : 'key'),
					// Why it does nothing is worth more than what it would do.
					span(reason ?? binding.description, reason ? 'muted' : 'text'),
				];
				return (
					<Line key={binding.action} row={row} columns={columns} look={look} selection={isHere ? 'here' : undefined} />
				);
			})}
		</Pane>
	);
};
