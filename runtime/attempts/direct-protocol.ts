import path from 'node:path';
import type {Failure} from '../../source/errors.ts';
import type {PromptDrift} from '../../source/run/events.ts';
import type {DirectWork} from '../../source/workflow/direct-work.ts';
import type {ToolTry} from '../engine/parts.ts';

/**
 * How the daemon and the process of a direct step talk: through files in the attempt's private folder.
 *
 * | file           | written by          | what                                                                       |
 * |----------------|---------------------|----------------------------------------------------------------------------|
 * | `request.json` | daemon, before start | what to do ({@link DirectRequest}); deleted once read, for it may hold secrets |
 * | `stdout.log`   | host                | the text of the answer                                                     |
 * | `stderr.log`   | host                | what went wrong, and what a tool says besides                              |
 * | `result.json`  | host, renamed into place, last | how it ended ({@link DirectResult}); without it the host died   |
 */
export interface DirectRequest {
	readonly version: 1;
	readonly work: DirectWork;
	readonly argumentsSha256?: string;
	readonly runId: string;
	readonly stepId: string;
	readonly item?: number;
	readonly generation: number;
	/** Absolute. */
	readonly cwd: string;
	readonly workspace: string;
	readonly bundleFolder: string;
	readonly workflow: string;
	/** Where servers of tools are kept open. */
	readonly serversFolder?: string;
	/** Values that must not be in a message. */
	readonly secrets: readonly string[];
}

export interface DirectResult {
	readonly outputs: Readonly<Record<string, unknown>>;
	/** Missing: it went well. */
	readonly failure?: Failure;
	/** Of the evaluated arguments, their secrets masked: what a recording is for. */
	readonly argumentsSha256?: string;
	/** Of a tool: whom it asked, in order. */
	readonly tries?: readonly ToolTry[];
	/** It was answered from a recording. */
	readonly isReplay?: boolean;
	/** Of a replay, where the recording was made for other arguments. */
	readonly drift?: PromptDrift;
}

/** What one kind of work came to. */
export interface DirectAnswer extends DirectResult {
	/** For people, and for `steps.<id>.text`. */
	readonly text: string;
}

export const directFilesOf = (folder: string) => ({
	request: path.join(folder, 'request.json'),
	result: path.join(folder, 'result.json'),
	text: path.join(folder, 'stdout.log'),
});
