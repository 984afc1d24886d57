import type {Failure} from '../../source/errors.ts';
import type {ToolDefinition, ToolOperation} from '../../source/tools/definition.ts';
import type {ToolTry} from '../engine/parts.ts';
import type {ToolCall, ToolResult} from './parts.ts';

/** What the process of one call is told on its standard input. Its environment is what the tool may have. */
export interface ToolHostRequest {
	readonly definition: ToolDefinition;
	/** Ids, in the order in which they are asked. */
	readonly implementations: readonly string[];
	/** Missing: only what it can do. */
	readonly call?: ToolCall;
	/** Names of arguments that are text, to be read as what the operation takes. */
	readonly texts?: readonly string[];
	/** Only operations that change nothing. */
	readonly mayOnlyRead?: boolean;
	readonly workspace: string;
	readonly cwd: string;
	readonly secrets: Readonly<Record<string, string>>;
	readonly serversFolder: string;
}

/** Its standard output, as one JSON document. */
export interface ToolHostReport {
	readonly result?: ToolResult;
	readonly operations?: readonly ToolOperation[];
	readonly failure?: Failure;
	readonly tries: readonly ToolTry[];
	/** The operation that was called, where it is known. */
	readonly operation?: string;
}
