/**
 * A tool as a file describes it, `.aiworkflow/tools/<name>.yaml` of a workspace or `tools/<name>.yaml` of a bundle: what
 * it is called, and one or several implementations, the preferred one first. Plain JSON: it travels to the process that
 * opens it.
 */
export interface ToolDefinition {
	/** Lower case letters, digits and `-`; that of the file unless it says otherwise. */
	readonly name: string;
	readonly description?: string;
	/** Absolute path of the file; relative paths in it are relative to its folder. */
	readonly file: string;
	/** At least one. */
	readonly implementations: readonly ToolImplementation[];
}

export type ToolImplementation =
	| McpImplementation
	| OpenapiImplementation
	| ScriptImplementation
	| ModuleImplementation;
export type ToolImplementationKind = ToolImplementation['kind'];

interface ImplementationBase {
	/** Unique in its tool; its kind unless it says otherwise. Breakers and health are kept as `<tool>/<id>`. */
	readonly id: string;
	/** Agents that it is for; missing: every agent, and steps without one. */
	readonly agents?: readonly string[];
	/** Names of environment variables it needs, besides those that every process gets. */
	readonly passEnv: readonly string[];
	/** Of one call. */
	readonly timeoutMs?: number;
}

/** A server of the Model Context Protocol, as a process or at an address. */
export interface McpImplementation extends ImplementationBase {
	readonly kind: 'mcp';
	readonly server:
		| {
				readonly transport: 'stdio';
				readonly command: string;
				readonly args: readonly string[];
				/** Values may hold `${{ secrets.X }}` and `${{ env.X }}`, evaluated where the tool is opened. */
				readonly env: Readonly<Record<string, string>>;
				readonly cwd?: string;
				/** How long it is kept open after a call, for the next one; missing: `limits.toolIdleMs`. */
				readonly keepOpenMs?: number;
		  }
		| {readonly transport: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>>};
}

/** A server that an OpenAPI document (3.0 or 3.1) describes. */
export interface OpenapiImplementation extends ImplementationBase {
	readonly kind: 'openapi';
	/** Path or URL of the document, JSON or YAML. */
	readonly document: string;
	/** Instead of the first server of the document. */
	readonly server?: string;
	/** By the name of a security scheme of the document; values may hold `${{ secrets.X }}` and `${{ env.X }}`. */
	readonly auth: Readonly<Record<string, string | {readonly username: string; readonly password: string}>>;
	/** Only these operations; missing: all. */
	readonly operations?: readonly string[];
}

/** A program of the user's, started once for each call with `--<argument>=<value>`. */
export interface ScriptImplementation extends ImplementationBase {
	readonly kind: 'script';
	/** Program and fixed arguments; a path with `/` is relative to the file of the tool. */
	readonly command: readonly string[];
	/** `json`: standard output is one JSON document. */
	readonly output: 'json' | 'text';
	/** By name. An operation may add arguments of its own (`args`) before those of the call. */
	readonly operations: Readonly<Record<string, DeclaredOperation & {readonly args?: readonly string[]}>>;
	readonly env: Readonly<Record<string, string>>;
}

/** A JavaScript or TypeScript module that exports `operations`; loaded in a process of its own. */
export interface ModuleImplementation extends ImplementationBase {
	readonly kind: 'module';
	/** Path of the module, relative to the file of the tool. */
	readonly module: string;
	readonly env: Readonly<Record<string, string>>;
}

/** What a file says of an operation itself; MCP and OpenAPI servers say it of theirs. */
export interface DeclaredOperation {
	readonly description?: string;
	/** JSON Schema of an object, made from the shorthand of `inputs:` or taken as written. */
	readonly inputSchema?: Readonly<Record<string, unknown>>;
	readonly outputSchema?: Readonly<Record<string, unknown>>;
	/** Changes nothing anywhere; agents that may only read may call it. */
	readonly isReadOnly?: boolean;
}

/** An operation of an open tool. */
export interface ToolOperation {
	readonly name: string;
	readonly description?: string;
	/** JSON Schema of an object. */
	readonly inputSchema: Readonly<Record<string, unknown>>;
	/** JSON Schema of what comes out; missing: not told. */
	readonly outputSchema?: Readonly<Record<string, unknown>>;
	/** What comes out is not held against the schema: it is told of the usual answer, and there are others. */
	readonly isOutputUnchecked?: boolean;
	/** `undefined`: not told, so it may change something. */
	readonly isReadOnly?: boolean;
}
