import type {Failure} from '../errors.ts';
import type {RecordedAnswer} from '../recording.ts';
import type {UndoTarget, WireEvent} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import type {ApprovalView, RunSummaryView, RunView} from '../run/views.ts';
import type {ToolImplementationKind, ToolOperation} from '../tools/definition.ts';
import type {DeclaredTrigger} from '../workflow/declared-triggers.ts';
import type {InputDefinition, Overlap} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import type {Priority, QueueBackendKind} from '../workflow/queues.ts';
import type {TriggerKind} from '../workflow/triggers.ts';

/** Types of answers and stream messages that have no schema to check: the daemon is their only writer. */

/** Answer of `GET /v1/webhooks`. */
export interface WebhooksView {
	readonly listener: WebhookListenerView;
	/** Of all armed workspaces. */
	readonly webhooks: readonly WebhookView[];
}

export interface WebhookListenerView {
	/** Null: nobody wants it to listen. */
	readonly address: {readonly host: string; readonly port: number} | null;
	readonly isListening: boolean;
	/** Whether other machines may reach it. */
	readonly isOpenToOthers: boolean;
	/** Why it does not listen though it is to; it tries again by itself. */
	readonly failure: string | null;
}

export interface WebhookView {
	readonly path: string;
	/** Null while nothing listens, and where the path belongs to another. */
	readonly url: string | null;
	readonly workflow: string;
	readonly file: string;
	readonly workspace: string;
	/** Id of the trigger in its file. */
	readonly trigger: string;
	readonly style: 'github' | 'stripe' | 'slack' | 'generic';
	readonly methods: readonly string[];
	readonly respond: 'accepted' | 'wait';
	/** Name of the secret that signs; null: `auth: none`, for programs of this machine only. */
	readonly secret: string | null;
	/** `conflict`: another webhook has the path. `no-secret`: the secret is not there. */
	readonly state: 'ready' | 'conflict' | 'no-secret';
	/** Why it is not ready, and what to do. */
	readonly detail: string | null;
	/** Since the daemon began. */
	readonly accepted: number;
	/** Of these, what had come before: they started nothing. */
	readonly duplicates: number;
	/** By reason. */
	readonly refused: Readonly<Record<string, number>>;
	readonly lastAt: string | null;
}

/** What was sent to a webhook for a test, and what it answered. */
export interface WebhookTestView {
	readonly url: string;
	readonly method: string;
	/** Without the signature. */
	readonly headers: Readonly<Record<string, string>>;
	readonly status: number;
	/** JSON where it is some. */
	readonly answer: unknown;
}

export interface RunsPage {
	readonly runs: readonly RunSummaryView[];
	/** Give it as `before` for the next page; null on the last one. */
	readonly next: string | null;
}

export interface EventsPage {
	readonly events: readonly WireEvent[];
	/** Give it as `after` for the next page; null on the last one. */
	readonly next: number | null;
}

export interface ApprovalsPage {
	readonly approvals: readonly ApprovalView[];
}

export interface WorkflowsPage {
	readonly workflows: readonly WorkflowView[];
}

export interface WorkflowView {
	readonly name: string;
	readonly file: string;
	readonly description: string | null;
	readonly steps: number;
	/** Errors the file has; it cannot be run while there are any. */
	readonly problems: number;
	/** What it writes under `on:`, whether this version can do it or not. */
	readonly triggers: readonly DeclaredTrigger[];
}

/** Answer of `GET /v1/workflows/file`: a file as it stands, and what was found in it. */
export interface WorkflowFileView {
	readonly file: string;
	/** The bytes of the file as text; over the limit for a workflow only its beginning. */
	readonly text: string;
	/** SHA-256 of the bytes, in hex: a run is of the file as it was. */
	readonly hash: string;
	readonly diagnostics: readonly Diagnostic[];
	readonly triggers: readonly DeclaredTrigger[];
	/** Null while the file has errors: it cannot be run. */
	readonly definition: WorkflowDefinitionView | null;
}

export interface WorkflowDefinitionView {
	readonly name: string;
	readonly description: string | null;
	/** By name, in the order of the file. */
	readonly inputs: Readonly<Record<string, InputDefinition>>;
	/** What will execute, a line a step. */
	readonly plan: readonly string[];
	/** Agents it names, in order; empty: none of its own. */
	readonly agents: readonly string[];
	/** Whether any step asks an agent. */
	readonly asksAgents: boolean;
}

/** A piece of the daemon's log: one JSON object a line, in its end mostly. */
export interface LogChunk {
	/** Byte offset of the first byte of `text`. */
	readonly offset: number;
	/** Byte offset after it: where to go on. */
	readonly nextOffset: number;
	/** Whole lines, unless one is longer than an answer. */
	readonly text: string;
}

/** Answer of `GET /v1/daemon/logs`; with `follow`, each chunk is a line. */
export interface LogPage extends LogChunk {
	readonly sizeBytes: number;
}

export interface AgentHealth {
	readonly id: string;
	/** What kind of adapter runs it: `acp`, `replay`. */
	readonly adapter: string;
	readonly command: string | null;
	readonly isHealthy: boolean;
	readonly version: string | null;
	readonly detail: string | null;
}

/** What a server of MCP needs to know to serve tools; handed on as it is, to the process that opens them. */
export interface ServedTools {
	readonly version: 1;
	readonly tools: readonly object[];
	readonly workspace: string;
	readonly cwd: string;
}

/** What a look at an agent found. */
export interface AgentCheck extends AgentHealth {
	readonly login: LoginState;
	/** How long the look took. */
	readonly latencyMs: number | null;
	/** ISO-8601; null: it was not looked at, for its workspace is not trusted. */
	readonly checkedAt: string | null;
}

/** As the agent's own program says; a key in the environment counts where that program looks at it. Nobody asks the provider. */
export type LoginState = 'in' | 'out' | 'unknown';

/** What is believed of an agent, when one of several is chosen. */
export interface AgentProfileView {
	readonly provider: string | null;
	readonly model: string | null;
	readonly capabilities: readonly string[];
	readonly tags: readonly string[];
	/** 0 to 1. */
	readonly quality: number | null;
	/** Until it answers. */
	readonly latencyMs: number | null;
	/** Attempts it may have at once. */
	readonly concurrent: number | null;
	readonly priority: number | null;
}

export interface AgentReport extends AgentCheck {
	readonly profile: AgentProfileView;
}

/** An agent as `GET /v1/agents` tells of it. */
export interface AgentView extends AgentReport {
	/** Null while nothing speaks against it. */
	readonly breaker: BreakerView | null;
	/** Null: it is given attempts. */
	readonly disabled: DisabledView | null;
	/** A person wants it asked first, wherever a step may ask it. */
	readonly isPreferred: boolean;
}

/** A tool as `GET /v1/tools` tells of it. */
export interface ToolView {
	readonly name: string;
	readonly description: string | null;
	/** Absolute. */
	readonly file: string;
	/** Of two tools of one name that of the bundle counts. */
	readonly origin: 'bundle' | 'workspace';
	readonly isTrusted: boolean;
	/** Of its file. */
	readonly problems: readonly Diagnostic[];
	/** The preferred one first; none where the file has problems. */
	readonly implementations: readonly ToolImplementationView[];
	/** How many it has; null: nobody asked it yet. */
	readonly operations: number | null;
}

export interface ToolImplementationView {
	readonly id: string;
	readonly kind: ToolImplementationKind;
	/** Null: for every agent, and for steps without one. */
	readonly agents: readonly string[] | null;
	/** Null while nothing speaks against it. */
	readonly breaker: BreakerView | null;
	/** How it did when it was last asked; null: nobody has since the daemon started. */
	readonly last: {readonly at: string; readonly isHealthy: boolean; readonly failure: Failure | null} | null;
	/** Its servers that are kept open between calls. */
	readonly servers: readonly ToolServerView[];
}

export interface ToolServerView {
	readonly pid: number | null;
	readonly state: 'starting' | 'busy' | 'idle';
	/** ISO-8601 UTC. */
	readonly startedAt: string;
	readonly usedAt: string;
}

/** Answer of `POST /v1/tools/info`. */
export interface ToolDetails {
	readonly tool: ToolView;
	/** Null: it did not say, or was never asked. */
	readonly operations: readonly ToolOperation[] | null;
	/** Id of the implementation that said it now; null: none was asked. */
	readonly toldBy: string | null;
	/** Why it did not say. */
	readonly failure: Failure | null;
}

/** Answer of `POST /v1/tools/call`. */
export interface ToolAnswer {
	readonly tool: string;
	readonly operation: string;
	readonly outputs: Readonly<Record<string, unknown>>;
	readonly text: string;
	/** Id of the implementation that answered. */
	readonly answeredBy: string;
	/** Those that were asked, in order. */
	readonly tries: readonly {
		readonly implementation: string;
		readonly failure: Failure | null;
		readonly latencyMs: number;
	}[];
}

/** Who wants an agent given no new attempts. */
export interface DisabledView {
	/** ISO-8601 UTC. */
	readonly at: string;
	readonly by: string;
	readonly reason: string | null;
}

/** Answer of `GET /v1/agents/troubles`: an agent that is given no attempts, or did not work when it was last looked at. */
export interface AgentTroubleView {
	readonly id: string;
	readonly breaker: BreakerView | null;
	readonly disabled: DisabledView | null;
	readonly isPreferred: boolean;
	/** What a look at it found; null: nothing, or nobody looked. */
	readonly detail: string | null;
}

/** Whether it is given attempts, after those that failed in a row. */
export interface BreakerView {
	readonly state: 'closed' | 'open' | 'half-open';
	/** In a row. */
	readonly failures: number;
	/** When one attempt may try again; null where it is not open. */
	readonly untilAt: string | null;
}

/** Answer of `POST /v1/agents/route`: how one of several agents would be chosen now. */
export interface RouteView {
	/** Null: nothing asks for one, so it is the first of the list that can. */
	readonly strategy: string | null;
	/** Null: none can be. */
	readonly chosen: string | null;
	/** The best first; those that cannot be chosen last. */
	readonly candidates: readonly RouteCandidateView[];
}

export interface RouteCandidateView {
	readonly agent: string;
	/** 0 to 1, the higher the better; null: it cannot be chosen. */
	readonly score: number | null;
	/** What the score is made of, by name, each 0 to 1. */
	readonly parts: Readonly<Record<string, number>>;
	/** Why it cannot be chosen. */
	readonly excluded: string | null;
	readonly model: string | null;
	/** Of one attempt, by estimate; null: unknown. */
	readonly costUsd: number | null;
	readonly latencyMs: number | null;
	/** Attempts it has running. */
	readonly load: number;
	/** Null where the agent is not known here. */
	readonly profile: AgentProfileView | null;
}

/** Answer of `POST /v1/runs/:id/retry`. */
export interface RetriedRun {
	readonly run: RunView;
	/** Ids of the steps that are done again, in file order. */
	readonly stepIds: readonly string[];
}

/** Answer of `POST /v1/runs/:id/fork`. */
export interface ForkedRun {
	readonly runId: string;
	readonly number: number;
	readonly workflow: string;
	readonly cursor: number;
	readonly forkedFrom: string;
	/** Ids of the steps whose results were taken over, in file order. */
	readonly adopted: readonly string[];
	/** Ids of those that are done anew. */
	readonly stepIds: readonly string[];
}

/** Answer of `GET /v1/runs/statistics`: of the runs of people and triggers that ended, not of those of sub-workflows. */
export interface StatisticsView {
	readonly total: RunStatistics;
	/** By name. */
	readonly workflows: readonly (RunStatistics & {readonly workflow: string})[];
}

export interface RunStatistics {
	/** Runs that ended. */
	readonly runs: number;
	readonly completed: number;
	readonly failed: number;
	readonly cancelled: number;
	/** Completed of completed and failed ones, 0 to 1; null where there are none. */
	readonly successRate: number | null;
	/** From start to end; null where none has ended. */
	readonly p50Ms: number | null;
	readonly p95Ms: number | null;
	/** USD of all runs whose cost is known. */
	readonly costUsd: number;
	readonly runsOfUnknownCost: number;
}

/** Answer of `POST /v1/runs/prune`. */
export interface PrunedRuns {
	readonly runs: number;
	/** What triggers fired that was kept so that what comes again is known; kept for a week at least. */
	readonly firings: number;
	readonly isDryRun: boolean;
}

/** Answer of `POST /v1/runs/compact`. */
export interface CompactedRuns {
	readonly runs: number;
	/** Events that were put together. */
	readonly events: number;
}

/** Answer of `GET /v1/runs/:id/recording`: what the agents of a run answered, with its secrets masked. */
export interface RunRecording {
	readonly runId: string;
	readonly workflow: {readonly name: string; readonly file: string};
	/** Ids of all its steps, in file order. */
	readonly steps: readonly string[];
	readonly answers: readonly RecordedAnswer[];
	/** What is missing from them and why. */
	readonly warnings: readonly string[];
	/** Runs of sub-workflows; each has a recording of its own. */
	readonly childRunIds: readonly string[];
}

/** Answer of `GET /v1/runs/:id/rollback`: what a rollback would undo, in this order. */
export interface RollbackPlan {
	readonly targets: readonly UndoTarget[];
}

/** Answer of `GET /v1/runs/:id/steps/:stepId/output`; with `follow`, each chunk is a line, the last line is `{"end":true}`. */
export interface OutputPage {
	readonly attempt: number;
	readonly chunks: readonly OutputChunk[];
	readonly stdoutBytes: number;
	readonly stderrBytes: number;
	/** Whether the step has ended, so that no more will come. */
	readonly isEnded: boolean;
}

/** Answer of `GET /v1/runs/:id/steps/:stepId/request`: what a step, or an item of it, was asked to do. */
export interface StepRequest {
	readonly attempt: number;
	/** The prompt, or the script as it is written; secrets masked. Null: there is neither, or it is cleared away. */
	readonly text: string | null;
	/** False where the rest is left out. */
	readonly isWhole: boolean;
	/** Names of the variables that the workflow and the step set; never their values. */
	readonly environment: readonly string[];
}

export interface OutputChunk {
	readonly stream: 'stdout' | 'stderr';
	/** Byte offset of the first byte of `text` in its stream. */
	readonly offset: number;
	/** Byte offset after it: where to go on. */
	readonly nextOffset: number;
	/** Secrets masked, bytes that are no UTF-8 replaced. */
	readonly text: string;
}

/**
 * Server-Sent Events of `GET /v1/events`, by their `event:` name.
 * First `snapshot` messages up to one with `isLast`, then `journal` messages (with `id:` = cursor) without a gap.
 * A client that sends `Last-Event-ID` gets no snapshot, only what came after, unless that is out of retention.
 */
export type StreamMessage =
	| {readonly kind: 'snapshot'; readonly data: SnapshotPage}
	| {readonly kind: 'journal'; readonly data: WireEvent}
	| {readonly kind: 'hint'; readonly data: Hint};

export interface SnapshotPage {
	/** The journal position this snapshot shows. */
	readonly cursor: number;
	/** Every open run and the newest ended ones, newest first. */
	readonly runs: readonly RunState[];
	readonly isLast: boolean;
}

/** Never journalled, has no id, may be dropped. */
export interface Hint {
	readonly type: 'output.grew';
	readonly runId: string;
	readonly stepId: string;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	readonly stdoutBytes: number;
	readonly stderrBytes: number;
}

/** Answer of `GET /v1/costs/summary`. */
export interface CostSummary {
	readonly by: 'workflow' | 'agent' | 'model' | 'step' | 'day' | 'hour' | 'minute';
	/** The dearest first; days, hours and minutes in order, those in which nothing was used left out. */
	readonly rows: readonly CostSummaryRow[];
	readonly total: CostSummaryRow;
}

export interface CostSummaryRow {
	/** Null: the agent did not name its model. Of a time: `2026-11-21`, `2026-11-21T14`, `2026-11-21T14:05` by the daemon's clock. */
	readonly name: string | null;
	/** USD; null: some of it is unknown. */
	readonly costUsd: number | null;
	readonly knownCostUsd: number;
	/** Entries whose cost is unknown. */
	readonly unknown: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** Attempts that used anything. */
	readonly requests: number;
}

/** A line of the ledger: answer of `GET /v1/costs`. */
export interface CostLine {
	/** ISO-8601 UTC. */
	readonly at: string;
	readonly runId: string;
	readonly workflow: string;
	readonly stepId: string;
	readonly item: number | null;
	readonly attempt: number;
	readonly agent: string;
	readonly model: string | null;
	/** Prompt tokens, cached ones included; null: not reported with this line. */
	readonly input: number | null;
	readonly cachedInput: number | null;
	readonly output: number | null;
	/** USD; null: unknown. */
	readonly costUsd: number | null;
	/** Who said what it costs. */
	readonly costSource: 'agent' | 'prices' | 'file' | 'none';
}

/** Answer of `GET /v1/costs/limits`. */
export interface CostLimitView {
	readonly scope: 'workflow' | 'agent' | 'model' | 'workspace' | 'global';
	readonly name: string;
	readonly period: 'hour' | 'day' | 'week' | 'month';
	/** Extensions included; null: no limit in money. */
	readonly usd: number | null;
	readonly tokens: number | null;
	readonly requests: number | null;
	readonly spentUsd: number;
	readonly spentTokens: number;
	readonly spentRequests: number;
	/** Entries whose cost is unknown. */
	readonly unknown: number;
	readonly remainingUsd: number | null;
	readonly onExceed: 'pause' | 'downgrade' | 'stop';
	readonly resetsAt: string;
}

/** Answer of `POST /v1/costs/estimate`. */
export interface CostEstimate {
	readonly workflow: string;
	readonly steps: readonly StepEstimate[];
	/** USD; null: some steps cannot be estimated. */
	readonly likelyUsd: number | null;
	/** USD of the steps that can. */
	readonly knownUsd: number;
	readonly unknownSteps: readonly string[];
}

export interface StepEstimate {
	readonly stepId: string;
	/** The first that it may use. */
	readonly agent: string;
	readonly model: string | null;
	/** Null: it has none, or how many is not known before the run. */
	readonly items: number | null;
	readonly eachUsd: number | null;
	readonly likelyUsd: number | null;
}

/** Answer of `GET /v1/runs/:id/forecast`. */
export interface CostForecast {
	/** USD that are known. */
	readonly spentUsd: number;
	/** USD in the end; null: some of it cannot be told. */
	readonly likelyUsd: number | null;
	/** USD in the end, of what can be told. */
	readonly knownUsd: number;
	readonly budgetUsd: number | null;
	/** Id of the step in which the budget is used up; null: in none. */
	readonly crossesIn: string | null;
	/** Steps that cannot be estimated. */
	readonly unknownSteps: readonly string[];
}

/** Answer of `POST /v1/events/emit`: durable when it is sent. */
export interface EmittedEvent {
	readonly id: string;
	readonly name: string;
	readonly workspace: string;
	readonly taint: string | null;
	/** One for each armed trigger that heard it. A run whose `if:` turns out false never begins. */
	readonly runs: readonly {
		readonly runId: string;
		readonly workflow: string;
		readonly file: string;
		readonly trigger: string;
		/** The trigger had heard this id before: nothing is started again. */
		readonly isKnown: boolean;
	}[];
	/** Files of the workspace changed since a person trusted it: none of its triggers fires. */
	readonly waitsForTrust: boolean;
}

/** Answer of `GET /v1/triggers`. */
export interface TriggersPage {
	readonly workspaces: readonly ArmedWorkspaceView[];
	readonly triggers: readonly TriggerView[];
}

/** A workspace whose triggers a person wants to fire. */
export interface ArmedWorkspaceView {
	readonly workspace: string;
	/** Its files changed since a person trusted it: none of its triggers fires before that. */
	readonly waitsForTrust: boolean;
	/** Workflows with triggers that cannot be read, and the first reason. */
	readonly invalid: readonly {readonly file: string; readonly message: string}[];
}

/** An armed trigger. */
export interface TriggerView {
	/** Names it over restarts. */
	readonly key: string;
	readonly workspace: string;
	readonly file: string;
	readonly workflow: string;
	/** In its file: `schedule`, `schedule-2`. */
	readonly id: string;
	readonly kind: TriggerKind;
	/** Its settings in a few words: `0 9 * * 1-5`, `/github (github)`. */
	readonly settings: string;
	readonly if: string | null;
	/** Received, with a run that has not begun. */
	readonly pending: number;
	/** Runs of it that have not ended. */
	readonly openRuns: readonly string[];
	/** The newest first. */
	readonly firings: readonly FiringView[];
}

export interface FiringView {
	readonly id: string;
	readonly at: string;
	/** `started`: the run goes on. */
	readonly status: 'pending' | 'started' | 'ended' | 'skipped' | 'failed';
	/** Where it was skipped or failed no such run has begun. */
	readonly runId: string;
	/** Why it was skipped, or what failed. */
	readonly detail: string | null;
	readonly taint: string | null;
}

/** A schedule of a workspace, as `GET /v1/schedules` tells of it. Moments are ISO-8601 UTC. */
export interface ScheduleView {
	/** Of its workflow; `nightly/schedule-2` where that has several. */
	readonly name: string;
	readonly workspace: string;
	/** Absolute. */
	readonly file: string;
	readonly workflow: string;
	/** Its id in the file. */
	readonly trigger: string;
	readonly cron: string;
	/** The same in plain English; null for what is not common. */
	readonly words: string | null;
	/** IANA name. */
	readonly timezone: string;
	readonly overlap: Overlap;
	readonly catchUp: 'one' | 'all' | 'skip';
	/** `unarmed`: nobody trusted its workspace. `untrusted`: its files changed since. Only an armed one fires. */
	readonly state: 'armed' | 'paused' | 'unarmed' | 'untrusted';
	/** Null: it does not fire. */
	readonly nextAt: string | null;
	/** The latest of its moments that came, whatever became of it. */
	readonly lastAt: string | null;
	/** Moments that got no run because nobody was there to fire them. */
	readonly missed: number;
	readonly paused: DisabledView | null;
	/** The next ones from now, whether it would fire then or not; fewer than were asked for: it ends. */
	readonly coming: readonly string[];
}

export interface SchedulesPage {
	readonly schedules: readonly ScheduleView[];
}

export interface ScheduleDetails extends ScheduleView {
	/** The newest first. */
	readonly firings: readonly ScheduleFiring[];
}

/** Something that a schedule fired. */
export interface ScheduleFiring {
	readonly firing: string;
	readonly at: string;
	/** Of the run that it began, or would have. */
	readonly runId: string;
	/** `started`: its run is open. */
	readonly status: 'pending' | 'started' | 'ended' | 'skipped' | 'failed';
	/** The moment it was for. */
	readonly scheduledAt: string | null;
	/** Why there is no run. */
	readonly detail: string | null;
}

/** A queue that armed triggers consume, or an embedded one that holds something. Counts are null where its server did not say. */
export interface QueueView {
	readonly queue: string;
	readonly backend: QueueBackendKind;
	readonly isPaused: boolean;
	readonly ready: number | null;
	/** Waiting for their next attempt. */
	readonly delayed: number | null;
	/** Delivered, and without an end: what this daemon has, or more where the server knows of others. */
	readonly working: number;
	readonly dead: number | null;
	/** Why its server could not be asked. */
	readonly problem: string | null;
	readonly consumers: readonly QueueConsumerView[];
}

/** A trigger that consumes it. */
export interface QueueConsumerView {
	readonly workspace: string;
	readonly file: string;
	readonly workflow: string;
	readonly trigger: string;
	readonly concurrency: number;
	readonly working: number;
	/** `waiting`: its server is tried again at `retryAt`. */
	readonly connection: 'connecting' | 'connected' | 'waiting' | 'paused';
	readonly detail: string | null;
	readonly retryAt: string | null;
}

/** Answer of `POST /v1/queues/:name/messages`: the message is as durable as its server makes it. */
export interface PublishedMessage {
	readonly queue: string;
	readonly backend: QueueBackendKind;
	readonly id: string;
	/** There was one of this id already; RabbitMQ never says so. */
	readonly isKnown: boolean;
}

export interface DeadLetterView {
	readonly id: string;
	readonly body: unknown;
	readonly priority: Priority;
	/** The last one. */
	readonly attempt: number;
	/** How often it came back. */
	readonly replays: number;
	readonly reason: string;
	readonly diedAt: string | null;
}

/** Answer of `GET /v1/deliveries`. */
export interface DeliveriesPage {
	/** Of the whole outbox. */
	readonly counts: {readonly queued: number; readonly delivered: number; readonly dead: number};
	/** The newest first. */
	readonly deliveries: readonly DeliveryView[];
}

/** An outgoing webhook. */
export interface DeliveryView {
	/** Its receiver gets it as `webhook-id`, on every try the same. */
	readonly id: string;
	readonly runId: string;
	readonly workflow: string;
	readonly workspace: string;
	/** Null for a notification. */
	readonly step: string | null;
	readonly item: number | null;
	/** The event that a notification tells of. */
	readonly cause: string | null;
	/** Where to, without what may be secret. */
	readonly to: string;
	/** `dead`: it was given up, and waits for a person. */
	readonly status: 'queued' | 'delivered' | 'dead';
	readonly queuedAt: string;
	/** Of the next try; null: there is none. */
	readonly nextAt: string | null;
	readonly expiresAt: string;
	readonly settledAt: string | null;
	/** Since it was queued, or replayed last. */
	readonly tries: number;
	readonly triesMax: number;
	/** How often it came back. */
	readonly replays: number;
	/** Of the last answer. */
	readonly httpStatus: number | null;
	/** Of the last try. */
	readonly failure: Failure | null;
}

/** One with what is sent; what is in its secrets is nowhere to be read. */
export interface DeliveryDetails extends DeliveryView {
	/** Null once it is delivered. */
	readonly request: {
		readonly method: string;
		readonly url: string;
		readonly headers: Readonly<Record<string, string>>;
		/** Name of the secret that signs it. */
		readonly secret: string | null;
		readonly body: string;
	} | null;
}
