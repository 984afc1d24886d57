import type {
	AnswerRequest,
	CallToolRequest,
	CheckAgentsRequest,
	CompactRequest,
	CostEstimateRequest,
	CostSummaryQuery,
	CostsQuery,
	CreateRunRequest,
	CreateRunResponse,
	DaemonLogsQuery,
	DeadDeliveriesRequest,
	DeadLettersRequest,
	DeliveriesQuery,
	DisableAgentRequest,
	EmitRequest,
	EnableAgentRequest,
	ForkRunRequest,
	Health,
	ListToolsRequest,
	PauseScheduleRequest,
	PreferAgentRequest,
	PruneRequest,
	PublishRequest,
	PurgeRequest,
	QueueWorkerRequest,
	ReplayRequest,
	RetryRunRequest,
	RouteRequest,
	ScheduleRequest,
	ServeToolsRequest,
	SignalRequest,
	StartWebhooksRequest,
	StatisticsQuery,
	TestWebhookRequest,
	ToolInfoRequest,
	TrustRequest,
} from '../api/contract.ts';
import type {
	AgentTroubleView,
	AgentView,
	ApprovalsPage,
	CompactedRuns,
	CostEstimate,
	CostForecast,
	CostLimitView,
	CostLine,
	CostSummary,
	DeadLetterView,
	DeliveriesPage,
	DeliveryDetails,
	EmittedEvent,
	EventsPage,
	ForkedRun,
	LogChunk,
	LogPage,
	OutputChunk,
	OutputPage,
	PrunedRuns,
	PublishedMessage,
	QueueView,
	RetriedRun,
	RollbackPlan,
	RouteView,
	RunRecording,
	RunsPage,
	ScheduleDetails,
	ScheduleFiring,
	SchedulesPage,
	ScheduleView,
	ServedTools,
	StatisticsView,
	StepRequest,
	StreamMessage,
	ToolAnswer,
	ToolDetails,
	ToolView,
	TriggersPage,
	WebhookListenerView,
	WebhooksView,
	WebhookTestView,
	WorkflowFileView,
	WorkflowsPage,
} from '../api/messages.ts';
import type {Origin} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import type {ApprovalView, RunView} from '../run/views.ts';
import {readEventStream, readLines} from './event-stream.ts';
import {type Transport, toldFailure} from './transport.ts';

export type {
	AnswerRequest,
	CreateRunRequest,
	CreateRunResponse,
	ForkRunRequest,
	Health,
	RetryRunRequest,
	SignalRequest,
} from '../api/contract.ts';
export type * from '../api/messages.ts';

export interface RunsQuery {
	/** Comma-separated run statuses. */
	readonly status?: string;
	readonly workflow?: string;
	readonly workspace?: string;
	/** ISO-8601; of the creation. */
	readonly since?: string;
	readonly until?: string;
	/** Runs of sub-workflows as well. */
	readonly all?: boolean;
	readonly limit?: number;
	/** `next` of the page before. */
	readonly before?: string;
}

export interface OutputQuery {
	/** Default: the last one. */
	readonly attempt?: number;
	/** What undoing it printed, instead. */
	readonly undo?: boolean;
	/** Byte offsets to start at; default 0. */
	readonly stdout?: number;
	readonly stderr?: number;
}

export interface WorkspaceView {
	readonly workspace: string;
	readonly isTrusted: boolean;
	/** What trusting it covers, as paths relative to the workspace. */
	readonly files: readonly string[];
	/** What keeps its triggers from noticing all that happens. */
	readonly triggerProblems: readonly {
		readonly workflow: string;
		readonly trigger: string;
		readonly failure: {readonly code: string; readonly message: string; readonly suggestion?: string};
	}[];
}

export interface EventsOptions {
	/** Only the events of this run. */
	readonly runId?: string;
	/** Go on after this cursor, without a snapshot. */
	readonly lastEventId?: number | string;
	readonly signal?: AbortSignal;
	/** Whether a daemon may be started for it. Default: true, where the client may at all. */
	readonly mayStart?: boolean;
}

/** Who asks, and a word on why. */
export interface Reasoned {
	readonly origin: Origin;
	readonly reason?: string;
}

/** The API from a client's side. Ids may be abbreviated; every method throws `AiworkflowError`. */
export interface Client {
	readonly socketPath: string;
	readonly stateFolder: string;
	/** Whether a daemon answers; starts none. */
	isAnswering(): Promise<boolean>;
	health(): Promise<Health>;
	/** Resolves when the daemon has agreed to stop; it ends a little later. */
	stopDaemon(): Promise<unknown>;
	createRun(request: CreateRunRequest): Promise<CreateRunResponse>;
	runs(query?: RunsQuery): Promise<RunsPage>;
	run(id: string): Promise<RunView>;
	runState(id: string): Promise<RunState>;
	/** Of an ended run that was started with `record`. */
	recording(id: string): Promise<RunRecording>;
	/** @returns The run with the request in it; it ends a little later. */
	cancelRun(id: string, request: Reasoned): Promise<RunView>;
	cancelStep(id: string, stepId: string, request: Reasoned): Promise<RunView>;
	/** Goes on without a step. */
	skipStep(id: string, stepId: string, request: Reasoned): Promise<RunView>;
	/** Nothing new begins; what runs goes on. */
	pauseRun(id: string, request: Reasoned): Promise<RunView>;
	/** Of a paused run. */
	resumeRun(id: string, request: {readonly origin: Origin}): Promise<RunView>;
	/** Does steps of an ended run again. */
	retryRun(id: string, request: RetryRunRequest): Promise<RetriedRun>;
	signalRun(id: string, request: SignalRequest): Promise<RunView>;
	forkRun(id: string, request: ForkRunRequest): Promise<ForkedRun>;
	/** What a rollback would undo. */
	rollbackPlan(id: string, query?: {readonly to?: string}): Promise<RollbackPlan>;
	/** Begins it; `rollback.completed` is its end. */
	rollbackRun(id: string, request: {readonly to?: string; readonly origin: Origin}): Promise<RunView>;
	statistics(query?: StatisticsQuery): Promise<StatisticsView>;
	/** The ledger, newest first. */
	costs(query?: CostsQuery): Promise<{readonly costs: readonly CostLine[]}>;
	costSummary(query?: CostSummaryQuery): Promise<CostSummary>;
	costLimits(workspace: string): Promise<{readonly limits: readonly CostLimitView[]}>;
	/** What a run will have cost in the end. */
	forecast(id: string): Promise<CostForecast>;
	costEstimate(request: CostEstimateRequest): Promise<CostEstimate>;
	pruneRuns(request: PruneRequest): Promise<PrunedRuns>;
	compactRuns(request: CompactRequest): Promise<CompactedRuns>;
	/** Copies the journal. @param file Absolute. */
	backup(request: {readonly file: string; readonly force?: boolean}): Promise<{readonly sizeBytes: number}>;
	/** The end of the daemon's log, or what came after an offset. */
	daemonLogs(query?: Omit<DaemonLogsQuery, 'follow'>): Promise<LogPage>;
	/** The same, and then what is appended, until the signal fires. */
	followDaemonLogs(query?: Omit<DaemonLogsQuery, 'follow'>, signal?: AbortSignal): AsyncIterable<LogChunk>;
	/** While it is on, nothing new begins. */
	drain(isOn: boolean): Promise<unknown>;
	/** The journal of one run after a cursor, oldest first. */
	runEvents(id: string, query?: {readonly after?: number; readonly limit?: number}): Promise<EventsPage>;
	output(runId: string, stepId: string, query?: OutputQuery): Promise<OutputPage>;
	/** What a step was asked to do. */
	stepRequest(runId: string, stepId: string, query?: {readonly attempt?: number}): Promise<StepRequest>;
	/** Output as it grows, until the step ends. */
	followOutput(runId: string, stepId: string, query?: OutputQuery, signal?: AbortSignal): AsyncIterable<OutputChunk>;
	approvals(query?: {readonly status?: string; readonly runId?: string}): Promise<ApprovalsPage>;
	approve(id: string, answer: AnswerRequest): Promise<ApprovalView>;
	reject(id: string, answer: AnswerRequest): Promise<ApprovalView>;
	/**
	 * Live events: snapshots first, unless `lastEventId` is given. Ends when the signal fires or the daemon ends the
	 * stream; throws `daemon.unreachable` when the connection breaks.
	 */
	events(options?: EventsOptions): AsyncIterable<StreamMessage>;
	/** @param request With an environment its triggers are armed as well. */
	trust(request: TrustRequest): Promise<WorkspaceView>;
	/** Takes it back: nothing of it is armed or trusted any more. */
	revokeTrust(request: {readonly workspace: string; readonly origin: Origin}): Promise<WorkspaceView>;
	/** Armed triggers of all workspaces, or of one. */
	triggers(workspace?: string): Promise<TriggersPage>;
	/** Durable when it resolves. @throws AiworkflowError `event.invalid`, `trigger.overloaded`, `trigger.data-too-large`. */
	emit(request: EmitRequest): Promise<EmittedEvent>;
	workspace(path: string): Promise<WorkspaceView>;
	workflows(workspace: string): Promise<WorkflowsPage>;
	/** @param file Absolute. @throws AiworkflowError `workflow.not-found`; mistakes are in the answer. */
	workflowFile(file: string): Promise<WorkflowFileView>;
	/** The tools of a workspace. */
	tools(request: ListToolsRequest): Promise<{readonly tools: readonly ToolView[]}>;
	/** What a tool can do: it is asked, unless `ask` is false. @throws AiworkflowError `tool.unknown`. */
	toolInfo(request: ToolInfoRequest): Promise<ToolDetails>;
	/** @throws AiworkflowError As the tool fails. */
	callTool(request: CallToolRequest): Promise<ToolAnswer>;
	/** The agents of a workspace, and whether they work. @throws AiworkflowError `agent.unknown`. */
	checkAgents(request: CheckAgentsRequest): Promise<{readonly agents: readonly AgentView[]}>;
	/** Agents that are given no attempts now, or did not work when they were last looked at. Looks at none. */
	agentTroubles(): Promise<{readonly agents: readonly AgentTroubleView[]}>;
	/** It is given no new attempts until it is enabled; those that run go on. @throws AiworkflowError `agent.unknown`. */
	disableAgent(id: string, request: DisableAgentRequest): Promise<AgentTroubleView>;
	enableAgent(id: string, request: EnableAgentRequest): Promise<AgentTroubleView>;
	/** It is asked first, wherever a step may ask it. @throws AiworkflowError `agent.unknown`. */
	preferAgent(id: string, request: PreferAgentRequest): Promise<AgentTroubleView>;
	/** The webhooks of armed workspaces, and whether anything listens. */
	webhooks(): Promise<WebhooksView>;
	/** Listens from now on, also after a restart. @throws AiworkflowError `webhook.port-taken`, `webhook.denied`. */
	startWebhooks(request: StartWebhooksRequest): Promise<WebhookListenerView>;
	stopWebhooks(request: {readonly origin: Origin}): Promise<WebhookListenerView>;
	/** Signs a request and sends it to a webhook. @throws AiworkflowError `webhook.not-found`, `webhook.not-listening`. */
	testWebhook(request: TestWebhookRequest): Promise<WebhookTestView>;
	/** How one of several agents would be chosen now. */
	routeAgents(request: RouteRequest): Promise<RouteView>;
	/** What it takes to serve tools. @throws AiworkflowError `tool.unknown`, `workspace.untrusted`, `tools.denied`. */
	serveTools(request: ServeToolsRequest): Promise<ServedTools>;
	/** The schedules of a workspace, armed or not. */
	schedules(query: {readonly workspace: string; readonly coming?: number}): Promise<SchedulesPage>;
	/** One of them, and what it fired. @throws AiworkflowError `schedule.not-found`. */
	schedule(name: string, query: {readonly workspace: string; readonly coming?: number}): Promise<ScheduleDetails>;
	/** Fires it now. @throws AiworkflowError `schedule.not-found`, `schedule.unarmed`. */
	runSchedule(name: string, request: ScheduleRequest): Promise<ScheduleFiring>;
	/** It fires nothing until it is resumed. */
	pauseSchedule(name: string, request: PauseScheduleRequest): Promise<ScheduleView>;
	resumeSchedule(name: string, request: ScheduleRequest): Promise<ScheduleView>;
	/** Queues of armed triggers, and embedded ones that hold something. */
	queues(query?: {readonly queue?: string}): Promise<{readonly queues: readonly QueueView[]}>;
	publishMessage(queue: string, request: PublishRequest): Promise<PublishedMessage>;
	deadLetters(queue: string, request: DeadLettersRequest): Promise<{readonly messages: readonly DeadLetterView[]}>;
	/** @throws AiworkflowError `message.not-found`. */
	replayDeadLetters(queue: string, request: ReplayRequest): Promise<{readonly count: number}>;
	purgeQueue(queue: string, request: PurgeRequest): Promise<{readonly count: number}>;
	/** Whether triggers consume it here. @throws AiworkflowError `queue.not-found`. */
	switchQueue(queue: string, request: QueueWorkerRequest): Promise<{readonly queues: readonly QueueView[]}>;
	/** Outgoing webhooks: what waits to be sent, what was, and what was given up. */
	deliveries(query?: DeliveriesQuery): Promise<DeliveriesPage>;
	/** @throws AiworkflowError `delivery.not-found`. */
	delivery(id: string): Promise<DeliveryDetails>;
	/** Dead letters are tried again. @throws AiworkflowError `delivery.not-found`, `webhook.denied`. */
	replayDeliveries(request: DeadDeliveriesRequest): Promise<{readonly ids: readonly string[]}>;
	/** Removes dead letters. @throws AiworkflowError `delivery.not-found`, `webhook.denied`. */
	purgeDeliveries(request: DeadDeliveriesRequest): Promise<{readonly ids: readonly string[]}>;
}

export const createClient = (transport: Transport, stateFolder: string): Client => {
	const {json, socketPath, isAnswering} = transport;
	const get = <T>(path: string, query?: Query) => json<T>({path: pathOf(path, query)});
	const post = <T>(path: string, body: unknown) => json<T>({method: 'POST', path: pathOf(path), body});

	return {
		socketPath,
		stateFolder,
		isAnswering,
		health: () => get('/health'),
		stopDaemon: () => json({method: 'POST', path: pathOf('/daemon/stop'), mayStart: false}),
		createRun: request => post('/runs', request),
		runs: query => get('/runs', {...query}),
		run: id => get(`/runs/${encode(id)}`),
		runState: id => get(`/runs/${encode(id)}/state`),
		recording: id => get(`/runs/${encode(id)}/recording`),
		cancelRun: (id, request) => post(`/runs/${encode(id)}/cancel`, request),
		cancelStep: (id, stepId, request) => post(`/runs/${encode(id)}/steps/${encode(stepId)}/cancel`, request),
		skipStep: (id, stepId, request) => post(`/runs/${encode(id)}/steps/${encode(stepId)}/skip`, request),
		pauseRun: (id, request) => post(`/runs/${encode(id)}/pause`, request),
		resumeRun: (id, request) => post(`/runs/${encode(id)}/resume`, request),
		retryRun: (id, request) => post(`/runs/${encode(id)}/retry`, request),
		signalRun: (id, request) => post(`/runs/${encode(id)}/signals`, request),
		forkRun: (id, request) => post(`/runs/${encode(id)}/fork`, request),
		rollbackPlan: (id, query) => get(`/runs/${encode(id)}/rollback`, query),
		rollbackRun: (id, request) => post(`/runs/${encode(id)}/rollback`, request),
		statistics: query => get('/runs/statistics', {...query}),
		costs: query => get('/costs', {...query}),
		costSummary: query => get('/costs/summary', {...query}),
		costLimits: workspace => get('/costs/limits', {workspace}),
		forecast: id => get(`/runs/${encode(id)}/forecast`),
		costEstimate: request => post('/costs/estimate', request),
		pruneRuns: request => json({method: 'POST', path: pathOf('/runs/prune'), body: request, answerMsMax: longMs}),
		compactRuns: request => json({method: 'POST', path: pathOf('/runs/compact'), body: request, answerMsMax: longMs}),
		backup: request => json({method: 'POST', path: pathOf('/daemon/backup'), body: request, answerMsMax: longMs}),
		daemonLogs: query => get('/daemon/logs', {...query}),
		followDaemonLogs: (query, signal) =>
			followLines<LogChunk>(transport, pathOf('/daemon/logs', {...query, follow: true}), signal),
		drain: isOn => json({method: 'POST', path: pathOf('/daemon/drain'), body: {isOn}, mayStart: false}),
		runEvents: (id, query) => get(`/runs/${encode(id)}/events`, query),
		stepRequest: (runId, stepId, query) => get(`/runs/${encode(runId)}/steps/${encode(stepId)}/request`, query),
		output: (runId, stepId, query) => get(outputPathOf(runId, stepId), {...query}),
		followOutput: (runId, stepId, query, signal) =>
			followLines<OutputChunk>(transport, pathOf(outputPathOf(runId, stepId), {...query, follow: true}), signal),
		approvals: query => get('/approvals', query),
		approve: (id, answer) => post(`/approvals/${encode(id)}/approve`, answer),
		reject: (id, answer) => post(`/approvals/${encode(id)}/reject`, answer),
		events: options => events(transport, options),
		trust: request => post('/workspaces/trust', request),
		revokeTrust: request => post('/workspaces/revoke', request),
		triggers: workspace => get('/triggers', {workspace}),
		emit: request => post('/events/emit', request),
		workspace: path => get('/workspaces', {path}),
		workflows: workspace => get('/workflows', {workspace}),
		workflowFile: file => get('/workflows/file', {file}),
		checkAgents: request => json({method: 'POST', path: pathOf('/agents/check'), body: request, answerMsMax: longMs}),
		tools: request => json({method: 'POST', path: pathOf('/tools/list'), body: request, answerMsMax: callMs}),
		toolInfo: request => json({method: 'POST', path: pathOf('/tools/info'), body: request, answerMsMax: callMs}),
		callTool: request => json({method: 'POST', path: pathOf('/tools/call'), body: request, answerMsMax: callMs}),
		agentTroubles: () => get('/agents/troubles'),
		disableAgent: (id, request) => post(`/agents/${encode(id)}/disable`, request),
		enableAgent: (id, request) => post(`/agents/${encode(id)}/enable`, request),
		preferAgent: (id, request) => post(`/agents/${encode(id)}/prefer`, request),
		routeAgents: request => post('/agents/route', request),
		serveTools: request => post('/tools/serve', request),
		schedules: query => get('/schedules', query),
		schedule: (name, query) => get(`/schedules/${encode(name)}`, query),
		runSchedule: (name, request) => post(`/schedules/${encode(name)}/run`, request),
		pauseSchedule: (name, request) => post(`/schedules/${encode(name)}/pause`, request),
		resumeSchedule: (name, request) => post(`/schedules/${encode(name)}/resume`, request),
		webhooks: () => get('/webhooks'),
		startWebhooks: request => post('/webhooks/start', request),
		stopWebhooks: request => post('/webhooks/stop', request),
		testWebhook: request => json({method: 'POST', path: pathOf('/webhooks/test'), body: request, answerMsMax: longMs}),
		queues: query => get('/queues', query),
		publishMessage: (queue, request) => post(`/queues/${encode(queue)}/messages`, request),
		deadLetters: (queue, request) => post(`/queues/${encode(queue)}/dead`, request),
		replayDeadLetters: (queue, request) => post(`/queues/${encode(queue)}/replay`, request),
		purgeQueue: (queue, request) => post(`/queues/${encode(queue)}/purge`, request),
		deliveries: query => get('/deliveries', query),
		delivery: id => get(`/deliveries/${encode(id)}`),
		replayDeliveries: request => post('/deliveries/replay', request),
		purgeDeliveries: request => post('/deliveries/purge', request),
		switchQueue: (queue, request) => post(`/queues/${encode(queue)}/worker`, request),
	};
};

/** A copy of a large journal takes its time. */
const longMs = 600_000;
/** A call of a tool takes as long as its file allows. */
const callMs = 24 * 3_600_000;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const encode = encodeURIComponent;
const outputPathOf = (runId: string, stepId: string) => `/runs/${encode(runId)}/steps/${encode(stepId)}/output`;

const pathOf = (path: string, query: Query = {}) => {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
	return `/v1${path}${search.size === 0 ? '' : `?${search}`}`;
};

async function* followLines<T extends object>(
	transport: Transport,
	path: string,
	signal: AbortSignal | undefined,
): AsyncGenerator<T> {
	for await (const line of readLines(streamOf(transport, {path, signal}))) {
		if (line === '') continue;
		const chunk = JSON.parse(line);
		if (chunk.end) return;
		yield chunk;
	}
}

async function* events(
	transport: Transport,
	{runId, lastEventId, signal, mayStart}: EventsOptions = {},
): AsyncGenerator<StreamMessage> {
	const headers = {
		accept: 'text/event-stream',
		...(lastEventId === undefined ? undefined : {'last-event-id': String(lastEventId)}),
	};
	const bytes = streamOf(transport, {path: pathOf('/events', {runId}), headers, signal, mayStart});
	for await (const {event, data} of readEventStream(bytes)) {
		// A newer daemon may send kinds that this client does not know.
		if (event === 'snapshot' || event === 'journal' || event === 'hint') yield {kind: event, data: JSON.parse(data)};
	}
}

/** The bytes of an answer. A signal ends them in order; a connection that breaks is told as a failure. */
async function* streamOf(
	transport: Transport,
	options: Parameters<Transport['stream']>[0],
): AsyncGenerator<Uint8Array> {
	try {
		yield* await transport.stream(options);
	} catch (error) {
		// An answer that is under way when the signal fires breaks like any other.
		if (options.signal?.aborted) return;
		throw toldFailure(transport.socketPath, error);
	}
}
