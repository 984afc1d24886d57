import type {Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {type RunState, unitNameOf, unitOf} from '../../source/run/state.ts';
import {formatDuration} from '../../source/units.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {approvalIdOf} from './decide-approval.ts';
import {skippedAsAsked} from './decide-stop.ts';
import {nextTryOf} from './failover.ts';
import type {AttemptOutcome} from './parts.ts';
import {stepDeadlineMsOf} from './retry.ts';

/** Which attempt ended, and what the world was like. */
export interface OutcomePlace {
	readonly step: StepDefinition;
	readonly item: number | undefined;
	readonly attempt: number;
	readonly nowMs: number;
	/** 0 to 1; scatters the next attempts of what failed together. */
	readonly random: number;
	/** Agents that the step may use, in order; none for steps that ask none. */
	readonly agents?: readonly string[];
}

/** @returns The events that an attempt's outcome means, permission requests it leaves behind withdrawn first. */
export const eventsOfOutcome = (run: RunState, place: OutcomePlace, outcome: AttemptOutcome): NewEvent[] => [
	...Object.values(run.approvals)
		.filter(({stepId, item, status}) => stepId === place.step.id && item === place.item && status === 'open')
		.map(
			({id: approvalId, stepId, item}): NewEvent => ({
				type: 'approval.withdrawn',
				body: {approvalId, stepId, item, reason: 'the attempt that asked has ended'},
			}),
		),
	...endingOf(run, place, outcome),
	...skipOf(run, place, outcome),
];

/** What was stopped in order to go on without it is skipped, or what needs it would not run. */
const skipOf = (run: RunState, {step, item}: OutcomePlace, {status}: AttemptOutcome): NewEvent[] => {
	const {skipRequested} = run.steps[step.id]!;
	const isSkipped = item === undefined && (status === 'cancelled' || status === 'failed');
	return isSkipped && skipRequested ? [skippedAsAsked(step.id, skipRequested)] : [];
};

const endingOf = (run: RunState, place: OutcomePlace, outcome: AttemptOutcome): NewEvent[] => {
	const {step, item, attempt} = place;
	const stepId = step.id;
	switch (outcome.status) {
		case 'completed': {
			const {outputs, text, agent} = outcome;
			const tool = answeredBy(run, place, outcome);
			const body = {stepId, attempt, outputs, text, agent, ...(tool !== undefined && {tool})};
			if (item !== undefined) return [{type: 'item.completed', body: {...body, item, text: shortOf(text)}}];
			if (!step.repeat) return [{type: 'step.completed', body}];
			return [{type: 'attempt.completed', body: {...body, iteration: run.steps[stepId]!.iteration + 1}}];
		}

		case 'failed':
			// Its session could not be gone on with: it is as if it had vanished only now.
			if (outcome.failure.code === 'agent.session-lost') return vanishedEvents(run, place);
			return failedEvents(run, place, outcome);
		case 'cancelled':
			return [cancelledEvent(place, outcome.text)];
		case 'interrupted': {
			if (run.cancelRequested) return [cancelledEvent(place, undefined)];
			// It never began, so beginning it anew repeats nothing.
			const {reason} = outcome;
			if (reason === 'never-claimed') return [{type: 'attempt.interrupted', body: {stepId, item, attempt, reason}}];
			return vanishedEvents(run, place);
		}
	}
};

/** @returns `undefined` where the implementation that was to be asked first did answer. */
const answeredBy = (
	run: RunState,
	{step: {id: stepId}, item, attempt}: OutcomePlace,
	{tries}: Extract<AttemptOutcome, {status: 'completed'}>,
): string | undefined => {
	const chosen = unitOf(run, stepId, item).attempts.find(({number}) => number === attempt)?.tool;
	const last = tries?.at(-1);
	if (chosen === undefined || !last) return undefined;
	const answered = `${chosen.slice(0, chosen.indexOf('/'))}/${last.implementation}`;
	return answered === chosen ? undefined : answered;
};

type Failed = Extract<AttemptOutcome, {status: 'failed'}>;

const failedEvents = (run: RunState, place: OutcomePlace, outcome: Failed): NewEvent[] => {
	const {step, item, attempt, nowMs} = place;
	const stepId = step.id;
	const failure = plain(outcome.failure);
	const startedAgent = unitOf(run, stepId, item).attempts.find(({number}) => number === attempt)?.agent;
	const following = nextTryOf(run, step, item, failure, {...place, agents: place.agents ?? [], agent: startedAgent});
	const name = unitNameOf(stepId, item);
	const {exitCode, outputs, agent} = outcome;
	const text = item === undefined ? outcome.text : shortOf(outcome.text);
	if (following) {
		const {atMs: retryAtMs, next} = following;
		const body = {stepId, item, attempt, failure, exitCode, text, agent, retryAtMs};
		return [{type: 'attempt.failed', body: next === 'retry' ? body : {...body, next}}];
	}

	const deadlineMs = stepDeadlineMsOf(run, step);
	const isStepOver = failure.code === 'attempt.timed-out' && deadlineMs !== undefined && deadlineMs <= nowMs;
	const body = {
		...{stepId, attempt, exitCode, outputs, text, agent},
		failure: isStepOver ? stepTimedOut(name, step.stepTimeoutMs!) : failure,
	};
	return [item === undefined ? {type: 'step.failed', body} : {type: 'item.failed', body: {...body, item}}];
};

const cancelledEvent = ({step: {id: stepId}, item, attempt}: OutcomePlace, text: Failed['text']): NewEvent =>
	item === undefined
		? {type: 'step.cancelled', body: {stepId, attempt, text}}
		: {type: 'item.cancelled', body: {stepId, item, attempt, text: shortOf(text)}};

/** Whether what it did was done is unknown; the step says who decides. */
const vanishedEvents = (run: RunState, place: OutcomePlace): NewEvent[] => {
	const {step, item, attempt} = place;
	const stepId = step.id;
	const name = unitNameOf(stepId, item);
	const interrupted: NewEvent = {type: 'attempt.interrupted', body: {stepId, item, attempt, reason: 'vanished'}};
	const vanishedBefore = unitOf(run, stepId, item).attempts.filter(({status}) => status === 'interrupted').length;
	const {canResume} = unitOf(run, stepId, item).attempts.find(({number}) => number === attempt) ?? {};
	if (canResume && vanishedBefore < limits.interruptsMax) return [interrupted];
	if (step.onInterrupt === 'retry' && vanishedBefore < limits.interruptsMax) return [interrupted];
	if (step.onInterrupt === 'ask') {
		const approvalId = approvalIdOf(run.id, 'interrupt', name, attempt);
		const question = `The process of "${name}" is gone without a result: the machine restarted, or something killed it. Do it again?`;
		return [
			interrupted,
			{type: 'approval.requested', body: {approvalId, stepId, item, attempt, kind: 'interrupt', question}},
		];
	}

	return failedEvents(run, place, {status: 'failed', failure: vanished(name)});
};

const stepTimedOut = (name: string, timeoutMs: number): Failure => ({
	code: 'step.timed-out',
	message: `"${name}" was ended: all its attempts together took longer than ${formatDuration(timeoutMs)}.`,
	suggestion: 'Give it more time with `timeout: { step: … }`, or let it fail with fewer retries.',
});

const vanished = (name: string): Failure => ({
	code: 'attempt.vanished',
	message: `The process of "${name}" is gone without an exit code: the machine restarted, or something killed it.`,
	suggestion:
		'Look at what it had done, then go on with `aiworkflow runs retry`; `on-interrupt: retry` or `ask` decides it beforehand.',
});

const plain = ({code, message, suggestion, retryable, resetAtMs}: Failure): Failure => ({
	code,
	message,
	suggestion,
	retryable,
	...(resetAtMs === undefined ? undefined : {resetAtMs}),
});

/** There may be ten thousand items: of what each said only the beginning is kept in memory; the file has all of it. */
const shortOf = (text: Failed['text']): Failed['text'] => {
	if (!text || text.preview.length <= limits.itemTextCharactersMax) return text;
	return {...text, preview: text.preview.slice(0, limits.itemTextCharactersMax), isWhole: false};
};
