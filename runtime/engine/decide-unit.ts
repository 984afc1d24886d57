import {type Failure, failureOf} from '../../source/errors.ts';
import {
	type ApprovalState,
	isBudgetHeld,
	type StepState,
	type UnitState,
	unitNameOf,
	unitOf,
} from '../../source/run/state.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {evaluateUntil} from '../../source/workflow/expressions.ts';
import {add, type Draft, mayBegin, wakeAt} from './draft.ts';
import {moneyRefused} from './money-questions.ts';
import {scopeOf} from './scope.ts';

/** What is next for a step that runs attempts, or for one item of it. One that runs, runs. */
export const decideUnit = (draft: Draft, step: StepDefinition, state: StepState, item: number | undefined): void => {
	const unit = unitOf(draft.run, step.id, item);
	if (draft.facts.preparing.has(unitNameOf(step.id, item))) return;
	if (unit.status === 'retrying') return decideRetrying(draft, step, state, unit, item);
	if (unit.status === 'waiting') decideInterrupted(draft, step, unit, item);
};

/** A sub-workflow takes none, for its own steps do; what waits in the outbox has no process. */
export const takesSlot = ({kind}: StepDefinition): boolean => kind !== 'uses' && kind !== 'webhook';

/** Asks for an attempt, if there is room for one. */
export const startUnit = (draft: Draft, step: StepDefinition, item: number | undefined): boolean => {
	// No agent begins while a person is asked whether more may be spent, but for one that was promised its share before.
	const isReserved = draft.facts.prepared?.has(unitNameOf(step.id, item));
	if (!mayBegin(draft) || (step.kind === 'agent' && !isReserved && isBudgetHeld(draft.run))) return false;
	if (takesSlot(step)) {
		if (draft.attemptSlots <= 0) {
			draft.isStarved = true;
			return false;
		}

		draft.attemptSlots--;
	}

	draft.starts.push({stepId: step.id, item});
	return true;
};

const decideRetrying = (
	draft: Draft,
	step: StepDefinition,
	state: StepState,
	unit: UnitState,
	item: number | undefined,
) => {
	if (unit.retryAtMs !== undefined && unit.retryAtMs > draft.facts.nowMs) return wakeAt(draft, unit.retryAtMs);
	if (step.repeat && unit.attempts.at(-1)?.status === 'completed' && isRepeatOver(draft, step, state)) return;
	startUnit(draft, step, item);
};

/** @returns Whether the step has ended with the iteration behind it. */
const isRepeatOver = (draft: Draft, step: StepDefinition, {iteration, outputs = {}, text, agent}: StepState) => {
	const {until, max} = step.repeat!;
	try {
		if (evaluateUntil(until, scopeOf(draft.run, step, draft.facts))) {
			add(draft, {type: 'step.completed', body: {stepId: step.id, outputs: {...outputs}, text, agent}});
			return true;
		}
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		add(draft, {type: 'step.failed', body: {stepId: step.id, failure: {code, message, suggestion}}});
		return true;
	}

	if (iteration < max) return false;
	const failure = {
		code: 'repeat.exhausted',
		message: `"${step.id}" was done ${max} times, and \`until: ${until}\` was never true.`,
		suggestion: 'Give `repeat.max` more, or look at what keeps the condition from becoming true.',
	};
	add(draft, {type: 'step.failed', body: {stepId: step.id, failure, outputs: {...outputs}, text, agent}});
	return true;
};

/** A person was asked whether it is done again after its attempt vanished, or whether more may be spent on it. */
const decideInterrupted = (draft: Draft, step: StepDefinition, unit: UnitState, item: number | undefined) => {
	const approval = unit.approvalId === undefined ? undefined : draft.run.approvals[unit.approvalId];
	if (approval?.kind !== 'interrupt' && approval?.kind !== 'budget') return;
	if (approval.status === 'approved') return void startUnit(draft, step, item);
	if (approval.status !== 'rejected') return;
	const failure =
		approval.kind === 'budget'
			? moneyRefused(unitNameOf(step.id, item), approval)
			: interruptRefused(step, item, approval);
	if (item === undefined) add(draft, {type: 'step.failed', body: {stepId: step.id, failure}});
	else add(draft, {type: 'item.failed', body: {stepId: step.id, item, failure}});
};

const interruptRefused = (step: StepDefinition, item: number | undefined, approval: ApprovalState): Failure => ({
	code: 'attempt.vanished',
	message: `The process of "${unitNameOf(step.id, item)}" vanished, and ${approval.origin?.by ?? 'somebody'} decided against doing it again${approval.comment ? `: ${approval.comment}` : ''}.`,
	suggestion: 'Look at what it had done, then go on with `aiworkflow runs retry`.',
});
