import type {
	AnswerRequest,
	CompactRequest,
	CreateRunRequest,
	CreateRunResponse,
	ForkRunRequest,
	Health,
	PruneRequest,
	RetryRunRequest,
	SignalRequest,
	StatisticsQuery,
} from '../api/contract.ts';
import type {
	AgentView,
	ApprovalsPage,
	CompactedRuns,
	EventsPage,
	ForkedRun,
	OutputChunk,
	OutputPage,
	PrunedRuns,
	RetriedRun,
	RollbackPlan,
	RunsPage,
	StatisticsView,
	StreamMessage,
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
	pruneRuns(request: PruneRequest): Promise<PrunedRuns>;
	compactRuns(request: CompactRequest): Promise<CompactedRuns>;
	/** Copies the journal. @param file Absolute. */
	backup(request: {readonly file: string; readonly force?: boolean}): Promise<{readonly sizeBytes: number}>;
	/** While it is on, nothing new begins. */
	drain(isOn: boolean): Promise<unknown>;
	/** The journal of one run after a cursor, oldest first. */
	runEvents(id: string, query?: {readonly after?: number; readonly limit?: number}): Promise<EventsPage>;
	output(runId: string, stepId: string, query?: OutputQuery): Promise<OutputPage>;
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
	trust(request: {readonly workspace: string; readonly origin: Origin}): Promise<WorkspaceView>;
	workspace(path: string): Promise<WorkspaceView>;
	workflows(workspace: string): Promise<WorkflowsPage>;
	agents(workspace: string): Promise<{readonly agents: readonly AgentView[]}>;
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
		pruneRuns: request => json({method: 'POST', path: pathOf('/runs/prune'), body: request, answerMsMax: longMs}),
		compactRuns: request => json({method: 'POST', path: pathOf('/runs/compact'), body: request, answerMsMax: longMs}),
		backup: request => json({method: 'POST', path: pathOf('/daemon/backup'), body: request, answerMsMax: longMs}),
		drain: isOn => json({method: 'POST', path: pathOf('/daemon/drain'), body: {isOn}, mayStart: false}),
		runEvents: (id, query) => get(`/runs/${encode(id)}/events`, query),
		output: (runId, stepId, query) => get(outputPathOf(runId, stepId), {...query}),
		followOutput: (runId, stepId, query, signal) =>
			followOutput(transport, pathOf(outputPathOf(runId, stepId), {...query, follow: true}), signal),
		approvals: query => get('/approvals', query),
		approve: (id, answer) => post(`/approvals/${encode(id)}/approve`, answer),
		reject: (id, answer) => post(`/approvals/${encode(id)}/reject`, answer),
		events: options => events(transport, options),
		trust: request => post('/workspaces/trust', request),
		workspace: path => get('/workspaces', {path}),
		workflows: workspace => get('/workflows', {workspace}),
		agents: workspace => get('/agents', {workspace}),
	};
};

/** A copy of a large journal takes its time. */
const longMs = 600_000;

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

const encode = encodeURIComponent;
const outputPathOf = (runId: string, stepId: string) => `/runs/${encode(runId)}/steps/${encode(stepId)}/output`;

const pathOf = (path: string, query: Query = {}) => {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
	return `/v1${path}${search.size === 0 ? '' : `?${search}`}`;
};

async function* followOutput(
	transport: Transport,
	path: string,
	signal: AbortSignal | undefined,
): AsyncGenerator<OutputChunk> {
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
