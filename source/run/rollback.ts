import type {JournalEvent, UndoTarget} from './events.ts';
import {type RollbackState, type RollbackTarget, type RunState, undoKeyOf} from './state.ts';

type RollbackEvent = Extract<
	JournalEvent,
	{type: 'rollback.started' | 'rollback.completed' | 'undo.started' | 'undo.completed' | 'undo.failed'}
>;

/** The part of the fold that undoes. */
export const reduceRollback = (run: RunState, event: RollbackEvent): RunState => {
	switch (event.type) {
		case 'rollback.started': {
			const {targets, ...rest} = event.body;
			const pending = targets.map((target): RollbackTarget => ({...target, status: 'pending', tries: 0}));
			const rollback: RollbackState = {...rest, status: 'running', startedAtMs: event.atMs, targets: pending};
			return {...run, rollback, rollbackCount: run.rollbackCount + 1};
		}

		case 'undo.started':
			return withTarget(run, event.body, {
				status: 'running',
				deadlineAtMs: event.body.deadlineAtMs,
				folder: event.body.folder,
				tries: (rollbackOf(run).targets.find(each => undoKeyOf(each) === undoKeyOf(event.body))?.tries ?? 0) + 1,
			});
		case 'undo.completed':
			return withTarget({...run, undone: [...run.undone, undoKeyOf(event.body)]}, event.body, {status: 'undone'});
		case 'undo.failed':
			return withTarget(run, event.body, {status: 'failed', failure: event.body.failure});
		case 'rollback.completed':
			return {...run, rollback: {...rollbackOf(run), status: 'ended', endedAtMs: event.atMs}};
	}
};

const withTarget = (run: RunState, target: UndoTarget, change: Partial<RollbackTarget>): RunState => {
	const rollback = rollbackOf(run);
	const key = undoKeyOf(target);
	const targets = rollback.targets.map(each => (undoKeyOf(each) === key ? {...each, ...change} : each));
	return {...run, rollback: {...rollback, targets}};
};

const rollbackOf = (run: RunState): RollbackState => {
	if (run.rollback) return run.rollback;
	throw new Error(`Run ${run.id} is not being rolled back.`);
};
