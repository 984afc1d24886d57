import type {JournalEvent, NewEvent} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';
import type {LedgerEntry, Prices} from './parts.ts';

/** @returns The event with what its tokens cost, where the agent did not say and a price is known. */
export const pricedEvent = (prices: Prices, {workspace}: RunState, event: NewEvent, atMs: number): NewEvent => {
	if (event.type !== 'usage.recorded' || event.body.costSource !== 'none' || event.body.costMicroUsd !== null)
		return event;
	const {agent, model, provider, tokens} = event.body;
	return {...event, body: {...event.body, ...prices.priceOf({workspace, agent, model, provider, tokens, atMs})}};
};

export const ledgerEntryOf = (
	{id, workflow, workspace}: RunState,
	{cursor, atMs, body}: Extract<JournalEvent, {type: 'usage.recorded'}>,
): LedgerEntry => {
	const {stepId, item, attempt, agent, model, tokens, costMicroUsd, costSource, units} = body;
	return {
		...{cursor, atMs, runId: id, workflow: workflow.name, workspace, stepId, item, attempt, agent, model},
		...{tokens, costMicroUsd, costSource, units},
	};
};
