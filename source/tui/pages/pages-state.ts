import {type AgentsPageState, initialAgentsPage} from './agents/page-state.ts';
import {initialLogsPage, type LogsPageState} from './logs/page-state.ts';
import {initialMoneyPage, type MoneyPageState} from './money/page-state.ts';
import {initialOutboxPage, type OutboxPageState} from './outbox/page-state.ts';
import {initialToolsPage, type ToolsPageState} from './tools/page-state.ts';
import {initialTriggersPage, type TriggersPageState} from './triggers/page-state.ts';
import {initialWorkflowsPage, type WorkflowsPageState} from './workflows/page-state.ts';

/** What each page remembers while another one is shown. */
export interface PagesState {
	readonly money: MoneyPageState;
	readonly agents: AgentsPageState;
	readonly workflows: WorkflowsPageState;
	readonly triggers: TriggersPageState;
	readonly logs: LogsPageState;
	readonly tools: ToolsPageState;
	readonly outbox: OutboxPageState;
}

export const initialPages: PagesState = {
	money: initialMoneyPage,
	agents: initialAgentsPage,
	workflows: initialWorkflowsPage,
	triggers: initialTriggersPage,
	logs: initialLogsPage,
	tools: initialToolsPage,
	outbox: initialOutboxPage,
};
