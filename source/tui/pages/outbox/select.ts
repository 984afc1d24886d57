import type {DeliveryView} from '../../../api/messages.ts';
import type {CockpitState} from '../../state.ts';
import {selectedIdOf} from '../cursor.ts';

/** Dead letters first, the newest of them first; then what is tried next. */
export const deliveriesOf = ({fetched}: CockpitState): readonly DeliveryView[] => {
	const dead = fetched.deadWebhooks?.value ?? [];
	const known = new Set(dead.map(({id}) => id));
	// The two are asked for one after the other: one may have died in between.
	const queued = (fetched.queuedWebhooks?.value ?? []).filter(({id}) => !known.has(id));
	const nextMsOf = ({nextAt}: DeliveryView) => (nextAt === null ? 0 : Date.parse(nextAt));
	return [...dead, ...queued.toSorted((a, b) => nextMsOf(a) - nextMsOf(b))];
};

export const selectedDeliveryOf = (state: CockpitState): DeliveryView | undefined => {
	const all = deliveriesOf(state);
	const id = selectedIdOf(
		all.map(each => each.id),
		state.pages.outbox.selected,
	);
	return all.find(each => each.id === id);
};
