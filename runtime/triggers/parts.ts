import type {Failure} from '../../source/errors.ts';
import type {Origin} from '../../source/run/events.ts';
import type {Trigger, TriggerKind} from '../../source/workflow/triggers.ts';
import type {WorkflowFile} from '../../source/workflow-files.ts';

/** A trigger of a workspace that a person armed. */
export interface ArmedTrigger {
	/** The same over restarts: workspace, file and id. */
	readonly key: string;
	/** Absolute paths. */
	readonly workspace: string;
	readonly file: string;
	readonly workflow: string;
	readonly trigger: Trigger;
	/** Values of the secrets that the trigger itself needs, from whoever armed it. */
	readonly secrets: Readonly<Record<string, string>>;
}

/** One kind of trigger: looks out for what happens, and hands it to the desk. */
export interface TriggerSource {
	readonly kind: TriggerKind;
	/** All armed triggers of its kind: at the start, and after each change. What is not among them any more ends. */
	arm(triggers: readonly ArmedTrigger[]): Promise<void> | void;
	/** Resolves when nothing of it runs any more. */
	stop(): Promise<void> | void;
	/** What keeps triggers of it from noticing all that happens. */
	problems?(): readonly TriggerProblem[];
}

export interface TriggerProblem {
	readonly workspace: string;
	readonly workflow: string;
	readonly trigger: string;
	readonly failure: Failure;
}

/** Something happened that a trigger waits for. */
export interface NewFiring {
	readonly trigger: ArmedTrigger;
	/** Names it among all of its trigger: what comes again under the same name is known, and does nothing. */
	readonly dedupeKey: string;
	/** What `trigger` holds in expressions; as JSON at most `limits.triggerDataBytesMax`. */
	readonly data: Readonly<Record<string, unknown>>;
	readonly origin: Origin;
	/** Where it comes from, if strangers can have a hand in it. */
	readonly taint?: string;
	/** Called inside the commit that makes it durable, unless it is known already. */
	readonly alongside?: () => void;
}

export type FiringStatus = 'pending' | 'started' | 'ended' | 'skipped' | 'failed';

/** A firing, as it is kept. */
export interface Firing extends Omit<NewFiring, 'trigger' | 'dedupeKey' | 'alongside'> {
	readonly id: string;
	readonly triggerKey: string;
	readonly workspace: string;
	readonly file: string;
	readonly triggerId: string;
	readonly kind: TriggerKind;
	readonly atMs: number;
	readonly status: FiringStatus;
	/** Known before the run begins. */
	readonly runId: string;
	/** Why it was skipped, or what failed. */
	readonly detail?: string;
}

/** What became of something that a source handed in. */
export interface Taken {
	readonly firing: string;
	/** Of the run that it starts, or started. */
	readonly runId: string;
	/** It had come before. */
	readonly isKnown: boolean;
}

/** Takes firings: durable when the promise resolves, each started exactly once. */
export interface TriggerDesk {
	/** @throws AiworkflowError `trigger.overloaded`, `trigger.data-too-large`, `journal.unwritable`. */
	take(firing: NewFiring): Promise<Taken>;
	/**
	 * Calls back once when the run of this firing has ended, or will never begin; soon, where that is so already.
	 *
	 * @returns A function that ends that.
	 */
	onSettled(firingId: string, callback: (settled: Settled) => void): () => void;
	/** @returns What is kept of a firing; `undefined`: there is none, or it is not durable yet. */
	find(triggerKey: string, dedupeKey: string): Firing | undefined;
	read(firingId: string): Firing | undefined;
	/** @returns How its run ended, for what settled before anybody listened; `undefined`: it has not settled. */
	settledOf(firingId: string): Settled | undefined;
	/** Resolves when fewer runs than this are open or waiting to begin of a trigger, or the signal fires. */
	room(triggerKey: string, runsMax: number, signal: AbortSignal): Promise<void>;
	/** Cancels the run of a firing. */
	cancel(runId: string, origin: Origin, reason: string): Promise<unknown>;
}

export interface Settled {
	readonly status: 'completed' | 'failed' | 'cancelled' | 'skipped';
	readonly runId: string;
	/** Of the run, where it completed. */
	readonly outputs?: Readonly<Record<string, unknown>>;
	readonly failure?: Failure;
}

/** Starts runs; the daemon wires it. */
export interface RunStarter {
	/**
	 * @param alongside Called when the run is accepted: what it journals is committed with the run.
	 * @throws AiworkflowError For whatever keeps the run from being accepted.
	 */
	start(request: StartRequest, alongside: () => void): Promise<void>;
	cancel(runId: string, origin: Origin, reason: string): Promise<unknown>;
	/** @returns `undefined`: there is none. */
	endingOf(runId: string): Settled | 'open' | undefined;
}

export interface StartRequest {
	/** Of the run. */
	readonly id: string;
	readonly file: WorkflowFile;
	readonly workspace: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly environment: Readonly<Record<string, string>>;
	readonly taint?: string;
	readonly origin: Origin;
	readonly trigger: {
		readonly id: string;
		readonly kind: TriggerKind;
		readonly firing: string;
		readonly data: Readonly<Record<string, unknown>>;
	};
}
