import type {BudgetSettings} from './budget.ts';
import type {GivenTool} from './given-tools.ts';
import type {OutgoingMethod} from './outgoing.ts';
import type {PermissionRules} from './permissions.ts';
import type {Trigger} from './triggers.ts';

/**
 * A workflow file after parsing and validation: plain JSON, stored in the journal by content hash, pinned by each run.
 * Texts that may hold `${{ }}` are kept as written (`Template`) and evaluated when the step starts.
 */
export interface WorkflowDefinition {
	readonly name: string;
	readonly title?: string;
	readonly description?: string;
	readonly version?: string;
	readonly inputs: Readonly<Record<string, InputDefinition>>;
	readonly outputs: Readonly<Record<string, Template>>;
	readonly env: Readonly<Record<string, Template>>;
	/** Agents in order of preference; empty: the step's own, else the run's `--agent`, else an error. */
	readonly agents: readonly string[];
	/** How one of several agents is chosen; missing: the first that can. */
	readonly routing?: RoutingWish;
	readonly model?: string;
	/** Of one run each, or of all runs of this workflow within a period. */
	readonly budgets?: readonly BudgetSettings[];
	/** What agents may do without asking. */
	readonly permissions?: PermissionRules;
	/** What its agents are given; missing: none. */
	readonly tools?: readonly GivenTool[];
	/** Of the whole run. */
	readonly timeoutMs?: number;
	readonly concurrency?: ConcurrencySettings;
	readonly passEnv: readonly string[];
	/** Names read as `secrets.X` anywhere in the file. */
	readonly secretNames: readonly string[];
	/** What starts a run by itself; missing: nothing does. */
	readonly triggers?: readonly Trigger[];
	/** In file order. */
	readonly steps: readonly StepDefinition[];
	/** Where a `config.yaml` of a bundle stands beside the file; what it sets is in the other fields already. */
	readonly bundle?: BundleOrigin;
}

/** Text with `${{ }}` expressions in it, as written in the file. */
export type Template = string;
/** An expression without its `${{ }}`. */
export type Expression = string;

/** The bundle that a workflow belongs to. */
export interface BundleOrigin {
	readonly name: string;
	readonly version?: string;
	readonly requires: BundleRequirements;
	/** What its `defaults:` set, in words. */
	readonly defaults: readonly string[];
}

/** Names of what must be there before a run begins. */
export interface BundleRequirements {
	readonly commands: readonly string[];
	/** Environment variables of whoever starts the run. */
	readonly env: readonly string[];
	readonly agents: readonly string[];
	readonly tools: readonly string[];
}

export interface InputDefinition {
	readonly type: InputType;
	readonly required: boolean;
	readonly default?: unknown;
	readonly description?: string;
	readonly enum?: readonly unknown[];
	/** A JavaScript regular expression the whole string must match. */
	readonly pattern?: string;
}

export type InputType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** Runs of one group do not overlap. */
export interface ConcurrencySettings {
	/** May read `inputs`, `run.workflow` and `run.workspace`. */
	readonly group: Template;
	readonly overlap: Overlap;
}

export type Overlap = 'queue' | 'skip' | 'cancel-previous';

export type StepDefinition = ScriptStep | AgentStep | ApprovalStep | WaitStep | UsesStep | DirectStep | WebhookStep;
export type StepKind = StepDefinition['kind'];

/** Steps that need neither an agent nor a script: one call, done in a process of its own. */
export type DirectStep = ToolStep | HttpStep | TransformStep | SqlStep;

export const directKinds = ['tool', 'http', 'transform', 'sql'] as const satisfies readonly StepKind[];

export const isDirect = (step: StepDefinition): step is DirectStep => directKinds.some(kind => kind === step.kind);

export interface StepBase {
	readonly id: string;
	/** The heading's text. */
	readonly title: string;
	/** 1-based line of the heading. */
	readonly line: number;
	/** Ids of the steps that must end first; already defaulted to the step above. */
	readonly needs: readonly string[];
	/** `undefined` means `success()`. */
	readonly if?: Expression;
	readonly env: Readonly<Record<string, Template>>;
	readonly cwd?: Template;
	readonly stdin?: Template;
	/** Of one attempt; of the wait, for a wait for a signal. */
	readonly timeoutMs?: number;
	/** Of the step: all its attempts and the waits between them. */
	readonly stepTimeoutMs?: number;
	/** How long an attempt may be silent. */
	readonly idleTimeoutMs?: number;
	readonly continueOnError: boolean;
	/** JSON Schema of the declared outputs (an object schema), made from the shorthand or taken as written. */
	readonly outputs?: OutputsSchema;
	readonly retry?: RetryPolicy;
	/** The step is done once for each item of the list; a template must give a list. */
	readonly foreach?: Template | readonly unknown[];
	/** The step is done once for each combination. Each axis is a list, or a template that gives one. */
	readonly matrix?: Readonly<Record<string, Template | readonly unknown[]>>;
	/** Items at once; missing: `limits.itemsParallelMax`. */
	readonly maxParallel?: number;
	/** One item that fails keeps the others from beginning and cancels those that run. */
	readonly failFast?: boolean;
	readonly repeat?: RepeatPolicy;
	/** For attempts that vanished with their machine; missing: `fail`. */
	readonly onInterrupt?: 'retry' | 'ask' | 'fail';
	readonly cache?: CacheSettings;
	/** A name that `runs rollback --to` knows: the state right after this step. */
	readonly savepoint?: string;
	/** What is snapshot before the step and restored by a rollback. */
	readonly undo?: {readonly kind: 'files'; readonly paths: readonly Template[]} | {readonly kind: 'git'};
	/** The `undo` fence. */
	readonly undoScript?: ScriptText;
	/** `undo: { tool: … }`: what is called to undo the step; it may read the step's own outputs. */
	readonly undoTool?: ToolCallSettings;
}

export interface RetryPolicy {
	/** Attempts after the first. */
	readonly max: number;
	readonly delayMs: number;
	readonly backoff: 'constant' | 'linear' | 'exponential';
	readonly maxDelayMs: number;
	/** Failure codes that are retried, `noun.*` for a family; empty: every failure that may pass. */
	readonly on: readonly string[];
}

export interface RepeatPolicy {
	/** Asked after each iteration; may read the step itself. */
	readonly until: Expression;
	/** Iterations. */
	readonly max: number;
}

export interface CacheSettings {
	/** Globs, relative to the working folder; what they match is part of the key. */
	readonly files: readonly Template[];
	/** One more part of the key. */
	readonly key?: Template;
	/** How long a result is good for; missing: for ever. */
	readonly maxAgeMs?: number;
}

export interface OutputsSchema {
	readonly type: 'object';
	readonly properties: Readonly<Record<string, unknown>>;
	readonly required: readonly string[];
	readonly [keyword: string]: unknown;
}

export type ScriptLanguage = 'sh' | 'bash' | 'python' | 'js' | 'ts';

export interface ScriptText {
	readonly language: ScriptLanguage;
	/** The fence's text, never interpolated. */
	readonly code: string;
	/** 1-based line of the fence's first code line. */
	readonly codeLine: number;
}

export interface ScriptStep extends StepBase, ScriptText {
	readonly kind: 'script';
}

export interface AgentStep extends StepBase {
	readonly kind: 'agent';
	readonly prompt: Template;
	/** Empty: the workflow's. */
	readonly agents: readonly string[];
	/** How one of several agents is chosen; missing: the workflow's, where it names agents as well. */
	readonly routing?: RoutingWish;
	readonly model?: Template;
	/** Of this step in one run. */
	readonly budgets?: readonly BudgetSettings[];
	/** What its agent may do without asking, besides what the workflow allows. */
	readonly permissions?: PermissionRules;
	/** What its agent is given, instead of what the workflow says; an empty list: none. */
	readonly tools?: readonly GivenTool[];
	readonly failover?: Partial<FailoverPolicy>;
}

/** What happens when an agent cannot do a step and there is another one. */
export interface FailoverPolicy {
	/** What the agent before it wrote: handed over, or taken back (by the step's `undo:`). */
	readonly changes: 'keep' | 'reset';
	/** Failure codes for which another agent takes over, `noun.*` for a family. */
	readonly on: readonly string[];
	/** How often, in one round of the agents. */
	readonly max: number;
	/** For how long the agents that took over are asked first. */
	readonly retryPrimaryAfterMs: number;
	/** A limit with a known reset: `next`, another agent where there is one, else wait; `wait`, always; `fail`, never. */
	readonly quota: 'next' | 'wait' | 'fail';
	/** The longest such wait. */
	readonly quotaMaxMs: number;
}

export const failoverDefaults: FailoverPolicy = {
	changes: 'keep',
	on: ['agent.*', 'attempt.timed-out', 'attempt.stalled', 'output.invalid', 'budget.exceeded'],
	max: 10,
	retryPrimaryAfterMs: 5 * 60_000,
	quota: 'next',
	quotaMaxMs: 6 * 3_600_000,
};

/** In a list of agents: every built-in one that is installed. */
export const autoAgent = 'auto';

/** `agent: { strategy: …, require: […] }`: which agents are good enough, and which of them is the best. */
export interface RoutingWish {
	/** Missing: that of the workspace's `.aiworkflow/agents.yaml`, else `priority`. */
	readonly strategy?: RoutingStrategy;
	/** Capabilities that an agent must have. */
	readonly require: readonly string[];
	/** Agents that win over equally good ones. */
	readonly prefer: readonly string[];
	readonly exclude: readonly string[];
	/** Estimated cost of one attempt, USD. */
	readonly maxCostUsd?: number;
	readonly maxLatencyMs?: number;
}

/** @returns How one of the agents of a step is chosen. A step with agents of its own has its own way as well. */
export const routingOf = (
	{routing}: Pick<WorkflowDefinition, 'routing'>,
	step: Pick<AgentStep, 'agents' | 'routing'>,
): RoutingWish | undefined => (step.agents.length > 0 || step.routing ? step.routing : routing);

export const routingStrategies = [
	'capability-match',
	'lowest-cost',
	'highest-quality',
	'balanced',
	'round-robin',
	'random',
	'priority',
	'least-loaded',
] as const;

export type RoutingStrategy = (typeof routingStrategies)[number];

export interface ApprovalStep extends StepBase {
	readonly kind: 'approval';
	readonly question: Template;
	readonly expiresMs?: number;
	readonly onExpire: 'reject' | 'approve' | 'fail';
	/** Text that whoever approves may change; the output `text` is what they made of it. */
	readonly editable?: Template;
	/** `goto`: that step and everything after it is done again, at most so many times. */
	readonly onReject: 'fail' | 'skip' | {readonly goto: string; readonly max: number};
}

export interface WaitStep extends StepBase {
	readonly kind: 'wait';
	/** A duration (`5m`) or an ISO-8601 moment, after evaluation; empty for a signal. */
	readonly wait: Template;
	/** Waits for `aiworkflow runs signal <run> <name>`, at most `timeoutMs`. */
	readonly signal?: Template;
}

/** Another workflow, as a run of its own under this one. */
export interface UsesStep extends StepBase {
	readonly kind: 'uses';
	/** A path relative to the folder of this file (it begins with `.` or `/`, or ends with `.md`), or a name. */
	readonly uses: string;
	readonly with: Readonly<Record<string, Template | readonly unknown[] | Readonly<Record<string, unknown>>>>;
}

/** A value of the file; the texts within it may hold expressions. */
export type GivenValue = Template | number | boolean | null | readonly unknown[] | Readonly<Record<string, unknown>>;

export interface ToolCallSettings {
	/** Name of a tool of the workspace or of the workflow's folder. */
	readonly tool: string;
	/** Missing: the only one that the tool has. */
	readonly operation?: string;
	readonly with: Readonly<Record<string, GivenValue>>;
}

/** One call of an operation of a tool. */
export interface ToolStep extends StepBase, ToolCallSettings {
	readonly kind: 'tool';
}

/** One HTTP request. */
export interface HttpStep extends StepBase {
	readonly kind: 'http';
	readonly http: HttpSettings;
}

export interface HttpSettings {
	/** In capitals. */
	readonly method: string;
	readonly url: Template;
	readonly query: Readonly<Record<string, GivenValue>>;
	readonly headers: Readonly<Record<string, Template>>;
	readonly body?:
		| {readonly kind: 'json'; readonly value: GivenValue}
		| {readonly kind: 'form'; readonly fields: Readonly<Record<string, GivenValue>>}
		| {readonly kind: 'text'; readonly text: Template};
	readonly auth?:
		| {readonly kind: 'bearer'; readonly token: Template}
		| {readonly kind: 'basic'; readonly username: Template; readonly password: Template}
		| {readonly kind: 'header'; readonly name: string; readonly value: Template};
	/** Statuses that are no failure, from and to. */
	readonly expect: readonly (readonly [from: number, to: number])[];
	readonly followRedirects: boolean;
}

/** A JSONata expression over what is known. */
export interface TransformStep extends StepBase {
	readonly kind: 'transform';
	/** As written, never interpolated. */
	readonly expression: string;
	/** Missing: `inputs`, `steps`, `item` and the like. */
	readonly input?: GivenValue;
}

/** Statements for an SQLite file or a PostgreSQL server. */
export interface SqlStep extends StepBase {
	readonly kind: 'sql';
	/** A path, relative to the working folder, or a `postgres://` URL. */
	readonly database: Template;
	/** As written, never interpolated. */
	readonly query: string;
	readonly params: readonly GivenValue[] | Readonly<Record<string, GivenValue>>;
	/** All statements, or none. */
	readonly transaction?: boolean;
}

/** A request to somebody else, handed over to the outbox of the daemon: delivered later, and tried until it is. */
export interface WebhookStep extends StepBase {
	readonly kind: 'webhook';
	readonly url: Template;
	readonly method: OutgoingMethod;
	/** By name, in small letters. */
	readonly headers: Readonly<Record<string, Template>>;
	/** The body as JSON; the texts within are templates. Without it and `body`: a small document about the step. */
	readonly json?: unknown;
	readonly body?: Template;
	/** Of the secret that signs it. */
	readonly secretName?: string;
	/** What happened, in the sender's own word. */
	readonly event?: Template;
	/** For how long it is tried; missing: `limits.deliveryExpiresMs`. */
	readonly expiresMs?: number;
	/** Tries; missing: `limits.deliveryTries`. */
	readonly triesMax?: number;
	/** The step ends when it is delivered or given up, and not before. */
	readonly isAwaited: boolean;
}
