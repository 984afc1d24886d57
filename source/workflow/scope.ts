/** What expressions see. The engine makes one for each step it looks at; nothing in it is read before it is asked for. */
export interface Scope {
	readonly inputs: Readonly<Record<string, unknown>>;
	/** The `env:` of the workflow and of the step, evaluated. */
	readonly env: Readonly<Record<string, string>>;
	/** Only where `env:` is evaluated; empty elsewhere. */
	readonly secrets: Readonly<Record<string, string>>;
	readonly run: RunScope;
	readonly trigger: Readonly<Record<string, unknown>>;
	readonly steps: Readonly<Record<string, StepScope>>;
	/** Number of the attempt, from 1; before an attempt, that of the next one. */
	readonly attempt: number;
	/** Of a `foreach`: the item; of a matrix: the combination; of both the index. */
	readonly item?: unknown;
	readonly index?: number;
	readonly matrix?: unknown;
	readonly condition: ConditionScope;
}

export interface RunScope {
	readonly id: string;
	/** Counts the runs of this workflow in this workspace. */
	readonly number: number;
	readonly workflow: string;
	readonly workspace: string;
	/** The comment of the rejection that led back here; else empty. */
	readonly feedback: string;
}

export interface StepScope {
	/** A list, with `null` for what failed, for a step done once for each item. */
	readonly outputs: Readonly<Record<string, unknown>> | readonly unknown[];
	/**
	 * Last answer or whole standard output, those of several items joined by line ends; a function is called only when the
	 * text is read.
	 */
	readonly text: string | (() => string);
	/** `completed`, `failed`, `skipped`, `cancelled` and the like. */
	readonly status: string;
	readonly error?: {readonly code: string; readonly message: string};
	/** `null`: unknown. */
	readonly costUsd: number | null;
}

/** What the status functions answer from. */
export interface ConditionScope {
	/** A need failed, or could not run because something before it failed; `continue-on-error` does not count. */
	readonly needsFailed: boolean;
	/** Some step upstream failed, however far. */
	readonly ancestorFailed: boolean;
	readonly runCancelled: boolean;
}

export const contextNames = [
	'inputs',
	'env',
	'vars',
	'secrets',
	'run',
	'trigger',
	'steps',
	'item',
	'index',
	'matrix',
	'attempt',
] as const;
export type ContextName = (typeof contextNames)[number];

export const runProperties: readonly (keyof RunScope)[] = ['id', 'number', 'workflow', 'workspace', 'feedback'];
export const stepProperties: readonly (keyof StepScope)[] = ['outputs', 'text', 'status', 'error', 'costUsd'];
export const errorProperties: readonly string[] = ['code', 'message'];
export const approvalOutputs: readonly string[] = ['decision', 'comment', 'by', 'at', 'text'];
export const webhookOutputs: readonly string[] = ['delivery', 'status', 'httpStatus', 'attempts'];

/** What `trigger` holds: what it was given, and which trigger it was. */
export const triggerScopeOf = (
	{id, kind, data}: {readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, unknown>>},
	atMs: number,
): Readonly<Record<string, unknown>> => ({...data, id, kind, at: new Date(atMs).toISOString()});
