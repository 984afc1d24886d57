import type {Origin, UndoTarget} from '../../source/run/events.ts';
import {itemsOf, type RunState, type StepState, type UnitState, undoKeyOf} from '../../source/run/state.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {add, type Draft} from './draft.ts';

/** Begins to undo what can be undone, if anything can. */
export const startRollback = (draft: Draft, origin: Origin, reason: string): void => {
	const targets = undoTargetsOf(draft.run, draft.facts.definition);
	if (targets.length > 0) add(draft, {type: 'rollback.started', body: {origin, reason, targets}});
};

/** One thing after the other; one that cannot be undone does not keep the rest from it. */
export const decideRollback = (draft: Draft): void => {
	const {targets} = draft.run.rollback!;
	if (targets.some(({status}) => status === 'running')) return;
	const next = targets.find(({status}) => status === 'pending');
	if (next) {
		if (!draft.facts.isDraining) draft.undo = next;
		return;
	}

	const left = targets.filter(({status}) => status === 'failed');
	add(draft, {
		type: 'rollback.completed',
		body: {
			undone: targets.length - left.length,
			left: left.map(({stepId, item, attempt, how}) => ({stepId, item, attempt, how})),
		},
	});
};

/**
 * @param to A savepoint; only what ended after the step that has it. Missing: everything.
 * @returns What is to be undone, in reverse order of ending: the `undo` fence and the call of what completed, then the snapshot of
 * whatever began. Of each step the present generation only; what is undone already is left out.
 */
export const undoTargetsOf = (run: RunState, definition: WorkflowDefinition, to?: string): UndoTarget[] => {
	const savepoint = to === undefined ? undefined : definition.steps.find(step => step.savepoint === to);
	const afterSeq = savepoint ? (run.steps[savepoint.id]!.endedSeq ?? 0) : 0;
	const undone = new Set(run.undone);
	return definition.steps
		.flatMap(step => targetsOfStep(run, step))
		.filter(({endedSeq}) => endedSeq > afterSeq)
		.sort((a, b) => b.endedSeq - a.endedSeq)
		.map(({target}) => target)
		.filter(target => !undone.has(undoKeyOf(target)));
};

/** Whether what a step did, in its present generation, was undone: it counts as done no more. */
export const isUndone = ({undone}: RunState, {id, attempts, generation, items, itemAttempts}: StepState): boolean => {
	const before = items
		? itemAttempts.base
		: (attempts.findLast(attempt => attempt.generation < generation)?.number ?? 0);
	return undone.some(key => {
		const [, stepId, attempt] = /^([^.#]+)(?:\.\d+)?#(\d+):/.exec(key) ?? [];
		return stepId === id && Number(attempt) > before;
	});
};

interface Ended {
	readonly target: UndoTarget;
	readonly endedSeq: number;
}

const targetsOfStep = (run: RunState, step: StepDefinition): Ended[] => {
	if (!step.undoScript && !step.undoTool && !step.undo) return [];
	const state = run.steps[step.id]!;
	if (!state.items) return targetsOfUnit(run, step, state, undefined, state.generation);
	return [...itemsOf(state.items)].flatMap(item => targetsOfUnit(run, step, item, item.index, state.generation));
};

const targetsOfUnit = (
	run: RunState,
	{id: stepId, undoScript, undoTool}: StepDefinition,
	{status, attempts, endedSeq = Number.MAX_SAFE_INTEGER}: UnitState,
	item: number | undefined,
	generation: number,
): Ended[] => {
	const own = attempts.filter(attempt => attempt.generation === generation);
	const last = own.at(-1);
	if (!last) return [];
	const {number: attempt} = last;
	const hows = [...(undoScript ? (['script'] as const) : []), ...(undoTool ? (['tool'] as const) : [])];
	const done: Ended[] =
		status === 'completed' ? hows.map(how => ({target: {stepId, item, how, attempt}, endedSeq})) : [];
	// Taken before the first attempt of the generation.
	const first = run.snapshots.find(
		snapshot =>
			snapshot.stepId === stepId &&
			snapshot.item === item &&
			(item !== undefined || own.some(({number}) => number === snapshot.attempt)),
	);
	return first ? [...done, {target: {...first}, endedSeq}] : done;
};
