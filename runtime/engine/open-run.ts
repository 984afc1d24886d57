import type {RunState} from '../../source/run/state.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import type {RunEnvironment} from '../store/run-environments.ts';
import type {AttemptHandle} from './parts.ts';

/** A run that has not ended, as the daemon holds it: the fold, and what only this process knows. */
export interface OpenRun {
	run: RunState;
	/** Its key in the journal. */
	readonly key: number;
	readonly definition: WorkflowDefinition;
	readonly environment: RunEnvironment;
	/** Attempts this process watches, by step. */
	readonly handles: Map<string, AttemptHandle>;
	/** Steps whose attempt is being prepared. */
	readonly preparing: Set<string>;
	/** Steps whose attempt was told to stop. */
	readonly stopping: Set<string>;
	/** Whole texts already read for expressions, by step. */
	readonly texts: Map<string, string>;
	cancelWake: (() => void) | undefined;
	wakeAtMs: number | undefined;
	/** Whether its row in the list is to be written in the next commit. */
	isRowDue: boolean;
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
	stopping: new Set(),
	texts: new Map(),
	cancelWake: undefined,
	wakeAtMs: undefined,
	isRowDue: false,
});
