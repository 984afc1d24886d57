import type {Binding} from '../../keys/bindings.ts';
import {cannotDecide} from '../../keys/reasons.ts';
import type {CockpitState} from '../../state.ts';
import {selectedDeliveryOf} from './select.ts';

export const outboxBindings: readonly Binding[] = [
	{
		keys: ['enter'],
		action: 'open-sender',
		description: 'open the run that it comes from',
		hint: 'its run',
		where: ['outbox'],
		disabledReason: cannotOpen,
	},
	{
		keys: ['R'],
		action: 'replay-delivery',
		description: 'send the dead letter again, under the same id (asks first)',
		hint: 'send again',
		where: ['outbox'],
		disabledReason: state => notDead(state) ?? cannotDecide(state),
	},
];

const nothingThere = 'There is nothing under the cursor.';

function cannotOpen(state: CockpitState): string | undefined {
	const delivery = selectedDeliveryOf(state);
	if (!delivery) return nothingThere;
	return state.runs.has(delivery.runId) ? undefined : 'Its run is not known here any more.';
}

function notDead(state: CockpitState): string | undefined {
	const delivery = selectedDeliveryOf(state);
	if (!delivery) return nothingThere;
	return delivery.status === 'dead' ? undefined : 'It is still tried by itself.';
}
