import type {
	CheckAgentsRequest,
	CostEstimateRequest,
	CostSummaryQuery,
	CreateRunRequest,
	CreateRunResponse,
	DaemonLogsQuery,
	DeadDeliveriesRequest,
	DisableAgentRequest,
	EnableAgentRequest,
	Health,
	ListToolsRequest,
	PauseScheduleRequest,
	PreferAgentRequest,
	ScheduleRequest,
	ToolInfoRequest,
} from '../api/contract.ts';
import type {
	AgentTroubleView,
	AgentView,
	CostEstimate,
	CostForecast,
	CostLimitView,
	CostSummary,
	DeliveriesPage,
	EventsPage,
	ForkedRun,
	LogChunk,
	OutputChunk,
	OutputPage,
	QueueView,
	ScheduleFiring,
	SchedulesPage,
	StepRequest,
	StreamMessage,
	ToolDetails,
	ToolView,
	TriggersPage,
	WebhooksView,
	WorkflowFileView,
	WorkflowsPage,
} from '../api/messages.ts';
import type {Origin} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import type {TrustView} from './fetched/definitions.ts';

/**
 * What the cockpit needs of the daemon: a part of `source/client/client.ts`, and in tests a scripted one in memory.
 * Every method rejects with an `AiworkflowError` for an expected failure.
 */
export interface CockpitDaemon {
	health(): Promise<Pick<Health, 'pid' | 'version' | 'startedAt' | 'cursor'>>;
	/** @throws `run.not-found` */
	runState(runId: string): Promise<RunState>;
	/**
	 * One connection: a snapshot and then events, or, with `lastEventId`, the events after it. Ends or throws when the
	 * connection is lost, and ends when `signal` aborts.
	 */
	events(options: {readonly lastEventId?: number; readonly signal: AbortSignal}): AsyncIterable<StreamMessage>;
	/** Offsets are bytes. Without `attempt`: the last one. */
	output(runId: string, stepId: string, query: OutputQuery): Promise<OutputPage>;
	/** What there is from these offsets on and then what comes, until the step ends. */
	followOutput(runId: string, stepId: string, offsets: OutputQuery, signal: AbortSignal): AsyncIterable<OutputChunk>;
	approve(approvalId: string, answer: Answer): Promise<unknown>;
	reject(approvalId: string, answer: Answer): Promise<unknown>;
	cancelRun(runId: string, request: {readonly origin: Origin; readonly reason?: string}): Promise<unknown>;
	pauseRun(runId: string, request: {readonly origin: Origin; readonly reason?: string}): Promise<unknown>;
	resumeRun(runId: string, request: {readonly origin: Origin}): Promise<unknown>;
	/** Does again what failed. The environment is that of the cockpit. */
	retryRun(
		runId: string,
		request: {readonly origin: Origin; readonly environment: Record<string, string>},
	): Promise<unknown>;
	skipStep(
		runId: string,
		stepId: string,
		request: {readonly origin: Origin; readonly reason?: string},
	): Promise<unknown>;
	/** The agents of a workspace, and whether they work. `deep` opens their protocol. */
	checkAgents(request: CheckAgentsRequest): Promise<{readonly agents: readonly AgentView[]}>;
	/** Agents that are given no attempts now, or did not work when they were last looked at. Looks at none. */
	agentTroubles(): Promise<{readonly agents: readonly AgentTroubleView[]}>;
	disableAgent(id: string, request: DisableAgentRequest): Promise<unknown>;
	enableAgent(id: string, request: EnableAgentRequest): Promise<unknown>;
	preferAgent(id: string, request: PreferAgentRequest): Promise<unknown>;
	costSummary(query: CostSummaryQuery): Promise<CostSummary>;
	costLimits(workspace: string): Promise<{readonly limits: readonly CostLimitView[]}>;
	/** What a run will have cost in the end. */
	forecast(runId: string): Promise<CostForecast>;
	/** The workflows of a workspace that have a name. */
	workflows(workspace: string): Promise<WorkflowsPage>;
	/** A file as it stands; its mistakes are in the answer. @throws `workflow.not-found` */
	workflowFile(file: string): Promise<WorkflowFileView>;
	costEstimate(request: CostEstimateRequest): Promise<CostEstimate>;
	createRun(request: CreateRunRequest): Promise<Pick<CreateRunResponse, 'runId'>>;
	workspace(path: string): Promise<TrustView>;
	/** Its triggers are armed as well, with what their runs may have of the environment. */
	trust(request: {
		readonly workspace: string;
		readonly origin: Origin;
		readonly environment: Record<string, string>;
	}): Promise<TrustView>;
	/** Armed triggers of a workspace, and what keeps some from firing. */
	triggers(workspace: string): Promise<TriggersPage>;
	/** The schedules of a workspace, armed or not, with so many of their coming moments. */
	schedules(query: {readonly workspace: string; readonly coming: number}): Promise<SchedulesPage>;
	/** Whether anything listens for webhooks, and those that are armed. */
	webhooks(): Promise<WebhooksView>;
	queues(): Promise<{readonly queues: readonly QueueView[]}>;
	/** Webhooks to others. */
	deliveries(query: {readonly status: 'queued' | 'dead'}): Promise<Pick<DeliveriesPage, 'deliveries'>>;
	/** Dead letters are tried again. @throws `delivery.not-found` */
	replayDeliveries(request: DeadDeliveriesRequest): Promise<unknown>;
	/** The tools of a workspace; with `check` each is opened. */
	tools(request: ListToolsRequest): Promise<{readonly tools: readonly ToolView[]}>;
	/** What a tool can do. It is opened, unless `ask` is false. @throws `tool.unknown` */
	toolInfo(request: ToolInfoRequest): Promise<ToolDetails>;
	/** Fires it now; answers when it is clear what came of it. */
	runSchedule(name: string, request: ScheduleRequest): Promise<Pick<ScheduleFiring, 'status' | 'detail'>>;
	/** It fires nothing until it is resumed. */
	pauseSchedule(name: string, request: PauseScheduleRequest): Promise<unknown>;
	resumeSchedule(name: string, request: ScheduleRequest): Promise<unknown>;
	/** The end of the daemon's log, or what came after an offset, and then what is appended. */
	followDaemonLogs(query: Pick<DaemonLogsQuery, 'tail' | 'offset'>, signal: AbortSignal): AsyncIterable<LogChunk>;
	/** What a step or an item was asked to do in an attempt. @throws `step.not-found` */
	stepRequest(runId: string, stepId: string, query: {readonly attempt?: number}): Promise<StepRequest>;
	/** The journal of one run after a cursor, oldest first. */
	runEvents(runId: string, query: {readonly after?: number}): Promise<EventsPage>;
	/** A new run that goes on from where this one was at an event. */
	forkRun(
		runId: string,
		request: {readonly origin: Origin; readonly at: number; readonly environment: Record<string, string>},
	): Promise<ForkedRun>;
	/** Frees the connection, where there is something to free. */
	close?(): void;
}

export interface OutputQuery {
	readonly attempt?: number;
	readonly stdout: number;
	readonly stderr: number;
}

export interface Answer {
	readonly origin: Origin;
	readonly comment?: string;
	readonly optionId?: string;
	readonly forRun?: boolean;
	/** What a budget is extended by: USD, or its own unit. */
	readonly extendBy?: number;
	/** What was made of a text that may be changed. */
	readonly text?: string;
}
