import {Line} from '../parts/Line.tsx';
import {attentionRowOf} from '../rows/waiting.ts';
import {approvalOf, selectedWaitingOf} from '../select.ts';
import type {CockpitState} from '../state.ts';
import type {Look} from '../theme.ts';

/** "Needs you" on a small screen. */
export const Attention = ({state, look}: {state: CockpitState; look: Look}) => {
	const {columns} = state.size;
	const waiting = selectedWaitingOf(state);
	const first = waiting && approvalOf(state, waiting);
	const row = first ? attentionRowOf(first, state.waiting.length, columns, look) : [];
	return <Line row={row} columns={columns} look={look} />;
};
