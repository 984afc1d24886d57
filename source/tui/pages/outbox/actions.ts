import {staleOnly} from '../../fetched/stale.ts';
import type {Action, Outcome} from '../../keys/actions.ts';
import type {CockpitState} from '../../state.ts';
import {selectedDeliveryOf} from './select.ts';

export const outboxActions = {
	outbox: (state: CockpitState): Outcome => ({state: onOutbox(state)}),
	'open-sender': (state: CockpitState): Outcome => {
		const {runId, step} = selectedDeliveryOf(state)!;
		const pinnedSteps = step === null ? state.pinnedSteps : {...state.pinnedSteps, [runId]: step};
		return {state: {...state, screen: 'home', runId, pinnedSteps, pane: 'steps', filter: ''}};
	},
	'replay-delivery': (state: CockpitState): Outcome => {
		const {id, to} = selectedDeliveryOf(state)!;
		return {state: {...state, dialog: {kind: 'replay', delivery: id, to}}};
	},
} satisfies Readonly<Record<string, Action>>;

/** @returns The state with the screen of the outbox. */
export const onOutbox = (state: CockpitState): CockpitState => ({
	...state,
	screen: 'outbox',
	fetched: staleOnly(state.fetched, ['deadWebhooks', 'queuedWebhooks']),
});
