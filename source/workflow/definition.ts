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
	readonly model?: string;
	readonly timeoutMs?: number;
	readonly passEnv: readonly string[];
	/** Names read as `secrets.X` anywhere in the file. */
	readonly secretNames: readonly string[];
	/** In file order. */
	readonly steps: readonly StepDefinition[];
}

/** Text with `${{ }}` expressions in it, as written in the file. */
export type Template = string;
/** An expression without its `${{ }}`. */
export type Expression = string;

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

export type StepDefinition = ScriptStep | AgentStep | ApprovalStep | WaitStep;
export type StepKind = StepDefinition['kind'];

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
	readonly timeoutMs?: number;
	readonly continueOnError: boolean;
	/** JSON Schema of the declared outputs (an object schema), made from the shorthand or taken as written. */
	readonly outputs?: OutputsSchema;
}

export interface OutputsSchema {
	readonly type: 'object';
	readonly properties: Readonly<Record<string, unknown>>;
	readonly required: readonly string[];
	readonly [keyword: string]: unknown;
}

export type ScriptLanguage = 'sh' | 'bash' | 'python' | 'js' | 'ts';

export interface ScriptStep extends StepBase {
	readonly kind: 'script';
	readonly language: ScriptLanguage;
	/** The fence's text, never interpolated. */
	readonly code: string;
	/** 1-based line of the fence's first code line. */
	readonly codeLine: number;
}

export interface AgentStep extends StepBase {
	readonly kind: 'agent';
	readonly prompt: Template;
	/** Empty: the workflow's. */
	readonly agents: readonly string[];
	readonly model?: Template;
}

export interface ApprovalStep extends StepBase {
	readonly kind: 'approval';
	readonly question: Template;
	readonly expiresMs?: number;
	readonly onExpire: 'reject' | 'approve' | 'fail';
	readonly onReject: 'fail' | 'skip';
}

export interface WaitStep extends StepBase {
	readonly kind: 'wait';
	/** A duration (`5m`) or an ISO-8601 moment, after evaluation. */
	readonly wait: Template;
}
