import type {Action, Outcome} from '../../keys/actions.ts';
import type {CockpitState} from '../../state.ts';
import {selectedAgentOf} from './select.ts';

const told = (state: CockpitState, text: string): CockpitState => ({...state, notice: {kind: 'info', text}});

export const agentsActions = {
	'check-agent': (state: CockpitState): Outcome => {
		const agent = selectedAgentOf(state);
		if (!agent) return {state};
		return {state: told(state, `${agent.id} is being checked.`), effect: {kind: 'check-agent', agent: agent.id}};
	},
	'check-agents': (state: CockpitState): Outcome => ({
		state: told(state, 'All agents are being checked.'),
		effect: {kind: 'check-agents'},
	}),
	'disable-agent': (state: CockpitState): Outcome => {
		const agent = selectedAgentOf(state);
		if (!agent) return {state};
		return {state, effect: {kind: agent.disabled ? 'enable-agent' : 'disable-agent', agent: agent.id}};
	},
	'prefer-agent': (state: CockpitState): Outcome => {
		const agent = selectedAgentOf(state);
		if (!agent) return {state};
		return {state, effect: {kind: agent.isPreferred ? 'unprefer-agent' : 'prefer-agent', agent: agent.id}};
	},
} satisfies Readonly<Record<string, Action>>;
