export interface AgentsPageState {
	/** Name of the agent under the cursor; `undefined`: the first. */
	readonly selected?: string;
}

export const initialAgentsPage: AgentsPageState = {};
