import type {Failure} from '../../source/errors.ts';
import type {RunState} from '../../source/run/state.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import type {RunEnvironment} from '../store/run-environments.ts';
import type {AttemptHandle, ChosenTool, PassedOver, RouteRecord} from './parts.ts';

/** A run that has not ended, as the daemon holds it: the fold, and what only this process knows. */
export interface OpenRun {
	run: RunState;
	/** Its key in the journal. */
	readonly key: number;
	readonly definition: WorkflowDefinition;
	environment: RunEnvironment;
	/** Attempts this process watches, by name of the step or item; an undo by its folder. */
	readonly handles: Map<string, AttemptHandle>;
	/** Names of the steps and items whose attempt is being prepared. */
	readonly preparing: Set<string>;
	/** What was prepared and not yet used, by name. */
	readonly prepared: Map<string, Prepared>;
	/** Names of the steps and items whose attempt was told to stop. */
	readonly stopping: Set<string>;
	/** Why an attempt that was told to stop has failed, by name, where it was not simply cancelled. */
	readonly stoppedFor: Map<string, Failure>;
	/** Under which key a result is kept for later runs, by name. */
	readonly cacheKeys: Map<string, string>;
	/** Which tool an attempt was given, by name. */
	readonly tools: Map<string, ChosenTool>;
	/** Whole texts already read for expressions, by name. */
	readonly texts: Map<string, string>;
	cancelWake: (() => void) | undefined;
	wakeAtMs: number | undefined;
	/** Whether its row in the list is to be written in the next commit. */
	isRowDue: boolean;
}

/** What an attempt needs that takes a while to find out. */
export interface Prepared {
	readonly attempt: number;
	readonly agent?: string;
	/** Chosen for the agent, where the step names none. */
	readonly model?: string;
	readonly access?: 'ask' | 'read-only';
	readonly passedOver?: readonly PassedOver[];
	readonly route?: RouteRecord;
	readonly reservedMicroUsd?: number;
	/** Of a tool step. */
	readonly tool?: ChosenTool;
	readonly snapshot?: {readonly how: 'files' | 'git'; readonly files: number; readonly bytes: number};
}

export const openRunOf = (
	run: RunState,
	key: number,
	definition: WorkflowDefinition,
	environment: RunEnvironment,
): OpenRun => ({
	run,
	key,
	definition,
	environment,
	handles: new Map(),
	preparing: new Set(),
	prepared: new Map(),
	stoppedFor: new Map(),
	stopping: new Set(),
	cacheKeys: new Map(),
	tools: new Map(),
	texts: new Map(),
	cancelWake: undefined,
	wakeAtMs: undefined,
	isRowDue: false,
});
