import type {AgentView} from '../../../api/messages.ts';
import type {CockpitState} from '../../state.ts';
import {selectedIdOf} from '../cursor.ts';

export const agentsOf = ({fetched}: CockpitState): readonly AgentView[] => fetched.agents?.value ?? [];

export const agentNamesOf = (state: CockpitState): string[] => agentsOf(state).map(({id}) => id);

export const selectedAgentOf = (state: CockpitState): AgentView | undefined => {
	const selected = selectedIdOf(agentNamesOf(state), state.pages.agents.selected);
	return agentsOf(state).find(({id}) => id === selected);
};
