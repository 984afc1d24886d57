import type {Binding} from '../../keys/bindings.ts';
import {cannotDecide} from '../../keys/reasons.ts';
import type {CockpitState} from '../../state.ts';
import {selectedAgentOf} from './select.ts';

const noAgent = (state: CockpitState): string | undefined =>
	selectedAgentOf(state) ? undefined : 'There is no agent under the cursor.';

export const agentsBindings: readonly Binding[] = [
	{
		keys: ['c', 'enter'],
		action: 'check-agent',
		description: 'check the agent now: start it, and open its protocol',
		hint: 'check now',
		where: ['agents'],
		disabledReason: noAgent,
	},
	{
		keys: ['C'],
		action: 'check-agents',
		description: 'check all agents now',
		hint: 'check all',
		where: ['agents'],
	},
	{
		keys: ['d'],
		action: 'disable-agent',
		description: 'give the agent no new attempts, or give it attempts again',
		hint: 'disable/enable',
		where: ['agents'],
		isDecision: true,
		disabledReason: state =>
			noAgent(state) ??
			(selectedAgentOf(state)?.id === 'replay' ? 'Recordings cannot be disabled.' : cannotDecide(state)),
	},
	{
		keys: ['P'],
		action: 'prefer-agent',
		description: 'ask the agent first, wherever a step may ask it, or no more',
		hint: 'prefer',
		where: ['agents'],
		isDecision: true,
		disabledReason: state => noAgent(state) ?? cannotDecide(state),
	},
];
