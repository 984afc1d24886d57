import {type Failure, failureOf} from '../../source/errors.ts';
import type {NewEvent, UnitRef} from '../../source/run/events.ts';
import {
	isRunEnded,
	isRunSettled,
	isStepEnded,
	type RollbackTarget,
	type RunState,
	type StepState,
} from '../../source/run/state.ts';
import {formatDuration} from '../../source/units.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {evaluateCondition, evaluateValue, usesStatusFunction} from '../../source/workflow/expressions.ts';
import {type Blocking, blockingNeedOf, isFailed} from './blocking.ts';
import {decideApproval} from './decide-approval.ts';
import {decideItems, expandItems} from './decide-items.ts';
import {decideRewind, rewindingOf} from './decide-rewind.ts';
import {decideRollback, startRollback} from './decide-rollback.ts';
import {isStopWanted, stopStep} from './decide-stop.ts';
import {decideUnit, startUnit} from './decide-unit.ts';
import {decideWait} from './decide-wait.ts';
import {add, type Draft, engineOrigin, type Facts, mayBegin, wakeAt} from './draft.ts';
import {scopeOf} from './scope.ts';

export interface Decision {
	/** To be appended, in this order. */
	readonly events: readonly NewEvent[];
	/** The run with those events folded in. */
	readonly run: RunState;
	/** Steps and items whose next attempt is to be prepared and started. */
	readonly starts: readonly UnitRef[];
	/** Steps and items whose running attempt is to be stopped. */
	readonly stops: readonly UnitRef[];
	/** What is to be undone next. */
	readonly undo?: RollbackTarget;
	/** When time alone makes the next difference. */
	readonly wakeAtMs?: number;
	/** Whether a step is ready and only waits for a free attempt slot. */
	readonly isStarved: boolean;
}

/**
 * What should happen next in a run: pure, so that the same function serves the daemon, recovery and simulation.
 *
 * Deciding twice without a new event gives the same starts and stops and no further events.
 */
export const decide = (run: RunState, facts: Facts): Decision => {
	const draft: Draft = {
		run,
		events: [],
		starts: [],
		stops: [],
		undo: undefined,
		wakeAtMs: undefined,
		attemptSlots: facts.attemptSlots,
		isStarved: false,
		rewinding: new Set(),
		facts,
	};
	if (run.phase === 'open') {
		decideTimeout(draft);
		decideSteps(draft);
		if (!isRunEnded(draft.run) && areAllStepsEnded(draft.run)) decideEnding(draft);
	} else if (run.rollback?.status === 'running') {
		decideRollback(draft);
	}

	const {events, starts, stops, undo, wakeAtMs, isStarved} = draft;
	return {
		...{events, run: draft.run, starts, stops, undo},
		wakeAtMs: isRunSettled(draft.run) ? undefined : wakeAtMs,
		isStarved,
	};
};

const decideTimeout = (draft: Draft) => {
	const {run, facts} = draft;
	const {timeoutMs} = facts.definition;
	if (timeoutMs === undefined || run.cancelRequested || run.startedAtMs === undefined) return;
	if (run.startedAtMs + timeoutMs > facts.nowMs) return wakeAt(draft, run.startedAtMs + timeoutMs);
	const reason = `the run's timeout of ${formatDuration(timeoutMs)} passed`;
	add(draft, {type: 'run.cancel-requested', body: {origin: engineOrigin, reason}});
};

const decideSteps = (draft: Draft) => {
	const wakeOfRunMs = draft.wakeAtMs;
	// A step that ends here may free or skip others above it in the file; go on until a pass changes nothing.
	for (let eventCount = -1; eventCount !== draft.events.length; ) {
		eventCount = draft.events.length;
		draft.starts.length = 0;
		draft.stops.length = 0;
		draft.attemptSlots = draft.facts.attemptSlots;
		draft.isStarved = false;
		draft.wakeAtMs = wakeOfRunMs;
		draft.rewinding = rewindingOf(draft.run, draft.facts.definition);
		for (const step of draft.facts.definition.steps) decideStep(draft, step);
		decideRewind(draft);
	}
};

const decideStep = (draft: Draft, step: StepDefinition) => {
	const state = draft.run.steps[step.id]!;
	if (isStepEnded(state.status) || draft.facts.preparing.has(step.id)) return;
	if (isStopWanted(draft, state)) return stopStep(draft, step, state);
	if (state.status === 'pending') return decidePending(draft, step, state);
	if (state.items) return decideItems(draft, step, state);
	if (step.kind === 'approval') return decideApproval(draft, step, state);
	if (step.kind === 'wait') return decideWait(draft, step, state);
	decideUnit(draft, step, state, undefined);
};

const decidePending = (draft: Draft, step: StepDefinition, state: StepState) => {
	if (!state.needs.every(id => isStepEnded(draft.run.steps[id]!.status))) return;
	const {run} = draft;
	const isSpecial = usesStatusFunction(step.if);
	if (run.cancelRequested && !isSpecial) return add(draft, {type: 'step.cancelled', body: {stepId: step.id}});
	const blocking = blockingNeedOf(run, state);
	if (blocking && !isSpecial) return skip(draft, step, blocking.reason, wordsOf(blocking));
	if (!mayBegin(draft)) return;
	try {
		const isWanted = step.if === undefined || evaluateCondition(step.if, scopeOf(run, step, draft.facts));
		if (isWanted) return begin(draft, step);
	} catch (error) {
		return failStep(draft, step.id, failureOf(error));
	}

	if (run.cancelRequested) return add(draft, {type: 'step.cancelled', body: {stepId: step.id}});
	if (blocking) return skip(draft, step, blocking.reason, `${wordsOf(blocking)}, and \`if: ${step.if}\` is false`);
	skip(draft, step, 'condition', `\`if: ${step.if}\` is false`);
};

const wordsOf = ({needId, reason}: NonNullable<Blocking>) =>
	reason === 'rejected' ? `"${needId}" was rejected` : `"${needId}" did not succeed`;

const begin = (draft: Draft, step: StepDefinition) => {
	if (step.kind === 'approval') return decideApproval(draft, step, draft.run.steps[step.id]!);
	if (step.kind === 'wait') return decideWait(draft, step, draft.run.steps[step.id]!);
	if (step.foreach === undefined && !step.matrix) return startUnit(draft, step, undefined);
	expandItems(draft, step);
};

const skip = (draft: Draft, {id}: StepDefinition, reason: 'condition' | 'need-failed' | 'rejected', detail: string) =>
	add(draft, {type: 'step.skipped', body: {stepId: id, reason, detail}});

const failStep = (draft: Draft, stepId: string, {code, message, suggestion}: Failure) =>
	add(draft, {type: 'step.failed', body: {stepId, failure: {code, message, suggestion}}});

const areAllStepsEnded = ({counts}: RunState) =>
	counts.pending + counts.running + counts.waiting + counts.retrying === 0;

const decideEnding = (draft: Draft) => {
	// What is being undone is undone first, also where the run was cancelled in the meantime.
	if (draft.run.rollback?.status === 'running') decideRollback(draft);
	if (draft.run.rollback?.status === 'running') return;
	const {run, facts} = draft;
	if (run.cancelRequested) return add(draft, {type: 'run.cancelled', body: {reason: run.cancelRequested.reason}});
	const steps = run.stepOrder.map(id => run.steps[id]!);
	const failed = steps.find(isFailed);
	if (failed) return endFailed(draft, runFailureOf(failed));
	const cancelled = steps.find(step => step.status === 'cancelled' && step.cancelRequested);
	if (cancelled) {
		const reason = `step "${cancelled.id}" was cancelled: ${cancelled.cancelRequested!.reason}`;
		return add(draft, {type: 'run.cancelled', body: {reason}});
	}

	try {
		add(draft, {type: 'run.completed', body: {outputs: outputsOf(run, facts.definition, facts)}});
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		endFailed(draft, {code, message: `The outputs of the run: ${message}`, suggestion});
	}
};

/** A run that fails undoes first what it did. */
const endFailed = (draft: Draft, failure: Failure) => {
	if (!draft.run.rollback) startRollback(draft, engineOrigin, 'the run failed');
	if (draft.run.rollback?.status === 'running') decideRollback(draft);
	// Still open: something is being undone.
	if (draft.run.rollback?.status === 'running') return;
	const {code, message, suggestion} = failure;
	add(draft, {type: 'run.failed', body: {failure: {code, message, suggestion}}});
};

const runFailureOf = ({id, failure}: StepState): Failure => ({
	code: failure?.code ?? 'step.failed',
	message: `Step "${id}" failed: ${failure?.message ?? 'no reason was given'}`,
	suggestion: failure?.suggestion,
});

const outputsOf = (run: RunState, {outputs}: WorkflowDefinition, facts: Facts) => {
	const entries = Object.entries(outputs);
	if (entries.length === 0) return {};
	const scope = scopeOf(run, undefined, facts);
	return Object.fromEntries(entries.map(([name, template]) => [name, evaluateValue(template, scope) ?? null]));
};
