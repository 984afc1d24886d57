import {Line} from '../parts/Line.tsx';
import {bottomRowOf} from '../rows/hints.ts';
import type {CockpitState} from '../state.ts';
import type {Look} from '../theme.ts';

/** What has to be said, and the keys that work here. */
export const Bottom = ({state, look}: {state: CockpitState; look: Look}) => (
	<Line row={bottomRowOf(state, state.size.columns, look)} columns={state.size.columns} look={look} />
);
