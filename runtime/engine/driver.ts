import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {isRunEnded, type RunState, reduce} from '../../source/run/state.ts';
import {approvalViewOf, runStatusOf} from '../../source/run/views.ts';
import type {StepDefinition, StepKind} from '../../source/workflow/definition.ts';
import type {ApprovalsTable} from '../store/approvals.ts';
import type {DefinitionsTable} from '../store/definitions.ts';
import type {EventReader} from '../store/events.ts';
import type {Journal} from '../store/journal.ts';
import type {RunEnvironments} from '../store/run-environments.ts';
import type {RunsTable} from '../store/runs.ts';
import {attemptContextOf} from './attempt-context.ts';
import {decide} from './decide.ts';
import type {OpenRun} from './open-run.ts';
import {eventsOfOutcome} from './outcome.ts';
import type {
	AgentChooser,
	AttemptContext,
	AttemptExecutor,
	AttemptHandle,
	AttemptOutcome,
	Clock,
	Report,
} from './parts.ts';

export interface EngineParts {
	readonly stateFolder: string;
	readonly journal: Journal;
	readonly events: EventReader;
	readonly runs: RunsTable;
	readonly approvals: ApprovalsTable;
	readonly definitions: DefinitionsTable;
	readonly environments: RunEnvironments;
	readonly clock: Clock;
	/** By kind of step; approvals and waits need none. */
	readonly executors: Readonly<Partial<Record<StepKind, AttemptExecutor>>>;
	readonly agents: AgentChooser;
	/** The whole standard output, or answer, of an ended step. */
	readonly readText: (run: RunState, stepId: string) => string;
	/** A defect that was survived: for the log. */
	readonly onDefect: (error: unknown, where: string) => void;
	readonly attemptsRunningMax?: number;
	readonly runsActiveMax?: number;
}

/**
 * The embedded shell around `decide`: does what it says, appends what came of it, and starts no effect before the event
 * that announces it is durable.
 */
export const createDriver = (parts: EngineParts) => {
	const {journal, clock} = parts;
	const attemptsRunningMax = parts.attemptsRunningMax ?? limits.attemptsRunningMax;
	const runsActiveMax = parts.runsActiveMax ?? limits.runsActiveMax;
	const open = new Map<string, OpenRun>();
	/** Runs with something running. */
	const active = new Set<OpenRun>();
	/** Runs not started yet, oldest first. */
	const queued = new Set<OpenRun>();
	/** Runs with a step that only waits for a free attempt slot, oldest first. */
	const starved = new Set<OpenRun>();
	let attemptsRunning = 0;
	let isStopped = false;
	let isStartingQueued = false;

	const append = (entry: OpenRun, newEvents: readonly NewEvent[]) => {
		const atMs = clock.now();
		for (const newEvent of newEvents) {
			const statusBefore = runStatusOf(entry.run);
			const event = journal.append({id: entry.run.id, key: entry.key}, entry.run.seq + 1, newEvent, atMs);
			entry.run = reduce(entry.run, event);
			if (runStatusOf(entry.run) !== statusBefore) writeRow(entry);
			if ('approvalId' in newEvent.body) writeApproval(entry, newEvent.body.approvalId);
		}
	};

	const writeRow = (entry: OpenRun) => {
		if (entry.isRowDue) return;
		entry.isRowDue = true;
		journal.project(() => {
			entry.isRowDue = false;
			parts.runs.write(entry.run, entry.key);
		});
	};

	const writeApproval = (entry: OpenRun, approvalId: string) =>
		journal.project(() =>
			parts.approvals.write(approvalViewOf(entry.run, entry.run.approvals[approvalId]!), entry.key),
		);

	/** Decides until there is nothing to do but wait. */
	const settle = (entry: OpenRun) => {
		if (isStopped || isRunEnded(entry.run)) return;
		try {
			const facts = {...factsOf(entry), attemptSlots: attemptsRunningMax - attemptsRunning, preparing: entry.preparing};
			const decision = decide(entry.run, facts);
			append(entry, decision.events);
			for (const stepId of decision.stops) stopAttempt(entry, stepId);
			for (const stepId of decision.starts) prepareAttempt(entry, stepId);
			if (decision.isStarved) starved.add(entry);
			else starved.delete(entry);
			setWake(entry, decision.wakeAtMs);
		} catch (error) {
			if (journal.failure) return;
			failOnDefect(entry, error);
		}

		if (isRunEnded(entry.run)) close(entry);
		else if (runStatusOf(entry.run) === 'running') active.add(entry);
		else active.delete(entry);
		startQueued();
	};

	const factsOf = (entry: OpenRun) => ({
		definition: entry.definition,
		secrets: entry.environment.secrets,
		nowMs: clock.now(),
		readText(stepId: string) {
			const known = entry.texts.get(stepId);
			if (known !== undefined) return known;
			const text = parts.readText(entry.run, stepId);
			entry.texts.set(stepId, text);
			return text;
		},
	});

	const setWake = (entry: OpenRun, wakeAtMs: number | undefined) => {
		if (entry.wakeAtMs === wakeAtMs) return;
		entry.cancelWake?.();
		entry.wakeAtMs = wakeAtMs;
		entry.cancelWake =
			wakeAtMs === undefined
				? undefined
				: clock.at(wakeAtMs, () => {
						entry.wakeAtMs = undefined;
						settle(entry);
					});
	};

	/** A programmer's mistake ends the run it struck; the daemon lives. */
	const failOnDefect = (entry: OpenRun, error: unknown) => {
		parts.onDefect(error, `run ${entry.run.id}`);
		for (const handle of entry.handles.values()) handle.stop();
		const {code, message, suggestion} = failureOf(error);
		append(entry, [{type: 'run.failed', body: {failure: {code, message, suggestion}}}]);
	};

	const close = (entry: OpenRun) => {
		const {id} = entry.run;
		entry.cancelWake?.();
		active.delete(entry);
		starved.delete(entry);
		journal.afterCommit(() => {
			open.delete(id);
			parts.environments.retire(id);
		});
	};

	const startQueued = () => {
		if (isStartingQueued) return;
		isStartingQueued = true;
		for (const entry of queued) {
			if (active.size >= runsActiveMax) break;
			queued.delete(entry);
			active.add(entry);
			append(entry, [{type: 'run.started', body: {}}]);
			settle(entry);
		}

		isStartingQueued = false;
	};

	const stepOf = (entry: OpenRun, stepId: string): StepDefinition =>
		entry.definition.steps.find(step => step.id === stepId)!;

	/** Evaluates what the attempt needs and journals it. Scripts are prepared at once; an agent has to be chosen first. */
	const prepareAttempt = (entry: OpenRun, stepId: string) => {
		const step = stepOf(entry, stepId);
		attemptsRunning++;
		if (step.kind !== 'agent') return startAttempt(entry, step, undefined);
		entry.preparing.add(stepId);
		const wanted = [entry.run.agents, step.agents, entry.definition.agents].find(list => list?.length) ?? [];
		parts.agents
			.choose({workspace: entry.run.workspace, agents: wanted, environment: entry.environment.environment})
			.then(
				agent => {
					entry.preparing.delete(stepId);
					if (isStopped || journal.failure || isRunEnded(entry.run)) return releaseSlot();
					if (entry.run.cancelRequested && entry.run.steps[stepId]!.status === 'pending') {
						releaseSlot();
						return settle(entry);
					}

					startAttempt(entry, step, agent);
					settle(entry);
				},
				error => {
					entry.preparing.delete(stepId);
					releaseSlot();
					failStep(entry, stepId, error);
				},
			);
	};

	const startAttempt = (entry: OpenRun, step: StepDefinition, agent: string | undefined) => {
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
			if (isStopped) return;
			if (entry.stopping.has(step.id)) return endAttempt(entry, step.id, attempt, {status: 'cancelled'});
			watchAttempt(entry, step, attempt, executor => executor.start(context, reportOf(entry)));
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

	const watchAttempt = (
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
				outcome => endAttempt(entry, step.id, attempt, outcome),
				error => endAttempt(entry, step.id, attempt, {status: 'failed', failure: failureOf(error)}),
			);
		} catch (error) {
			parts.onDefect(error, `attempt ${attempt} of ${step.id} in run ${entry.run.id}`);
			endAttempt(entry, step.id, attempt, {status: 'failed', failure: failureOf(error)});
		}
	};

	const endAttempt = (entry: OpenRun, stepId: string, attempt: number, outcome: AttemptOutcome): void => {
		entry.handles.delete(stepId);
		entry.stopping.delete(stepId);
		attemptsRunning--;
		// The attempt's folder keeps the outcome for the next daemon.
		if (isStopped || journal.failure) return;
		if (!isRunEnded(entry.run)) {
			append(entry, eventsOfOutcome(entry.run, stepId, attempt, outcome));
			settle(entry);
		}

		feedStarved();
	};

	const releaseSlot = () => {
		attemptsRunning--;
		feedStarved();
	};

	const feedStarved = () => {
		for (const entry of starved) {
			if (attemptsRunning >= attemptsRunningMax) return;
			starved.delete(entry);
			settle(entry);
		}
	};

	const failStep = (entry: OpenRun, stepId: string, error: unknown) => {
		if (isStopped || journal.failure || isRunEnded(entry.run)) return;
		const {code, message, suggestion, retryable} = failureOf(error);
		append(entry, [{type: 'step.failed', body: {stepId, failure: {code, message, suggestion, retryable}}}]);
		// Not within the decision that led here.
		setImmediate(() => settle(entry));
	};

	const stopAttempt = (entry: OpenRun, stepId: string) => {
		if (entry.stopping.has(stepId)) return;
		entry.stopping.add(stepId);
		entry.handles.get(stepId)?.stop();
	};

	const reportOf =
		(entry: OpenRun): Report =>
		async newEvents => {
			if (isStopped) return;
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
			attemptsRunning++;
			watchAttempt(entry, step, number, executor =>
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
			void entry.handles.get(stepId)?.answerPermission?.(id, optionId ?? null);
		}
	};

	return {
		open,
		queued,
		append,
		settle,
		writeRow,
		startQueued,
		reattach,
		/** Lets go of everything; attempts go on, for the next daemon to find. */
		stop() {
			isStopped = true;
			for (const entry of open.values()) entry.cancelWake?.();
		},
		isStopped: () => isStopped,
		attemptsRunning: () => attemptsRunning,
	};
};

/** An agent may take its question back while the answer is on its way: what was answered stays answered. */
const isLateWithdrawal = (run: RunState, {type, body}: NewEvent): boolean =>
	type === 'approval.withdrawn' && run.approvals[body.approvalId]?.status !== 'open';

export type Driver = ReturnType<typeof createDriver>;
