import type {ToolOperation} from '../../source/tools/definition.ts';

/**
 * What every kind of tool can do once it is open. Tools are opened by tool hosts, processes of their own, and never by
 * the daemon: whatever a tool does to its process, no run is lost by it.
 */
export interface OpenTool {
	/** @throws AiworkflowError `tool.unreachable`, `tool.unauthenticated`, `tool.answer-invalid`, `tool.answer-too-large`. */
	operations(signal: AbortSignal): Promise<readonly ToolOperation[]>;
	/**
	 * One call. Rejects as soon as the signal aborts, with its reason.
	 *
	 * @throws AiworkflowError
	 * - `tool.operation-unknown`, `tool.arguments-invalid`: before anything was sent.
	 * - `tool.unreachable`: it could not be started or reached, or died in the middle. Counts for the breaker.
	 * - `tool.unauthenticated`, `tool.rate-limited` (with `resetAtMs` where the server tells).
	 * - `tool.answer-invalid`: nonsense instead of an answer. `tool.answer-too-large`: more than `limits.toolAnswerBytesMax`.
	 *   Both count for the breaker.
	 * - `tool.failed`: the tool did answer, and said that it failed. Never counts for the breaker.
	 */
	call(call: ToolCall, signal: AbortSignal): Promise<ToolResult>;
	/** Ends what was started for it. Never rejects. */
	close(): Promise<void>;
}

export interface ToolCall {
	readonly operation: string;
	readonly arguments: Readonly<Record<string, unknown>>;
	/** The same on every attempt of a step: `AIWORKFLOW_STEP_KEY`, or an `Idempotency-Key` header. */
	readonly idempotencyKey?: string;
}

export interface ToolResult {
	/** An object answered by the tool is taken as it is; anything else is `{ result: … }`. */
	readonly outputs: Readonly<Record<string, unknown>>;
	/** For people, and for `steps.<id>.text`. */
	readonly text: string;
}

/** Where a tool is opened: known to each kind besides its own settings. */
export interface ToolPlace {
	/** What messages call it; missing: the id of the implementation. */
	readonly tool?: string;
	/** Of the tool's file: relative paths start here. */
	readonly folder: string;
	readonly workspace: string;
	/** Working folder of its processes. */
	readonly cwd: string;
	/** Whole environment of its processes, secrets the definition asks for included. */
	readonly environment: Readonly<Record<string, string>>;
	/** Evaluates `${{ secrets.X }}` and `${{ env.X }}` of the definition. @throws AiworkflowError `expression.failed`. */
	readonly resolve: (text: string) => string;
	/** Private folder of the servers that are kept open between calls; missing: each is started for this call alone. */
	readonly serversFolder?: string;
}

/** How one kind of implementation is opened; `runtime/tools/kinds.ts` has one a line. */
export type ToolOpener<Implementation> = (
	implementation: Implementation,
	place: ToolPlace,
	signal: AbortSignal,
) => Promise<OpenTool>;
