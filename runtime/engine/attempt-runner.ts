import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {isRunEnded, type RunState} from '../../source/run/state.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {attemptContextOf, type ContextFacts} from './attempt-context.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';
import {eventsOfOutcome} from './outcome.ts';
import type {AttemptContext, AttemptExecutor, AttemptHandle, AttemptOutcome, Report} from './parts.ts';

/** What the runner of attempts needs of the driver around it. */
export interface AttemptHooks {
	readonly append: (entry: OpenRun, events: readonly NewEvent[]) => void;
	readonly settle: (entry: OpenRun) => void;
	readonly factsOf: (entry: OpenRun) => Pick<ContextFacts, 'definition' | 'secrets' | 'nowMs' | 'readText'>;
	/** An attempt has ended, or was not started after all. */
	readonly onSlotFree: () => void;
	readonly isStopped: () => boolean;
}

/**
 * The attempts of all open runs, from their preparation to their outcome. Counts them, and starts none before its
 * `attempt.started` is durable.
 */
export const createAttemptRunner = (parts: EngineParts, hooks: AttemptHooks) => {
	const {journal} = parts;
	const {append, settle, factsOf, onSlotFree, isStopped} = hooks;
	const runningMax = parts.attemptsRunningMax ?? limits.attemptsRunningMax;
	let running = 0;

	const stepOf = (entry: OpenRun, stepId: string): StepDefinition =>
		entry.definition.steps.find(step => step.id === stepId)!;

	/** Evaluates what the attempt needs and journals it. Scripts are prepared at once; an agent has to be chosen first. */
	const prepare = (entry: OpenRun, stepId: string) => {
		const step = stepOf(entry, stepId);
		running++;
		if (step.kind !== 'agent') return start(entry, step, undefined);
		entry.preparing.add(stepId);
		const wasCancelled = entry.run.cancelRequested !== undefined;
		const wanted = [entry.run.agents, step.agents, entry.definition.agents].find(list => list?.length) ?? [];
		parts.agents
			.choose({workspace: entry.run.workspace, agents: wanted, environment: entry.environment.environment})
			.then(
				agent => {
					entry.preparing.delete(stepId);
					if (isStopped() || journal.failure || isRunEnded(entry.run)) return releaseSlot();
					// Cancelled in the meantime: whether the step is still wanted is decided anew.
					if (entry.run.cancelRequested && !wasCancelled) {
						releaseSlot();
						return settle(entry);
					}

					start(entry, step, agent);
					settle(entry);
				},
				error => {
					entry.preparing.delete(stepId);
					releaseSlot();
					failStep(entry, stepId, error);
				},
			);
	};

	const start = (entry: OpenRun, step: StepDefinition, agent: string | undefined) => {
		const attempt = (entry.run.steps[step.id]!.attempts.at(-1)?.number ?? 0) + 1;
		let context: AttemptContext;
		try {
			// Evaluated before the attempt is journalled, so that a failing expression is the step's failure.
			context = contextOf(entry, step, attempt, agent);
		} catch (error) {
			releaseSlot();
			return failStep(entry, step.id, error);
		}

		const {deadlineAtMs} = context;
		append(entry, [{type: 'attempt.started', body: {stepId: step.id, attempt, agent, deadlineAtMs}}]);
		journal.afterCommit(() => {
			if (isStopped()) return;
			if (entry.stopping.has(step.id)) return end(entry, step.id, attempt, {status: 'cancelled'});
			watch(entry, step, attempt, executor => executor.start(context, reportOf(entry)));
		});
	};

	const contextOf = (
		entry: OpenRun,
		step: StepDefinition,
		attempt: number,
		agent: string | undefined,
	): AttemptContext =>
		attemptContextOf(entry.run, step, {
			...factsOf(entry),
			stateFolder: parts.stateFolder,
			environment: entry.environment.environment,
			attempt,
			agent,
		});

	const watch = (
		entry: OpenRun,
		step: StepDefinition,
		attempt: number,
		begin: (executor: AttemptExecutor) => AttemptHandle,
	) => {
		const executor = parts.executors[step.kind];
		try {
			if (!executor) throw new Error(`Nothing runs steps of kind ${step.kind}.`);
			const handle = begin(executor);
			entry.handles.set(step.id, handle);
			handle.outcome.then(
				outcome => end(entry, step.id, attempt, outcome),
				error => end(entry, step.id, attempt, {status: 'failed', failure: failureOf(error)}),
			);
		} catch (error) {
			parts.onDefect(error, `attempt ${attempt} of ${step.id} in run ${entry.run.id}`);
			end(entry, step.id, attempt, {status: 'failed', failure: failureOf(error)});
		}
	};

	const end = (entry: OpenRun, stepId: string, attempt: number, outcome: AttemptOutcome): void => {
		entry.handles.delete(stepId);
		entry.stopping.delete(stepId);
		running--;
		// The attempt's folder keeps the outcome for the next daemon.
		if (isStopped() || journal.failure) return;
		if (!isRunEnded(entry.run)) {
			append(entry, eventsOfOutcome(entry.run, stepId, attempt, outcome));
			settle(entry);
		}

		onSlotFree();
	};

	/** Of an attempt that was not started after all. */
	const releaseSlot = () => {
		running--;
		// Not within the decision that led here: it may be about to start the very steps that wait for a slot.
		setImmediate(onSlotFree);
	};

	const failStep = (entry: OpenRun, stepId: string, error: unknown) => {
		if (isStopped() || journal.failure || isRunEnded(entry.run)) return;
		const {code, message, suggestion, retryable} = failureOf(error);
		append(entry, [{type: 'step.failed', body: {stepId, failure: {code, message, suggestion, retryable}}}]);
		// Not within the decision that led here.
		setImmediate(() => settle(entry));
	};

	const stop = (entry: OpenRun, stepId: string) => {
		if (entry.stopping.has(stepId)) return;
		entry.stopping.add(stepId);
		entry.handles.get(stepId)?.stop();
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
		for (const {id, status, attempts, kind} of Object.values(entry.run.steps)) {
			const isProcess = kind === 'script' || kind === 'agent';
			if (!isProcess || (status !== 'running' && status !== 'waiting')) continue;
			const step = stepOf(entry, id);
			const {number, agent, deadlineAtMs} = attempts.at(-1)!;
			running++;
			watch(entry, step, number, executor =>
				// Once journalled, a deadline stays what it is, however often the daemon restarts.
				executor.reattach({...contextOf(entry, step, number, agent), deadlineAtMs}, reportOf(entry)),
			);
			redeliverAnswers(entry, id, number);
		}
	};

	/** An answer may have been journalled and not handed over; handing it over twice changes nothing. */
	const redeliverAnswers = (entry: OpenRun, stepId: string, attempt: number) => {
		for (const approval of Object.values(entry.run.approvals)) {
			const {id, kind, status, optionId} = approval;
			const isAnswered = status === 'approved' || status === 'rejected';
			if (approval.stepId !== stepId || approval.attempt !== attempt || kind !== 'permission' || !isAnswered) continue;
			answerPermission(entry, stepId, id, optionId);
		}
	};

	/** An answer that cannot be handed over now is handed over by the next daemon. */
	const answerPermission = (entry: OpenRun, stepId: string, approvalId: string, optionId: string | undefined) => {
		entry.handles
			.get(stepId)
			?.answerPermission?.(approvalId, optionId ?? null)
			.catch(error => parts.onDefect(error, `answer to ${approvalId} in run ${entry.run.id}`));
	};

	return {prepare, stop, reattach, answerPermission, running: () => running, freeSlots: () => runningMax - running};
};

/** An agent may take its question back while the answer is on its way: what was answered stays answered. */
const isLateWithdrawal = (run: RunState, {type, body}: NewEvent): boolean =>
	type === 'approval.withdrawn' && run.approvals[body.approvalId]?.status !== 'open';
