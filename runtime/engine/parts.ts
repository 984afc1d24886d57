import type {Failure} from '../../source/errors.ts';
import type {AgentMark, BudgetRef, NewEvent, Origin, StepText, Tokens} from '../../source/run/events.ts';
import type {UnitState} from '../../source/run/state.ts';
import type {ToolDefinition, ToolImplementation} from '../../source/tools/definition.ts';
import type {MicroUsd} from '../../source/units.ts';
import type {BudgetSettings} from '../../source/workflow/budget.ts';
import type {
	RoutingStrategy,
	RoutingWish,
	StepDefinition,
	WorkflowDefinition,
} from '../../source/workflow/definition.ts';
import type {DirectWork} from '../../source/workflow/direct-work.ts';
import type {GivenTool} from '../../source/workflow/given-tools.ts';
import type {OutgoingRequest} from '../../source/workflow/outgoing.ts';
import type {PermissionRules} from '../../source/workflow/permissions.ts';

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
	/** The step's own prompt, without what an agent is told about attempts before it: what recordings are about. */
	readonly stepPrompt?: string;
	/** Webhook steps only. */
	readonly outgoing?: OutgoingRequest;
	/** The run replays a recording: nothing of it may be sent to anybody. */
	readonly isReplay?: boolean;
	readonly model?: string;
	/** What a direct step does; missing where it is not known yet which tool does it. */
	readonly work?: DirectWork;
	/** What it asks for, without secrets: `GET example.com/items`. */
	readonly target?: string;
	/** The evaluated arguments of a direct step: what its result depends on. */
	readonly callArguments?: unknown;
	/** Of them, their secrets masked. */
	readonly argumentsSha256?: string;
	readonly agent?: string;
	/** Missing: `ask`. */
	readonly access?: 'ask' | 'read-only';
	/** Agent steps only: tools that the agent is given, and the secrets their files may name; missing: none. */
	readonly given?: {readonly tools: readonly GivenTool[]; readonly secrets: Readonly<Record<string, string>>};
	/** Whether what an agent changes in the workspace is kept for a recording. */
	readonly record?: boolean;
	/** A session to go on with, whose process vanished. */
	readonly resume?: {readonly sessionId: string; readonly countedMicroUsd: MicroUsd; readonly countedTokens?: Tokens};
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
	/** Holds the agent where it is, or lets it go on: nothing more is spent meanwhile. @returns Whether it can be held. */
	hold?(isHeld: boolean): Promise<boolean>;
	/** Hands the answer to a permission to a waiting agent; null cancels the request. */
	answerPermission?(approvalId: string, optionId: string | null): Promise<void>;
}

export type AttemptOutcome =
	| {
			readonly status: 'completed';
			readonly outputs: Readonly<Record<string, unknown>>;
			readonly text?: StepText;
			readonly agent?: AgentMark;
			/** Of a tool step: whom it asked, in order. */
			readonly tries?: readonly ToolTry[];
	  }
	| {
			readonly status: 'failed';
			readonly failure: Failure;
			readonly exitCode?: number;
			readonly outputs?: Readonly<Record<string, unknown>>;
			readonly text?: StepText;
			readonly agent?: AgentMark;
			readonly tries?: readonly ToolTry[];
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
	 * @returns The best agent that can work now: by the routing wish, else the first healthy one of the list.
	 * @throws AiworkflowError `agent.unknown`, `agent.unreachable`, `agent.unroutable`, `workspace.untrusted`.
	 */
	choose(request: ChoiceRequest): Promise<AgentChoice>;
	/** @returns The agents that a list stands for: `auto` is every built-in one that is installed. */
	namesOf(
		workspace: string,
		agents: readonly string[],
		environment: Readonly<Record<string, string>>,
	): Promise<readonly string[]>;
	/** Names of environment variables the agents of a workflow declare that they need. */
	environmentNames(workspace: string, agents: readonly string[]): Promise<readonly string[]>;
}

export interface ChoiceRequest {
	readonly workspace: string;
	/** In order of preference; `auto` stands for every built-in agent that is installed. */
	readonly agents: readonly string[];
	readonly routing?: RoutingWish;
	/** Not to be chosen, with the reason: a breaker is open, it failed already, it is over its budget. */
	readonly excluded: ReadonlyMap<string, Omit<PassedOver, 'agent'>>;
	readonly environment: Readonly<Record<string, string>>;
	/** As the step names it. */
	readonly model?: string;
	/** Of the prompt, for estimates. */
	readonly promptCharacters: number;
	/** Whether only an agent will do that can be held to reading. */
	readonly readOnly: boolean;
	/** Whether only an agent will do that can be given tools. */
	readonly needsTools?: boolean;
	/** Attempts that an agent has running. */
	readonly loadOf: (agent: string) => number;
	/** 0 to 1. */
	readonly random: number;
}

export interface AgentChoice {
	readonly agent: string;
	/** Where its profile names one and the step does not. */
	readonly model?: string;
	/** Those that would have come before it. */
	readonly passedOver: readonly PassedOver[];
	/** Where there was something to weigh. */
	readonly route?: RouteRecord;
}

export interface PassedOver {
	readonly agent: string;
	readonly reason: FailoverReason;
	readonly detail: string;
}

/** Why another agent takes over. */
export type FailoverReason =
	| 'initialisation-failed'
	| 'health-check-failed'
	| 'step-failed'
	| 'timed-out'
	| 'breaker-open'
	| 'rate-limited'
	| 'over-budget'
	| 'disabled'
	| 'unsuitable';

/** A decision of the router, as the journal keeps it. */
export interface RouteRecord {
	readonly strategy: RoutingStrategy;
	/** The best first; those that were not eligible last. */
	readonly candidates: readonly RouteCandidate[];
}

export interface RouteCandidate {
	readonly agent: string;
	/** 0 to 1, the higher the better; null: not eligible. */
	readonly score: number | null;
	/** What the score is made of, by name, each 0 to 1. */
	readonly parts: Readonly<Record<string, number>>;
	/** Why it is not eligible. */
	readonly excluded?: string;
}

/** Everything about money; an engine without it counts nothing and holds nobody to a budget. */
export interface MoneyParts {
	readonly prices: Prices;
	readonly ledger: Ledger;
	readonly budgets: BudgetBook;
	readonly estimates: Estimates;
}

/** Limits that hold for more than one run, and what persons added to them. */
export interface BudgetBook {
	/** Of the workspace's and the user's settings. @throws AiworkflowError `settings.invalid`. */
	limitsOf(workspace: string): readonly ScopedBudget[];
	/** What was added to a limit in its present period; `undefined`: nothing. */
	extendedSince(budget: BudgetRef, sinceMs: number): number | undefined;
	/** Called for each `budget.extended`, within its transaction. */
	extend(entry: {
		readonly cursor: number;
		readonly atMs: number;
		readonly budget: BudgetRef;
		readonly by: number;
	}): void;
}

export interface ScopedBudget {
	readonly scope: 'workflow' | 'agent' | 'model' | 'workspace' | 'global';
	/** Missing: each of them by itself. */
	readonly name?: string;
	readonly settings: BudgetSettings;
}

/** What an attempt will cost. */
export interface Estimates {
	/** Never throws. */
	attempt(request: {
		readonly workspace: string;
		readonly workflow: string;
		readonly stepId: string;
		readonly agent: string;
		readonly model?: string;
		readonly promptCharacters: number;
		readonly atMs: number;
	}): {readonly microUsd: MicroUsd | null; readonly isCostKnown: boolean; readonly inputTokens: number};
}

/** What tokens cost. */
export interface Prices {
	/** Reads nothing but what it has in memory and, now and then, the user's own price files. Never throws. */
	priceOf(usage: PriceableUsage): {
		readonly costMicroUsd: MicroUsd | null;
		readonly costSource: 'prices' | 'file' | 'none';
	};
}

export interface PriceableUsage {
	readonly workspace: string;
	readonly agent: string;
	readonly model?: string;
	readonly provider?: string;
	/** `null`: not reported; only a price for a request can then be told. */
	readonly tokens: Tokens | null;
	readonly atMs: number;
}

/** What was spent, over all runs: a projection of `usage.recorded`. */
export interface Ledger {
	/** Called for each `usage.recorded`, within its transaction. */
	write(entry: LedgerEntry): void;
	/** What was spent since a moment, including it. */
	spentSince(filter: LedgerFilter, sinceMs: number): Spent;
	/** What earlier attempts of that step cost, with the same agent and model where they are given. */
	history(step: {
		readonly workflow: string;
		readonly stepId: string;
		readonly agent?: string;
		readonly model?: string;
	}): {readonly attempts: number; readonly meanMicroUsd: MicroUsd; readonly maxMicroUsd: MicroUsd} | undefined;
}

export interface LedgerEntry {
	readonly cursor: number;
	readonly atMs: number;
	readonly runId: string;
	readonly workflow: string;
	readonly workspace: string;
	readonly stepId: string;
	readonly item?: number;
	readonly attempt: number;
	readonly agent: string;
	readonly model?: string;
	readonly tokens: Tokens | null;
	/** `null`: unknown. */
	readonly costMicroUsd: MicroUsd | null;
	readonly costSource: 'agent' | 'prices' | 'file' | 'none';
	readonly units?: Readonly<Record<string, number>>;
}

/** All that are given must fit. */
export interface LedgerFilter {
	readonly runId?: string;
	readonly stepId?: string;
	readonly workflow?: string;
	readonly workspace?: string;
	readonly agent?: string;
	readonly model?: string;
}

export interface Spent {
	/** Of everything whose cost is known. */
	readonly microUsd: MicroUsd;
	/** Entries whose cost is unknown. */
	readonly unknown: number;
	readonly inputTokens: number;
	readonly outputTokens: number;
	/** Attempts that used anything. */
	readonly requests: number;
	/** Other units, by name. */
	readonly units: Readonly<Record<string, number>>;
}

/** Tools as their files describe them. The daemon only reads them; they are opened by the processes of attempts. */
export interface ToolRegistry {
	/**
	 * The tool that a workflow means by a name: that of its own folder, else that of the workspace.
	 *
	 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`.
	 */
	find(scope: {readonly workspace: string; readonly bundleFolder?: string}, name: string): Promise<ToolDefinition>;
	/** What these tools take from the environment of whoever starts a run. */
	needsOf(
		scope: {readonly workspace: string; readonly bundleFolder?: string},
		names: readonly string[],
	): Promise<{readonly environment: readonly string[]; readonly secrets: readonly string[]}>;
	/**
	 * @param agent Missing: a step without one.
	 * @returns The implementations to ask, in this order. At least one.
	 * @throws AiworkflowError `tool.unsuitable`, `tool.circuit-open` where their breakers let nothing through.
	 */
	choose(definition: ToolDefinition, agent?: string): readonly ToolImplementation[];
	/** These are asked now: of one whose breaker is half open, this is its try. */
	begin(definition: ToolDefinition, implementations: readonly ToolImplementation[]): void;
	/** What came of it; those of `begun` that were not asked are let go. */
	record(definition: ToolDefinition, begun: readonly ToolImplementation[], tries: readonly ToolTry[]): void;
}

/** What came of asking one implementation of a tool. */
export interface ToolTry {
	/** Its id. */
	readonly implementation: string;
	/** Missing: it answered. */
	readonly failure?: Failure;
	readonly latencyMs: number;
}

/** A tool that a step was given. */
export interface ChosenTool {
	readonly definition: ToolDefinition;
	/** Those that may be asked, in this order. */
	readonly implementations: readonly ToolImplementation[];
	/** Read as `secrets.X` in its file. */
	readonly secretNames: readonly string[];
	/** `<tool>/<implementation>` of the first of them. */
	readonly name: string;
}

/** Whose breaker it is, and whose health. */
export const toolBreakerNameOf = (tool: string, implementation: string): string => `${tool}/${implementation}`;

/** What says that the tool itself, and not what it was asked for, is the matter. */
export const toolFaults: ReadonlySet<string> = new Set([
	'tool.unreachable',
	'tool.unauthenticated',
	'tool.rate-limited',
	'tool.answer-invalid',
	'tool.answer-too-large',
	'attempt.timed-out',
	// It took its process along.
	'step.crashed',
]);

/** Whether an agent or a tool is given attempts, after those that failed in a row. */
export interface Breakers {
	allows(kind: 'agent' | 'tool', name: string): boolean;
	/** Unix milliseconds until which nothing is given to it. */
	untilMs(kind: 'agent' | 'tool', name: string): number | undefined;
	/** The code of the failure that opened it, where it is open. */
	reasonOf(kind: 'agent' | 'tool', name: string): string | undefined;
	/** @returns Names of those that are given nothing, or one attempt to try, by name. */
	openOnes(kind: 'agent' | 'tool'): readonly string[];
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

/** Who decided that an agent is given no new attempts. */
export interface DisabledAgent {
	readonly name: string;
	readonly atMs: number;
	readonly origin: Origin;
	/** In their words. */
	readonly reason: string | null;
}

/** Agents that a person wants given no new attempts; what they have begun goes on. */
export interface AgentSwitches {
	/** @returns `undefined`: it is not disabled. */
	disabledOf(name: string): DisabledAgent | undefined;
	/** By name. */
	all(): readonly DisabledAgent[];
	/** Durable with the next commit; once more replaces who and why. */
	disable(name: string, origin: Origin, reason?: string): void;
	/** @returns False: it was not disabled. */
	enable(name: string, origin: Origin): boolean;
	/** The one that a person wants asked first, wherever it is among those that a step may ask. */
	preferred(): string | undefined;
	/** Durable with the next commit. @param name `undefined`: none any more. */
	prefer(name: string | undefined, origin: Origin): void;
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

/** What the settings of a workspace and of the user let agents do without asking. */
export interface WorkspaceRules {
	/** Of a workspace only where it is trusted. @throws AiworkflowError `settings.invalid`. */
	permissionsOf(workspace: string): Promise<readonly PermissionRules[]>;
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
