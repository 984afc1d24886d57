import type {Failure} from '../../source/errors.ts';
import type {AgentMark, NewEvent, StepText} from '../../source/run/events.ts';
import type {UnitState} from '../../source/run/state.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';

/** What the engine needs from the rest of the daemon. Rooms fit these; `daemon.ts` wires them. */

export interface Clock {
	/** Unix milliseconds. */
	now(): number;
	/** Calls back at or after a moment, however far away; returns a function that takes it back. */
	at(atMs: number, callback: () => void): () => void;
}

/** Everything a step's process needs to know; evaluated, nothing left to interpolate. */
export interface AttemptContext {
	readonly runId: string;
	readonly stepId: string;
	/** Unique in the run, safe as a folder name, the same on every attempt. */
	readonly stepKey: string;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	/** Of the step, from 1. */
	readonly generation: number;
	readonly attempt: number;
	/** Private folder of this attempt; may not exist yet. */
	readonly folder: string;
	readonly workspace: string;
	/** Folder of the workflow file. */
	readonly bundleFolder: string;
	readonly definition: WorkflowDefinition;
	readonly step: StepDefinition;
	/** The step or item as it stands in the journal, attempts included. */
	readonly state: UnitState;
	/** Absolute. */
	readonly cwd: string;
	/** The whole environment of the process. */
	readonly environment: Readonly<Record<string, string>>;
	readonly stdin?: string;
	/** Agent steps only. */
	readonly prompt?: string;
	readonly model?: string;
	readonly agent?: string;
	/** Unix milliseconds; the executor ends the attempt then, with `attempt.timed-out`. */
	readonly deadlineAtMs?: number;
	/** Values that must not appear in an output. */
	readonly secrets: readonly string[];
}

/** Journals what an attempt reports while it runs; resolves when it is durable. */
export type Report = (events: readonly NewEvent[]) => Promise<void>;

export interface AttemptHandle {
	/** Never rejects: a defect of an executor becomes a failed outcome. */
	readonly outcome: Promise<AttemptOutcome>;
	/** Ends the attempt: asks, then kills. `outcome` follows. */
	stop(): void;
	/** Hands the answer to a permission to a waiting agent; null cancels the request. */
	answerPermission?(approvalId: string, optionId: string | null): Promise<void>;
}

export type AttemptOutcome =
	| {
			readonly status: 'completed';
			readonly outputs: Readonly<Record<string, unknown>>;
			readonly text?: StepText;
			readonly agent?: AgentMark;
	  }
	| {
			readonly status: 'failed';
			readonly failure: Failure;
			readonly exitCode?: number;
			readonly outputs?: Readonly<Record<string, unknown>>;
			readonly text?: StepText;
			readonly agent?: AgentMark;
	  }
	/** It was stopped because the engine asked. */
	| {readonly status: 'cancelled'; readonly text?: StepText}
	/** It is gone without an outcome: never begun, or vanished with its machine. */
	| {readonly status: 'interrupted'; readonly reason: 'never-claimed' | 'vanished'};

/** Runs the attempts of one kind of step. */
export interface AttemptExecutor {
	/** The attempt is durable in the journal when this is called. */
	start(context: AttemptContext, report: Report): AttemptHandle;
	/** After a restart: finds the attempt again, alive or ended; `interrupted` where it never began or is gone. */
	reattach(context: AttemptContext, report: Report): AttemptHandle;
}

/** Chooses the agent of a step before its attempt is journalled. */
export interface AgentChooser {
	/**
	 * @returns The id of the first healthy agent of the list.
	 * @throws AiworkflowError `agent.unknown`, `agent.unreachable`, `workspace.untrusted`.
	 */
	choose(request: {
		readonly workspace: string;
		readonly agents: readonly string[];
		readonly environment: Readonly<Record<string, string>>;
	}): Promise<string>;
	/** Names of environment variables the agents of a workflow declare that they need. */
	environmentNames(workspace: string, agents: readonly string[]): Promise<readonly string[]>;
}

/** Whether an agent or a tool is given attempts, after those that failed in a row. */
export interface Breakers {
	allows(kind: 'agent' | 'tool', name: string): boolean;
	/** Unix milliseconds until which nothing is given to it. */
	untilMs(kind: 'agent' | 'tool', name: string): number | undefined;
	/** An attempt was given to it. */
	begin(kind: 'agent' | 'tool', name: string): void;
	/** That attempt says nothing: it was cancelled. */
	letGo(kind: 'agent' | 'tool', name: string): void;
	stateOf(
		kind: 'agent' | 'tool',
		name: string,
	): {readonly state: 'closed' | 'open' | 'half-open'; readonly failures: number; readonly untilMs: number | null};
	/** @param failure `undefined`: it worked. */
	record(kind: 'agent' | 'tool', name: string, failure: Failure | undefined): void;
}

/** Results of steps with `cache:`, for later runs. */
export interface ResultCache {
	/** @returns A digest of the names and contents of what the globs match. */
	filesDigest(cwd: string, globs: readonly string[]): Promise<string>;
	/** @param maxAgeMs Older ones are no good. */
	read(key: string, maxAgeMs: number | undefined): CachedResult | undefined;
	write(key: string, result: Omit<CachedResult, 'at'> & {readonly stepId: string}): void;
}

export interface CachedResult {
	/** The run that found it. */
	readonly runId: string;
	/** ISO-8601. */
	readonly at: string;
	readonly outputs: Readonly<Record<string, unknown>>;
	readonly text?: StepText;
	readonly agent?: AgentMark;
}

/** Saves what a step is about to change, and brings it back. */
export interface Snapshots {
	/** Idempotent. @throws AiworkflowError `snapshot.failed` and the like. */
	capture(folder: string, request: SnapshotRequest): Promise<{readonly files: number; readonly bytes: number}>;
	/** Idempotent; killed in the middle and called again it ends in the same state. */
	restore(folder: string): Promise<unknown>;
}

export type SnapshotRequest =
	| {readonly kind: 'files'; readonly workspace: string; readonly cwd: string; readonly paths: readonly string[]}
	| {readonly kind: 'git'; readonly workspace: string; readonly cwd: string};
