import {staleOnly} from '../../fetched/stale.ts';
import type {Action, Outcome} from '../../keys/actions.ts';
import type {CockpitState} from '../../state.ts';
import {lastFiringOf, selectedTriggerOf} from './select.ts';

export const triggersActions = {
	triggers: (state: CockpitState): Outcome => ({
		state: {
			...state,
			screen: 'triggers',
			// Files and servers change without an event.
			fetched: staleOnly(state.fetched, ['triggers', 'queues', 'workflows', 'workflow', 'workspace']),
		},
	}),
	'open-firing': (state: CockpitState): Outcome => {
		const {runId} = lastFiringOf(selectedTriggerOf(state)!)!;
		return {state: {...state, screen: 'home', runId, pane: 'steps', filter: ''}};
	},
	'pause-schedule': (state: CockpitState): Outcome => {
		const {name, paused} = selectedTriggerOf(state)!.schedule!;
		return {state, effect: {kind: paused ? 'resume-schedule' : 'pause-schedule', schedule: name}};
	},
	'fire-schedule': (state: CockpitState): Outcome => ({
		state: {...state, dialog: {kind: 'fire', schedule: selectedTriggerOf(state)!.schedule!.name}},
	}),
} satisfies Readonly<Record<string, Action>>;
