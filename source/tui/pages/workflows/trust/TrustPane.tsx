import {Pane} from '../../../parts/Pane.tsx';
import {Rows} from '../../../parts/Rows.tsx';
import type {CockpitState, Size} from '../../../state.ts';
import type {Look} from '../../../theme.ts';
import {trustRowsOf} from './rows.ts';

interface Props {
	readonly state: CockpitState;
	readonly look: Look;
	readonly size: Size;
}

/** Which files are trusted with a yes. */
export const TrustPane = ({state, look, size}: Props) => {
	const scroll = state.dialog?.kind === 'trust' ? state.dialog.scroll : 0;
	const columns = size.columns - 2;
	const rows = trustRowsOf(state, columns).slice(scroll, scroll + size.rows - 2);
	return (
		<Pane title="Trust this workspace?" size={size} look={look} isFocused>
			<Rows rows={rows} columns={columns} look={look} />
		</Pane>
	);
};
