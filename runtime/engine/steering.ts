import type {Origin} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';
import type {RunEnvironment} from '../store/run-environments.ts';

/**
 * What a person may do to a run that exists. Every promise resolves when the wish is durable.
 *
 * @throws AiworkflowError `run.not-found`, `run.ended`, `run.not-ended`, `step.not-found`, `step.ended`,
 * `savepoint.not-found`, `rollback.nothing`, `journal.unwritable`.
 */
export interface Steering {
	/** Nothing new begins; what runs goes on. Pausing a paused run changes nothing. */
	pauseRun(id: string, request: {readonly origin: Origin; readonly reason: string}): Promise<void>;
	resumeRun(id: string, request: {readonly origin: Origin}): Promise<void>;
	/** Stops one step of an open run; what needs it is not run. */
	cancelStep(id: string, stepId: string, request: {readonly origin: Origin; readonly reason: string}): Promise<void>;
	/** Goes on without a step that has not ended; one that runs is stopped first. */
	skipStep(id: string, stepId: string, request: {readonly origin: Origin; readonly reason: string}): Promise<void>;
	/**
	 * Does steps of an ended run again: those that failed, were cancelled, or were skipped because of it; or the one named
	 * and everything after it. @returns Ids of the steps that are done again.
	 */
	retryRun(
		id: string,
		request: {readonly fromStepId?: string; readonly origin: Origin; readonly environment: RunEnvironment},
	): Promise<readonly string[]>;
	/** A signal that no step waits for yet is kept for the first one that does. */
	signalRun(id: string, name: string, request: {readonly data: unknown; readonly origin: Origin}): Promise<void>;
	/**
	 * A new run that takes over what the steps before had done at an event (default: the last one), without the named step
	 * and everything after it.
	 */
	forkRun(
		id: string,
		request: {
			readonly fromStepId?: string;
			readonly atSeq?: number;
			/** Checked; all of them. Missing: those of the run. */
			readonly inputs?: Readonly<Record<string, unknown>>;
			readonly origin: Origin;
			readonly environment: RunEnvironment;
		},
	): Promise<RunState>;
	/** Undoes what an ended run did, the last thing first. @param to A savepoint: only what came after it. */
	rollbackRun(id: string, request: {readonly to?: string; readonly origin: Origin}): Promise<RunState>;
}
