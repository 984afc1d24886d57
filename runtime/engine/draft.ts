import type {JournalEvent, NewEvent, Origin, UnitRef} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import type {RollbackTarget, RunState} from '../../source/run/state.ts';
import type {ScopeFacts} from './scope.ts';

/** What a decision may know beyond the state of the run. */
export interface Facts extends ScopeFacts {
	readonly nowMs: number;
	/** How many attempts may be started at this moment. */
	readonly attemptSlots: number;
	/** Names of the steps and items (`unitNameOf`) whose attempt is being prepared and not yet journalled. */
	readonly preparing: ReadonlySet<string>;
	/** Those whose attempt is prepared and has not begun, by name. */
	readonly prepared?: {has(name: string): boolean};
	/** The daemon is about to stop: nothing new begins. */
	readonly isDraining?: boolean;
}

/** Steps of the fold that a decision is made with, collected as events are added. */
export interface Draft {
	run: RunState;
	readonly events: NewEvent[];
	readonly starts: UnitRef[];
	readonly stops: UnitRef[];
	undo: RollbackTarget | undefined;
	wakeAtMs: number | undefined;
	attemptSlots: number;
	isStarved: boolean;
	/** Steps that a rejection is about to lead back over: they are stopped and begin nothing. */
	rewinding: ReadonlySet<string>;
	readonly facts: Facts;
}

export const engineOrigin: Origin = {by: 'aiworkflow', via: 'engine'};

/** Adds an event to a decision and folds it in, so that later parts of the same decision see it. */
export const add = (draft: Draft, event: NewEvent): void => {
	draft.events.push(event);
	const {id: runId, seq, cursor} = draft.run;
	draft.run = reduce(draft.run, {...event, runId, seq: seq + 1, cursor, atMs: draft.facts.nowMs} as JournalEvent);
};

export const wakeAt = (draft: Draft, atMs: number | undefined): void => {
	if (atMs !== undefined) draft.wakeAtMs = Math.min(draft.wakeAtMs ?? Number.POSITIVE_INFINITY, atMs);
};

/** Whether the run may begin something at this moment. */
export const mayBegin = ({run, facts}: Draft): boolean => run.paused === undefined && !facts.isDraining;
