import {type AgentsPageState, initialAgentsPage} from './agents/page-state.ts';
import {initialLogsPage, type LogsPageState} from './logs/page-state.ts';
import {initialMoneyPage, type MoneyPageState} from './money/page-state.ts';
import {initialTriggersPage, type TriggersPageState} from './triggers/page-state.ts';
import {initialWorkflowsPage, type WorkflowsPageState} from './workflows/page-state.ts';

/** What each page remembers while another one is shown. */
export interface PagesState {
	readonly money: MoneyPageState;
	readonly agents: AgentsPageState;
	readonly workflows: WorkflowsPageState;
	readonly triggers: TriggersPageState;
	readonly logs: LogsPageState;
}

export const initialPages: PagesState = {
	money: initialMoneyPage,
	agents: initialAgentsPage,
	workflows: initialWorkflowsPage,
	triggers: initialTriggersPage,
	logs: initialLogsPage,
};
