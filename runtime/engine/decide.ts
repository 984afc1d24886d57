import {type Failure, failureOf} from '../../source/errors.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {isRunEnded, isStepEnded, type RunState, type StepState} from '../../source/run/state.ts';
import {formatDuration} from '../../source/units.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {evaluateCondition, evaluateValue, usesStatusFunction} from '../../source/workflow/expressions.ts';
import {type Blocking, blockingNeedOf, isFailed} from './blocking.ts';
import {decideApproval} from './decide-approval.ts';
import {decideWait} from './decide-wait.ts';
import {add, type Draft, engineOrigin, type Facts, wakeAt} from './draft.ts';
import {scopeOf} from './scope.ts';

export interface Decision {
	/** To be appended, in this order. */
	readonly events: readonly NewEvent[];
	/** The run with those events folded in. */
	readonly run: RunState;
	/** Steps whose next attempt is to be prepared and started. */
	readonly starts: readonly string[];
	/** Steps whose running attempt is to be stopped. */
	readonly stops: readonly string[];
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
		wakeAtMs: undefined,
		attemptSlots: facts.attemptSlots,
		isStarved: false,
		facts,
	};
	if (run.phase === 'open') {
		decideTimeout(draft);
		decideSteps(draft);
		if (!isRunEnded(draft.run) && areAllStepsEnded(draft.run)) decideEnding(draft);
	}

	const {events, starts, stops, wakeAtMs, isStarved} = draft;
	return {events, run: draft.run, starts, stops, wakeAtMs: isRunEnded(draft.run) ? undefined : wakeAtMs, isStarved};
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
	// A step that ends here may free or skip others above it in the file; go on until a pass changes nothing.
	for (let eventCount = -1; eventCount !== draft.events.length; ) {
		eventCount = draft.events.length;
		draft.starts.length = 0;
		draft.stops.length = 0;
		draft.attemptSlots = draft.facts.attemptSlots;
		draft.isStarved = false;
		for (const step of draft.facts.definition.steps) decideStep(draft, step);
	}
};

const decideStep = (draft: Draft, step: StepDefinition) => {
	const state = draft.run.steps[step.id]!;
	if (isStepEnded(state.status) || draft.facts.preparing.has(step.id)) return;
	if (isStopDue(draft.run, state)) return stopStep(draft, state);
	if (state.status === 'retrying') return start(draft, step);
	if (state.status === 'pending') return decidePending(draft, step, state);
	if (step.kind === 'approval') return decideApproval(draft, step, state);
	if (step.kind === 'wait') decideWait(draft, step, state);
};

/** A step that began after the cancellation (a clean-up by `always()`) is left to finish. */
const isStopDue = (run: RunState, {status, attempts, startedSeq}: StepState) => {
	if (!run.cancelRequested || status === 'pending') return false;
	return (attempts.at(-1)?.startedSeq ?? startedSeq ?? 0) < run.cancelRequested.seq;
};

const stopStep = (draft: Draft, {id, kind, status, attempts}: StepState) => {
	for (const {id: approvalId, stepId, status: answer} of Object.values(draft.run.approvals)) {
		if (stepId !== id || answer !== 'open') continue;
		add(draft, {type: 'approval.withdrawn', body: {approvalId, stepId, reason: 'the run was cancelled'}});
	}

	const isProcess = kind === 'script' || kind === 'agent';
	if (isProcess && status !== 'retrying') draft.stops.push(id);
	else add(draft, {type: 'step.cancelled', body: {stepId: id, attempt: attempts.at(-1)?.number}});
};

const decidePending = (draft: Draft, step: StepDefinition, state: StepState) => {
	if (!state.needs.every(id => isStepEnded(draft.run.steps[id]!.status))) return;
	const {run} = draft;
	const isSpecial = usesStatusFunction(step.if);
	if (run.cancelRequested && !isSpecial) return add(draft, {type: 'step.cancelled', body: {stepId: step.id}});
	const blocking = blockingNeedOf(run, state);
	if (blocking && !isSpecial) return skip(draft, step, blocking.reason, wordsOf(blocking));
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
	if (step.kind === 'script' || step.kind === 'agent') return start(draft, step);
	if (step.kind === 'approval') return decideApproval(draft, step, draft.run.steps[step.id]!);
	decideWait(draft, step, draft.run.steps[step.id]!);
};

const start = (draft: Draft, {id}: StepDefinition) => {
	if (draft.attemptSlots > 0) {
		draft.attemptSlots--;
		draft.starts.push(id);
	} else {
		draft.isStarved = true;
	}
};

const skip = (draft: Draft, {id}: StepDefinition, reason: 'condition' | 'need-failed' | 'rejected', detail: string) =>
	add(draft, {type: 'step.skipped', body: {stepId: id, reason, detail}});

const failStep = (draft: Draft, stepId: string, {code, message, suggestion}: Failure) =>
	add(draft, {type: 'step.failed', body: {stepId, failure: {code, message, suggestion}}});

const areAllStepsEnded = ({counts}: RunState) =>
	counts.pending + counts.running + counts.waiting + counts.retrying === 0;

const decideEnding = (draft: Draft) => {
	const {run, facts} = draft;
	if (run.cancelRequested) return add(draft, {type: 'run.cancelled', body: {reason: run.cancelRequested.reason}});
	const failed = run.stepOrder.map(id => run.steps[id]!).find(isFailed);
	if (failed) return add(draft, {type: 'run.failed', body: {failure: runFailureOf(failed)}});
	try {
		add(draft, {type: 'run.completed', body: {outputs: outputsOf(run, facts.definition, facts)}});
	} catch (error) {
		const {code, message, suggestion} = failureOf(error);
		add(draft, {
			type: 'run.failed',
			body: {failure: {code, message: `The outputs of the run: ${message}`, suggestion}},
		});
	}
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
