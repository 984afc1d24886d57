import {Line} from '../parts/Line.tsx';
import {headerRowsOf} from '../rows/header.ts';
import type {CockpitState} from '../state.ts';
import {spread} from '../text/row.ts';
import type {Look} from '../theme.ts';

export const Header = ({state, look, isWide}: {state: CockpitState; look: Look; isWide: boolean}) => {
	const {columns} = state.size;
	const {left, right} = headerRowsOf(state, isWide, look);
	return <Line row={spread(left, right, columns, look.glyphs.ellipsis)} columns={columns} look={look} />;
};
