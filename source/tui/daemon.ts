import type {Health} from '../api/contract.ts';
import type {OutputChunk, OutputPage, StreamMessage} from '../api/messages.ts';
import type {Origin} from '../run/events.ts';
import type {RunState} from '../run/state.ts';

/**
 * What the cockpit needs of the daemon: a part of `source/client/client.ts`, and in tests a scripted one in memory.
 * Every method rejects with an `AiworkflowError` for an expected failure.
 */
export interface CockpitDaemon {
	health(): Promise<Pick<Health, 'pid' | 'version' | 'startedAt' | 'cursor'>>;
	/** @throws `run.not-found` */
	runState(runId: string): Promise<RunState>;
	/**
	 * One connection: a snapshot and then events, or, with `lastEventId`, the events after it. Ends or throws when the
	 * connection is lost, and ends when `signal` aborts.
	 */
	events(options: {readonly lastEventId?: number; readonly signal: AbortSignal}): AsyncIterable<StreamMessage>;
	/** Offsets are bytes. Without `attempt`: the last one. */
	output(runId: string, stepId: string, query: OutputQuery): Promise<OutputPage>;
	/** What there is from these offsets on and then what comes, until the step ends. */
	followOutput(runId: string, stepId: string, offsets: OutputQuery, signal: AbortSignal): AsyncIterable<OutputChunk>;
	approve(approvalId: string, answer: Answer): Promise<unknown>;
	reject(approvalId: string, answer: Answer): Promise<unknown>;
	cancelRun(runId: string, request: {readonly origin: Origin; readonly reason?: string}): Promise<unknown>;
	pauseRun(runId: string, request: {readonly origin: Origin; readonly reason?: string}): Promise<unknown>;
	resumeRun(runId: string, request: {readonly origin: Origin}): Promise<unknown>;
	/** Does again what failed. The environment is that of the cockpit. */
	retryRun(
		runId: string,
		request: {readonly origin: Origin; readonly environment: Record<string, string>},
	): Promise<unknown>;
	skipStep(
		runId: string,
		stepId: string,
		request: {readonly origin: Origin; readonly reason?: string},
	): Promise<unknown>;
	/** Frees the connection, where there is something to free. */
	close?(): void;
}

export interface OutputQuery {
	readonly attempt?: number;
	readonly stdout: number;
	readonly stderr: number;
}

export interface Answer {
	readonly origin: Origin;
	readonly comment?: string;
	readonly optionId?: string;
}
