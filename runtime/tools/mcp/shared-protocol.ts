import type {Failure} from '../../../source/errors.ts';
import type {ToolOperation} from '../../../source/tools/definition.ts';
import type {ToolCall, ToolResult} from '../parts.ts';

/**
 * How callers talk to the process that keeps a server open: JSON lines over a private Unix socket. It greets each caller
 * first; a caller that is not greeted replaces it.
 */
export type SharedRequest =
	| {readonly id: number; readonly method: 'operations'}
	| {readonly id: number; readonly method: 'call'; readonly call: ToolCall}
	/** Nobody waits for that request any more. */
	| {readonly id: number; readonly method: 'cancel'};

export type SharedAnswer =
	| {readonly hello: true}
	| {readonly id: number; readonly operations: readonly ToolOperation[]}
	| {readonly id: number; readonly result: ToolResult}
	| {readonly id: number; readonly failure: Failure; readonly isUnsent: boolean}
	/** It ends, and did nothing about that request: ask the next one. */
	| {readonly id: number; readonly isGone: true};

/** What the process is told on its standard input, one line: it may hold secrets, so it is in no argument and no file. */
export interface ServerHostRequest {
	readonly key: string;
	/** Of the sockets. */
	readonly folder: string;
	readonly tool: string;
	readonly implementation: string;
	readonly workspace: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly idleMs: number;
}
