import type {Failure} from '../../../source/errors.ts';
import type {ToolOperation} from '../../../source/tools/definition.ts';

/** What the process that loads a module is told: JSON lines on its standard input, this one first. */
export interface ModuleRequest {
	/** Absolute. */
	readonly module: string;
	readonly workspace: string;
	readonly folder: string;
}

/** The second line. */
export interface ModuleCall {
	readonly operation: string;
	readonly arguments: Readonly<Record<string, unknown>>;
	readonly idempotencyKey?: string;
}

/** What it answers on file descriptor 3, a line each: what the module can do, then what came of the call. */
export type ModuleAnswer =
	| {readonly operations: readonly ToolOperation[]}
	| {readonly value: unknown}
	| {readonly failure: Pick<Failure, 'message'> & {readonly kind: 'unloadable' | 'failed' | 'unserialisable'}};
