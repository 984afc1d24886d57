import type {UndoTarget, WireEvent} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import type {ApprovalView, RunSummaryView, RunView} from '../run/views.ts';

/** Types of answers and stream messages that have no schema to check: the daemon is their only writer. */

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

/** An agent as `GET /v1/agents` tells of it. */
export interface AgentView extends AgentHealth {
	/** Null while nothing speaks against it. */
	readonly breaker: BreakerView | null;
}

/** Whether it is given attempts, after those that failed in a row. */
export interface BreakerView {
	readonly state: 'closed' | 'open' | 'half-open';
	/** In a row. */
	readonly failures: number;
	/** When one attempt may try again; null where it is not open. */
	readonly untilAt: string | null;
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
	readonly isDryRun: boolean;
}

/** Answer of `POST /v1/runs/compact`. */
export interface CompactedRuns {
	readonly runs: number;
	/** Events that were put together. */
	readonly events: number;
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
