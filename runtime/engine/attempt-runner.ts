import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent, UnitRef} from '../../source/run/events.ts';
import {
	isBudgetHeld,
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
import {createAttemptReports} from './attempt-report.ts';
import type {BudgetDesk} from './budget-desk.ts';
import type {ChildRuns} from './child-runs.ts';
import {takesSlot} from './decide-unit.ts';
import type {EngineParts} from './engine-parts.ts';
import {roundOf} from './failover.ts';
import {createLoads} from './loads.ts';
import {questionBefore} from './money-questions.ts';
import type {OpenRun, Prepared} from './open-run.ts';
import {eventsOfOutcome} from './outcome.ts';
import type {
	AttemptContext,
	AttemptExecutor,
	AttemptHandle,
	AttemptOutcome,
	ChosenTool,
	PassedOver,
	Report,
} from './parts.ts';
import {agentsOf, cachedEvent, needsPreparation, type Preparation, prepareAttempt} from './preparation.ts';
import {recordToolTries} from './tool-tries.ts';
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
	readonly desk: BudgetDesk;
}

/**
 * The attempts of all open runs, from their preparation to their outcome. Counts them, and starts none before its
 * `attempt.started` is durable.
 */
export const createAttemptRunner = (parts: EngineParts, hooks: AttemptHooks) => {
	const {journal, clock} = parts;
	const {append, settle, factsOf, onSlotFree, isStopped, children, desk} = hooks;
	const random = parts.random ?? Math.random;
	const runningMax = parts.attemptsRunningMax ?? limits.attemptsRunningMax;
	let running = 0;
	/** Steps and items whose only agent has as many attempts as it may have. */
	const waiting = new Set<() => void>();
	const loads = createLoads(() => {
		for (const goOn of [...waiting]) setImmediate(goOn);
	});

	const isOver = (entry: OpenRun) => isStopped() || journal.failure !== undefined || isRunEnded(entry.run);

	/** Gets ready what the attempt needs, then journals and starts it. What is slow to find out leads to a new decision. */
	const prepare = (entry: OpenRun, {stepId, item}: UnitRef) => {
		const step = stepOf(entry, stepId);
		if (step.kind === 'uses') return startChild(entry, step, item);
		if (takesSlot(step)) running++;
		const name = unitNameOf(stepId, item);
		const attempt = nextAttemptOf(entry.run, stepId, item);
		const known = entry.prepared.get(name);
		entry.prepared.delete(name);
		if (known && known.attempt !== attempt) giveBack(entry, name, known);
		if (known?.attempt === attempt || !needsPreparation(entry, step, item)) {
			return start(entry, step, item, known ?? {attempt});
		}

		entry.preparing.add(name);
		const facts = {...factsOf(entry), ...contextFacts(entry), attempt, item};
		prepareAttempt(parts, entry, step, facts, {desk, loads, random: random()})
			.then(
				found => {
					if (isOver(entry)) return 'attempt' in found && giveBack(entry, name, found);
					entry.preparing.delete(name);
					if ('verdict' in found) return askForMoney(entry, step, item, attempt, found);
					if ('cached' in found) append(entry, [cachedEvent(stepId, item, found.cached)]);
					// Whether it is still wanted is decided anew: it may have been cancelled, paused or led back over.
					else entry.prepared.set(name, found);
					if ('cacheKey' in found && found.cacheKey) entry.cacheKeys.set(name, found.cacheKey);
				},
				error => {
					if (failureOf(error).code === 'agent.busy' && !isOver(entry)) return waitForAgent(entry, name);
					entry.preparing.delete(name);
					if (!isOver(entry)) failUnstarted(entry, step, item, attempt, error);
				},
			)
			.finally(() => {
				releaseSlot(step);
				if (!isOver(entry)) settle(entry);
			});
	};

	/** Until an attempt of any agent ends, or a moment has passed: it counts as being prepared meanwhile. */
	const waitForAgent = (entry: OpenRun, name: string) => {
		const goOn = () => {
			if (!waiting.delete(goOn)) return;
			cancel();
			entry.preparing.delete(name);
			if (!isOver(entry)) settle(entry);
		};
		const cancel = clock.at(clock.now() + limits.busyAgentLookMs, goOn);
		waiting.add(goOn);
	};

	/** What was prepared and not begun by the decision that followed is not wanted: others may have what it took. */
	const giveBackUnused = (entry: OpenRun) => {
		for (const [name, prepared] of entry.prepared) giveBack(entry, name, prepared);
		entry.prepared.clear();
	};

	/** Of an attempt that does not begin after all: its money, its place with the agent, its try of a breaker. */
	const giveBack = (entry: OpenRun, name: string, {agent, tool}: Pick<Prepared, 'agent' | 'tool'>) => {
		letGo(entry, name, agent);
		if (tool) parts.tools.record(tool.definition, tool.implementations, []);
		if (agent !== undefined) parts.breakers.letGo('agent', agent);
	};

	/** A budget leaves no room for the attempt: the step fails for it, or a person is asked. */
	const askForMoney = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		found: Extract<Preparation, {readonly verdict: unknown}>,
	) => {
		const {events, failure} = questionBefore(entry.run, {step, item, attempt}, found);
		// A question is open already: with its answer this one is looked at again.
		if (!failure && isBudgetHeld(entry.run)) return;
		append(entry, events);
		if (failure) failUnstarted(entry, step, item, attempt, new AiworkflowError(failure));
	};

	/** What was set aside for an attempt, and its place with its agent. */
	const letGo = (entry: OpenRun, name: string, agent: string | undefined) => {
		desk.release(entry.run.id, name);
		if (agent !== undefined) loads.letGo(agent);
	};

	const start = (entry: OpenRun, step: StepDefinition, item: number | undefined, prepared: Prepared) => {
		const {attempt, agent, model, access, tool, snapshot, reservedMicroUsd} = prepared;
		const stepId = step.id;
		let context: AttemptContext;
		try {
			// Evaluated before the attempt is journalled, so that a failing expression is the step's failure.
			context = contextOf(entry, step, item, {attempt, agent, model, access, tool});
		} catch (error) {
			releaseSlot(step);
			giveBack(entry, unitNameOf(stepId, item), prepared);
			failUnstarted(entry, step, item, attempt, error);
			// Not within the decision that led here.
			setImmediate(() => settle(entry));
			return;
		}

		if (snapshot) append(entry, [{type: 'snapshot.taken', body: {stepId, item, attempt, ...snapshot}}]);
		const {deadlineAtMs, resume, target} = context;
		const resumes = resume && unitOf(entry.run, stepId, item).attempts.at(-1)?.number;
		append(entry, [
			...choiceEvents(entry.run, step, item, prepared),
			{
				type: 'attempt.started',
				body: {
					...{stepId, item, attempt, agent, tool: tool?.name, target},
					...{model, access, reservedMicroUsd, resumes, deadlineAtMs},
				},
			},
		]);
		if (tool) entry.tools.set(unitNameOf(stepId, item), tool);
		journal.afterCommit(() => {
			if (isStopped()) return;
			if (entry.stopping.has(unitNameOf(stepId, item))) return end(entry, step, item, attempt, {status: 'cancelled'});
			watch(entry, step, item, attempt, executor => executor.start(context, reportOf(entry, step, item, attempt)));
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
		chosen: Pick<ContextFacts, 'attempt' | 'agent' | 'model' | 'access' | 'tool' | 'ownOutputs'>,
	): AttemptContext => attemptContextOf(entry.run, step, {...factsOf(entry), ...contextFacts(entry), item, ...chosen});

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
		const stoppedFor = entry.stoppedFor.get(name);
		entry.handles.delete(name);
		entry.stopping.delete(name);
		entry.stoppedFor.delete(name);
		if (takesSlot(step)) running--;
		const {agent, tool} = unitOf(entry.run, step.id, item).attempts.at(-1) ?? {};
		if (step.kind === 'agent') letGo(entry, name, agent);

		// The attempt's folder keeps the outcome for the next daemon.
		if (isStopped() || journal.failure) return;
		if (!isRunEnded(entry.run)) {
			const ended: AttemptOutcome =
				stoppedFor && outcome.status === 'cancelled' ? {...outcome, status: 'failed', failure: stoppedFor} : outcome;
			recordOutcome(entry, step, item, ended);
			append(entry, eventsOfOutcome(entry.run, placeOf(entry, step, item, attempt), ended));
			settle(entry);
		} else if (agent !== undefined) {
			parts.breakers.letGo('agent', agent);
		} else if (tool !== undefined) {
			recordToolTries(parts, tool, takenTool(entry, name), {status: 'cancelled'});
		}

		onSlotFree();
	};

	const placeOf = (entry: OpenRun, step: StepDefinition, item: number | undefined, attempt: number) => ({
		...{step, item, attempt, nowMs: clock.now(), random: random()},
		agents: agentsOf(entry, step),
	});

	/** What others learn from it: whether the agent works, and a result that later runs need not find again. */
	const recordOutcome = (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		outcome: AttemptOutcome,
	): void => {
		const name = unitNameOf(step.id, item);
		const {agent, tool} = unitOf(entry.run, step.id, item).attempts.at(-1) ?? {};
		if (tool) recordToolTries(parts, tool, takenTool(entry, name), outcome);
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
	const releaseSlot = (step: StepDefinition) => {
		if (takesSlot(step)) running--;
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
		const {code, message, suggestion, retryable, resetAtMs} = failureOf(error);
		const failure = {code, message, suggestion, retryable, ...(resetAtMs === undefined ? undefined : {resetAtMs})};
		const place = placeOf(entry, step, item, attempt);
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

	const reports = createAttemptReports(parts, {append, settle, stop, desk, isOver});
	const reportOf =
		(entry: OpenRun, step: StepDefinition, item: number | undefined, attempt: number): Report =>
		async newEvents => {
			if (!isStopped() && journal.failure) throw journal.failure;
			await reports.report(entry, step, item, attempt, newEvents);
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
		const {number, agent, model, access, deadlineAtMs, childRunId, reservedMicroUsd} = last;
		if (step.kind === 'uses') {
			return attend(entry, step, item, number, children.reattach(entry, step, childRunId!, deadlineAtMs));
		}

		if (takesSlot(step)) running++;
		if (step.kind === 'agent' && agent !== undefined) {
			loads.take(agent);
			desk.reserve(entry, {step, item, attempt: number, agent, model}, reservedMicroUsd);
		}

		watch(entry, step, item, number, executor => {
			// Once journalled, a deadline stays what it is, however often the daemon restarts.
			const context = {...contextOf(entry, step, item, {attempt: number, agent, model, access}), deadlineAtMs};
			return executor.reattach(context, reportOf(entry, step, item, number));
		});
		reports.redeliver(entry, step, item, number);
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
		giveBackUnused,
		deliver: reports.deliver,
		startUndo: undo.start,
		running: () => running,
		loadOf: loads.of,
		freeSlots: () => runningMax - running,
	};
};

/** Missing: the daemon that chose it is gone. */
const takenTool = (entry: OpenRun, name: string): ChosenTool | undefined => {
	const tool = entry.tools.get(name);
	entry.tools.delete(name);
	return tool;
};

const isCircuitOpen = ({code}: {readonly code: string}) => code === 'agent.circuit-open';

/** A retry before the breaker lets anything through would only be used up. */
const notBefore = (event: NewEvent, atMs: number): NewEvent =>
	event.type === 'attempt.failed'
		? {...event, body: {...event.body, retryAtMs: Math.max(event.body.retryAtMs, atMs)}}
		: event;

const stepOf = (entry: OpenRun, stepId: string): StepDefinition =>
	entry.definition.steps.find(step => step.id === stepId)!;

/** Who was chosen and why, where that is worth telling: something was weighed, or another one was to do it. */
const choiceEvents = (
	run: RunState,
	step: StepDefinition,
	item: number | undefined,
	{attempt, agent, route, passedOver = []}: Prepared,
): NewEvent[] => {
	if (agent === undefined) return [];
	const stepId = step.id;
	const place = {stepId, item, attempt};
	const before = unitOf(run, stepId, item).attempts.at(-1);
	const isTold = ({agent: from, reason}: PassedOver) =>
		// Of those that failed in this round only the last one is news; what does not suit was never to do it.
		reason !== 'unsuitable' &&
		(before?.agent === from || !roundOf(run, step, item).some(tried => tried.agent === from));
	return [
		...(route
			? [
					{
						type: 'agent.routed' as const,
						body: {
							...place,
							agent,
							strategy: route.strategy,
							candidates: route.candidates.map(candidate => ({...candidate, parts: {...candidate.parts}})),
						},
					},
				]
			: []),
		...passedOver.filter(isTold).map(
			({agent: from, reason, detail}): NewEvent => ({
				type: 'agent.switched',
				body: {...place, from, to: agent, reason, detail},
			}),
		),
	];
};
