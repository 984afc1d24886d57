import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent, UnitRef} from '../../source/run/events.ts';
import {
	isRunEnded,
	isRunSettled,
	itemOf,
	nextAttemptOf,
	type RunState,
	type UnitState,
	unitNameOf,
	unitOf,
} from '../../source/run/state.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {attemptContextOf, type ContextFacts} from './attempt-context.ts';
import type {ChildRuns} from './child-runs.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun, Prepared} from './open-run.ts';
import {eventsOfOutcome} from './outcome.ts';
import type {AttemptContext, AttemptExecutor, AttemptHandle, AttemptOutcome, Report} from './parts.ts';
import {agentsOf, cachedEvent, needsPreparation, prepareAttempt} from './preparation.ts';
import {createUndoRunner} from './undo-runner.ts';

/** What the runner of attempts needs of the driver around it. */
export interface AttemptHooks {
	readonly append: (entry: OpenRun, events: readonly NewEvent[]) => void;
	readonly settle: (entry: OpenRun) => void;
	readonly factsOf: (entry: OpenRun) => Pick<ContextFacts, 'definition' | 'secrets' | 'nowMs' | 'readText'>;
	/** An attempt has ended, or was not started after all. */
	readonly onSlotFree: () => void;
	readonly isStopped: () => boolean;
	readonly children: ChildRuns;
}

/**
 * The attempts of all open runs, from their preparation to their outcome. Counts them, and starts none before its
 * `attempt.started` is durable.
 */
export const createAttemptRunner = (parts: EngineParts, hooks: AttemptHooks) => {
	const {journal, clock} = parts;
	const {append, settle, factsOf, onSlotFree, isStopped, children} = hooks;
	const random = parts.random ?? Math.random;
	const runningMax = parts.attemptsRunningMax ?? limits.attemptsRunningMax;
	let running = 0;

	const isOver = (entry: OpenRun) => isStopped() || journal.failure !== undefined || isRunEnded(entry.run);

	/** Gets ready what the attempt needs, then journals and starts it. What is slow to find out leads to a new decision. */
	const prepare = (entry: OpenRun, {stepId, item}: UnitRef) => {
		const step = stepOf(entry, stepId);
		if (step.kind === 'uses') return startChild(entry, step, item);
		running++;
		const name = unitNameOf(stepId, item);
		const attempt = nextAttemptOf(entry.run, stepId, item);
		const known = entry.prepared.get(name);
		entry.prepared.delete(name);
		if (known?.attempt === attempt || !needsPreparation(entry, step, item)) {
			return start(entry, step, item, known ?? {attempt});
		}

		entry.preparing.add(name);
		const facts = {...factsOf(entry), ...contextFacts(entry), attempt, item};
		prepareAttempt(parts, entry, step, facts)
			.then(
				found => {
					if (isOver(entry)) return;
					entry.preparing.delete(name);
					if ('cached' in found) append(entry, [cachedEvent(stepId, item, found.cached)]);
					// Whether it is still wanted is decided anew: it may have been cancelled, paused or led back over.
					else entry.prepared.set(name, found);
					if ('cacheKey' in found && found.cacheKey) entry.cacheKeys.set(name, found.cacheKey);
				},
				error => {
					entry.preparing.delete(name);
					if (!isOver(entry)) failUnstarted(entry, step, item, attempt, error);
				},
			)
			.finally(() => {
				releaseSlot();
				if (!isOver(entry)) settle(entry);
			});
	};

	const start = (entry: OpenRun, step: StepDefinition, item: number | undefined, prepared: Prepared) => {
		const {attempt, agent, snapshot} = prepared;
		const stepId = step.id;
		let context: AttemptContext;
		try {
			// Evaluated before the attempt is journalled, so that a failing expression is the step's failure.
			context = contextOf(entry, step, item, attempt, agent);
		} catch (error) {
			releaseSlot();
			failUnstarted(entry, step, item, attempt, error);
			// Not within the decision that led here.
			setImmediate(() => settle(entry));
			return;
		}

		if (snapshot) append(entry, [{type: 'snapshot.taken', body: {stepId, item, attempt, ...snapshot}}]);
		const {deadlineAtMs} = context;
		append(entry, [{type: 'attempt.started', body: {stepId, item, attempt, agent, deadlineAtMs}}]);
		journal.afterCommit(() => {
			if (isStopped()) return;
			if (entry.stopping.has(unitNameOf(stepId, item))) return end(entry, step, item, attempt, {status: 'cancelled'});
			watch(entry, step, item, attempt, executor => executor.start(context, reportOf(entry)));
		});
	};

	const contextFacts = (entry: OpenRun) => ({
		stateFolder: parts.stateFolder,
		environment: entry.environment.environment,
	});

	const contextOf = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		agent: string | undefined,
	): AttemptContext =>
		attemptContextOf(entry.run, step, {...factsOf(entry), ...contextFacts(entry), item, attempt, agent});

	const watch = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		begin: (executor: AttemptExecutor) => AttemptHandle,
	) => {
		const name = unitNameOf(step.id, item);
		try {
			const executor = parts.executors[step.kind];
			if (!executor) throw new Error(`Nothing runs steps of kind ${step.kind}.`);
			attend(entry, step, item, attempt, begin(executor));
		} catch (error) {
			parts.onDefect(error, `attempt ${attempt} of ${name} in run ${entry.run.id}`);
			end(entry, step, item, attempt, {status: 'failed', failure: failureOf(error)});
		}
	};

	const attend = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		handle: AttemptHandle,
	) => {
		const name = unitNameOf(step.id, item);
		entry.handles.set(name, handle);
		if (entry.stopping.has(name)) handle.stop();
		handle.outcome.then(
			outcome => end(entry, step, item, attempt, outcome),
			error => end(entry, step, item, attempt, {status: 'failed', failure: failureOf(error)}),
		);
	};

	const end = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		outcome: AttemptOutcome,
	): void => {
		const name = unitNameOf(step.id, item);
		entry.handles.delete(name);
		entry.stopping.delete(name);
		if (step.kind !== 'uses') running--;
		// The attempt's folder keeps the outcome for the next daemon.
		if (isStopped() || journal.failure) return;
		if (!isRunEnded(entry.run)) {
			recordOutcome(entry, step, item, outcome);
			const place = {step, item, attempt, nowMs: clock.now(), random: random()};
			append(entry, eventsOfOutcome(entry.run, place, outcome));
			settle(entry);
		}

		onSlotFree();
	};

	/** What others learn from it: whether the agent works, and a result that later runs need not find again. */
	const recordOutcome = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		outcome: AttemptOutcome,
	): void => {
		const name = unitNameOf(step.id, item);
		const agent = unitOf(entry.run, step.id, item).attempts.at(-1)?.agent;
		if (agent && (outcome.status === 'completed' || outcome.status === 'failed')) {
			parts.breakers.record('agent', agent, outcome.status === 'failed' ? outcome.failure : undefined);
		} else if (agent) {
			parts.breakers.letGo('agent', agent);
		}

		const key = entry.cacheKeys.get(name);
		entry.cacheKeys.delete(name);
		if (key === undefined || outcome.status !== 'completed' || outcome.text?.isWhole === false) return;
		const {outputs, text, agent: mark} = outcome;
		parts.cache.write(key, {runId: entry.run.id, stepId: step.id, outputs, text, agent: mark});
	};

	/** Of an attempt that was not started after all. */
	const releaseSlot = () => {
		running--;
		// Not within the decision that led here: it may be about to start the very steps that wait for a slot.
		setImmediate(onSlotFree);
	};

	/** What keeps an attempt from starting fails the step; where a retry may help, the attempt counts as one that failed. */
	const failUnstarted = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		error: unknown,
	) => {
		if (isOver(entry)) return;
		const stepId = step.id;
		const {code, message, suggestion, retryable} = failureOf(error);
		const failure = {code, message, suggestion, retryable};
		const place = {step, item, attempt, nowMs: clock.now(), random: random()};
		const events = eventsOfOutcome(entry.run, place, {status: 'failed', failure});
		const isRetried = events.some(({type}) => type === 'attempt.failed');
		if (isRetried) {
			const later = events.map(event => notBefore(event, isCircuitOpen(failure) ? triesAgainAtMs(entry, step) : 0));
			append(entry, [{type: 'attempt.started', body: {stepId, item, attempt}}, ...later]);
		} else if (item === undefined) append(entry, [{type: 'step.failed', body: {stepId, failure}}]);
		else append(entry, [{type: 'item.failed', body: {stepId, item, failure}}]);
	};

	/** When the first of its agents is given attempts again. */
	const triesAgainAtMs = (entry: OpenRun, step: StepDefinition): number =>
		Math.min(...agentsOf(entry, step).map(name => parts.breakers.untilMs('agent', name) ?? 0));

	const startChild = (entry: OpenRun, step: Extract<StepDefinition, {kind: 'uses'}>, item: number | undefined) => {
		const attempt = nextAttemptOf(entry.run, step.id, item);
		try {
			const handle = children.start(entry, step, item, attempt);
			attend(entry, step, item, attempt, handle);
		} catch (error) {
			failUnstarted(entry, step, item, attempt, error);
			setImmediate(() => settle(entry));
		}
	};

	const stop = (entry: OpenRun, {stepId, item}: UnitRef) => {
		const name = unitNameOf(stepId, item);
		if (entry.stopping.has(name)) return;
		entry.stopping.add(name);
		entry.handles.get(name)?.stop();
	};

	const reportOf =
		(entry: OpenRun): Report =>
		async newEvents => {
			if (isStopped()) return;
			if (journal.failure) throw journal.failure;
			if (isRunEnded(entry.run)) return;
			append(
				entry,
				newEvents.filter(newEvent => !isLateWithdrawal(entry.run, newEvent)),
			);
			settle(entry);
			await journal.durable();
		};

	/** Finds the running attempts of a run again. */
	const reattach = (entry: OpenRun) => {
		for (const {id, items, ...step} of Object.values(entry.run.steps)) {
			if (!items) reattachUnit(entry, id, undefined, step);
			else for (const index of items.active) reattachUnit(entry, id, index, itemOf(items, index));
		}

		undo.reattach(entry);
	};

	const reattachUnit = (entry: OpenRun, stepId: string, item: number | undefined, {attempts}: UnitState) => {
		const last = attempts.at(-1);
		if (last?.status !== 'running') return;
		const step = stepOf(entry, stepId);
		const {number, agent, deadlineAtMs, childRunId} = last;
		if (step.kind === 'uses') {
			return attend(entry, step, item, number, children.reattach(entry, step, childRunId!, deadlineAtMs));
		}

		running++;
		watch(entry, step, item, number, executor =>
			// Once journalled, a deadline stays what it is, however often the daemon restarts.
			executor.reattach({...contextOf(entry, step, item, number, agent), deadlineAtMs}, reportOf(entry)),
		);
		redeliverAnswers(entry, stepId, item, number);
	};

	/** An answer may have been journalled and not handed over; handing it over twice changes nothing. */
	const redeliverAnswers = (entry: OpenRun, stepId: string, item: number | undefined, attempt: number) => {
		for (const approval of Object.values(entry.run.approvals)) {
			const {id, kind, status, optionId} = approval;
			const isAnswered = status === 'approved' || status === 'rejected';
			const isIts = approval.stepId === stepId && approval.item === item && approval.attempt === attempt;
			if (isIts && kind === 'permission' && isAnswered) answerPermission(entry, {stepId, item}, id, optionId);
		}
	};

	/** An answer that cannot be handed over now is handed over by the next daemon. */
	const answerPermission = (
		entry: OpenRun,
		{stepId, item}: UnitRef,
		approvalId: string,
		optionId: string | undefined,
	) => {
		entry.handles
			.get(unitNameOf(stepId, item))
			?.answerPermission?.(approvalId, optionId ?? null)
			.catch(error => parts.onDefect(error, `answer to ${approvalId} in run ${entry.run.id}`));
	};

	const undo = createUndoRunner(parts, {
		append,
		settle,
		contextOf,
		isOver: entry => isStopped() || journal.failure !== undefined || isRunSettled(entry.run),
		stepOf,
		addRunning(change) {
			running += change;
			if (change < 0) setImmediate(onSlotFree);
		},
	});

	return {
		prepare,
		stop,
		reattach,
		answerPermission,
		startUndo: undo.start,
		running: () => running,
		freeSlots: () => runningMax - running,
	};
};

const isCircuitOpen = ({code}: {readonly code: string}) => code === 'agent.circuit-open';

/** A retry before the breaker lets anything through would only be used up. */
const notBefore = (event: NewEvent, atMs: number): NewEvent =>
	event.type === 'attempt.failed'
		? {...event, body: {...event.body, retryAtMs: Math.max(event.body.retryAtMs, atMs)}}
		: event;

const stepOf = (entry: OpenRun, stepId: string): StepDefinition =>
	entry.definition.steps.find(step => step.id === stepId)!;

/** An agent may take its question back while the answer is on its way: what was answered stays answered. */
const isLateWithdrawal = (run: RunState, {type, body}: NewEvent): boolean =>
	type === 'approval.withdrawn' && run.approvals[body.approvalId]?.status !== 'open';
