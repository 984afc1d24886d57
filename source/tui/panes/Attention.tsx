import {bindingsIn} from '../keys/bindings.ts';
import {Line} from '../parts/Line.tsx';
import {attentionRowOf, trustRowOf} from '../rows/waiting.ts';
import {approvalOf, nextWaitingOf, otherWaitingOf, selectedWaitingOf} from '../select.ts';
import {type CockpitState, placeOf} from '../state.ts';
import type {Look} from '../theme.ts';

/** "Needs you" on a small screen: what its key goes to, and how much there is of it. */
export const Attention = ({state, look}: {state: CockpitState; look: Look}) => {
	const {size, dialog} = state;
	const isAsking = dialog?.kind === 'approval';
	const waiting = isAsking ? nextWaitingOf(state) : selectedWaitingOf(state);
	const first = waiting && approvalOf(state, waiting);
	const count = `${otherWaitingOf(state).length}${isAsking ? ' more' : ''}`;
	const binding = bindingsIn(placeOf(state), state.keyTable).find(
		({action}) => action === 'answer' || action === 'next-question',
	);
	const options = {key: binding?.keys[0], hint: binding?.hint, columns: size.columns, look};
	const row = first ? attentionRowOf(first, {...options, count}) : trustRowOf(state, options);
	return <Line row={row} columns={size.columns} look={look} />;
};
