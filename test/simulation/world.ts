import {isDeepStrictEqual} from 'node:util';
import {type Decision, decide} from '../../runtime/engine/decide.ts';
import {undoTargetsOf} from '../../runtime/engine/decide-rollback.ts';
import {eventsOfOutcome} from '../../runtime/engine/outcome.ts';
import type {AttemptOutcome} from '../../runtime/engine/parts.ts';
import type {JournalEvent, NewEvent, UnitRef} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import {
	isRunEnded,
	isRunSettled,
	isStepEnded,
	itemsOf,
	nextAttemptOf,
	type RollbackTarget,
	type RunState,
	type UnitState,
	undoKeyOf,
	unitNameOf,
	unitOf,
} from '../../source/run/state.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {stepOutlinesOf} from '../../source/workflow/plan.ts';
import {checkRun, checkStart, fail} from './invariants.ts';
import type {Random} from './random.ts';

/** A process as the operating system has it: it lives on when the daemon dies. */
interface Process {
	readonly run: number;
	readonly unit: UnitRef;
	readonly attempt: number;
	readonly undo?: RollbackTarget;
	outcome: AttemptOutcome;
	endsAtMs: number;
	isEnded: boolean;
}

interface Entry {
	readonly definition: WorkflowDefinition;
	state: RunState;
	preparing: Set<string>;
	prepared: Set<string>;
	stopping: Set<string>;
	wakeAtMs: number | undefined;
}

/** What a mutation of the engine may change, to prove that the simulation can fail. */
export interface Engine {
	readonly decide: typeof decide;
	readonly eventsOfOutcome: typeof eventsOfOutcome;
	readonly reduce: typeof reduce;
	/** Starts effects before the commit that announces them. */
	readonly isHasty?: boolean;
}

export const realEngine: Engine = {decide, eventsOfOutcome, reduce};

const origin = {by: 'simulation', via: 'test'};
const slotsMax = 4;

/**
 * The shell around the pure core, with a clock, a disk and processes made up from a seed. It keeps the rules of the real
 * one: an event is durable with the next commit, an effect begins after the commit of the event that announces it, a
 * process outlives the daemon, an attempt is claimed once.
 */
export const createWorld = (random: Random, definitions: readonly WorkflowDefinition[], engine: Engine) => {
	/** All events; the first `durable` of them are on the disk. */
	let log: {readonly run: number; readonly event: JournalEvent}[] = [];
	let durable = 0;
	let afterCommit: (() => void)[] = [];
	let nowMs = 1_000_000_000_000;
	const processes = new Map<string, Process>();
	const counts = {events: 0, attempts: 0, crashes: 0, commits: 0};
	let entries: Entry[] = [];
	/** Outcomes are taken in once the process has ended and the daemon looks. */
	const watched = new Set<string>();

	const append = (index: number, ...events: NewEvent[]) => {
		const entry = entries[index]!;
		for (const newEvent of events) {
			const seq = entry.state.seq + 1;
			const event = {...newEvent, runId: entry.state.id, seq, cursor: log.length + 1, atMs: nowMs} as JournalEvent;
			if (newEvent.type === 'attempt.started') checkStart(entry.state, newEvent.body);
			entry.state = engine.reduce(entry.state, event);
			log.push({run: index, event});
			counts.events++;
		}
	};

	const commit = () => {
		durable = log.length;
		counts.commits++;
		const callbacks = afterCommit;
		afterCommit = [];
		for (const callback of callbacks) callback();
	};

	const running = () =>
		entries.reduce((sum, {state, preparing}) => {
			const ofSteps = Object.values(state.steps).flatMap(step => [step, ...(step.items ? itemsOf(step.items) : [])]);
			return sum + preparing.size + ofSteps.filter(isRunning).length;
		}, 0);

	const settle = (index: number) => {
		const entry = entries[index]!;
		if (isRunSettled(entry.state)) return;
		const facts = {
			...{definition: entry.definition, nowMs, secrets: {}, readText: () => ''},
			...{attemptSlots: Math.max(0, slotsMax - running()), preparing: entry.preparing},
		};
		const decision = engine.decide(entry.state, facts);
		checkIdempotent(decision, facts);
		append(index, ...decision.events);
		for (const unit of decision.stops) stop(index, unit);
		for (const unit of decision.starts) start(index, unit);
		if (decision.undo) undo(index, decision.undo);
		entry.wakeAtMs = decision.wakeAtMs;
		if (running() > slotsMax) fail(`${running()} attempts run at once; there are ${slotsMax} places`);
		checkRun(entry.state, entry.definition);
		checkStopped(entry);
	};

	/** What began before the cancellation has been told to stop. */
	const checkStopped = ({state, stopping}: Entry) => {
		const {cancelRequested} = state;
		if (!cancelRequested || isRunEnded(state)) return;
		for (const {id, attempts} of Object.values(state.steps)) {
			const last = attempts.at(-1);
			const isLeft = last?.status === 'running' && last.startedSeq < cancelRequested.seq;
			if (isLeft && !stopping.has(id)) fail(`${id} goes on although the run was cancelled`);
		}
	};

	const checkIdempotent = (first: Decision, facts: Parameters<typeof decide>[1]) => {
		const second = engine.decide(first.run, facts);
		if (second.events.length > 0) fail(`deciding again gives ${second.events[0]!.type}`);
		for (const key of ['starts', 'stops', 'wakeAtMs'] as const) {
			if (!isDeepStrictEqual(first[key], second[key])) fail(`deciding again gives other ${key}`);
		}
	};

	const start = (index: number, unit: UnitRef) => {
		const entry = entries[index]!;
		const name = unitNameOf(unit.stepId, unit.item);
		const step = entry.definition.steps.find(({id}) => id === unit.stepId)!;
		// An agent is chosen first, which takes a while; what comes of it leads to a new decision.
		if (step.kind === 'agent' && !entry.prepared.delete(name)) return void entry.preparing.add(name);
		const attempt = nextAttemptOf(entry.state, unit.stepId, unit.item);
		append(index, {type: 'attempt.started', body: {...unit, attempt}});
		const key = keyOf(index, name, attempt);
		const position = log.length;
		const begin = () => {
			if (position > durable) fail(`${key} begins before its attempt is durable`);
			const isStopped = entry.stopping.has(name);
			spawn(key, {
				run: index,
				unit,
				attempt,
				outcome: isStopped ? {status: 'cancelled'} : randomOutcome(),
				endsAtMs: nowMs + (isStopped ? 0 : random.between(0, 3000)),
				isEnded: false,
			});
		};
		if (engine.isHasty) begin();
		else afterCommit.push(begin);
	};

	const undo = (index: number, target: RollbackTarget) => {
		const {stepId, item, attempt, how} = target;
		append(index, {type: 'undo.started', body: {stepId, item, attempt, how}});
		const tries = entries[index]!.state.rollback!.targets.find(each => undoKeyOf(each) === undoKeyOf(target))!.tries;
		const key = keyOf(index, `undo ${undoKeyOf(target)} ${entries[index]!.state.rollbackCount}`, tries);
		afterCommit.push(() => {
			const outcome: AttemptOutcome = random.chance(0.8)
				? {status: 'completed', outputs: {}}
				: failure('script.failed');
			spawn(key, {
				run: index,
				unit: {stepId, item},
				attempt,
				undo: target,
				outcome,
				endsAtMs: nowMs + 10,
				isEnded: false,
			});
		});
	};

	const spawn = (key: string, process: Process) => {
		if (processes.has(key)) fail(`${key} is started twice`);
		processes.set(key, process);
		watched.add(key);
		counts.attempts++;
	};

	const stop = (index: number, {stepId, item}: UnitRef) => {
		const entry = entries[index]!;
		const name = unitNameOf(stepId, item);
		if (entry.stopping.has(name)) return;
		entry.stopping.add(name);
		const process = processes.get(keyOf(index, name, unitOf(entry.state, stepId, item).attempts.at(-1)!.number));
		if (!process || process.isEnded) return;
		// Some are done before they notice.
		if (random.chance(0.8)) process.outcome = {status: 'cancelled'};
		process.endsAtMs = Math.min(process.endsAtMs, nowMs + random.between(0, 50));
	};

	const randomOutcome = (): AttemptOutcome => {
		if (random.chance(0.55))
			return {status: 'completed', outputs: {isDone: random.chance(0.4), n: random.between(1, 9)}};
		if (random.chance(0.1)) return {status: 'interrupted', reason: 'vanished'};
		return failure(random.pick(['script.failed', 'attempt.timed-out', 'agent.crashed', 'output.invalid']));
	};

	/** The daemon notices an end, sometimes more than once. */
	const takeIn = (key: string, process: Process) => {
		const {run: index, unit, attempt, undo: target, outcome} = process;
		const entry = entries[index]!;
		watched.delete(key);
		if (target) {
			const {stepId, item, how} = target;
			const body = {stepId, item, attempt, how};
			const isWaited = entry.state.rollback?.targets.some(
				each => undoKeyOf(each) === undoKeyOf(target) && each.status === 'running',
			);
			if (!isWaited || entry.state.rollback?.status !== 'running') return;
			if (outcome.status === 'failed') append(index, {type: 'undo.failed', body: {...body, failure: outcome.failure}});
			else append(index, {type: 'undo.completed', body});
			return settle(index);
		}

		const last = unitOf(entry.state, unit.stepId, unit.item).attempts.at(-1);
		if (isRunEnded(entry.state) || last?.number !== attempt || last.status !== 'running') return;
		entry.stopping.delete(unitNameOf(unit.stepId, unit.item));
		endAttempt(index, unit, attempt, outcome);
		settle(index);
	};

	const endAttempt = (index: number, unit: UnitRef, attempt: number, outcome: AttemptOutcome) => {
		const {state, definition} = entries[index]!;
		const step = definition.steps.find(({id}) => id === unit.stepId)!;
		const place = {step, item: unit.item, attempt, nowMs, random: random.next()};
		append(index, ...engine.eventsOfOutcome(state, place, outcome));
	};

	/** The daemon dies and another one reads the journal. @param isReboot The processes die with it. */
	const crash = (isReboot: boolean) => {
		counts.crashes++;
		log = log.slice(0, durable);
		afterCommit = [];
		watched.clear();
		if (isReboot) {
			for (const process of processes.values()) {
				if (process.isEnded) continue;
				process.isEnded = true;
				process.outcome = {status: 'interrupted', reason: 'vanished'};
			}
		}

		recover();
	};

	const recover = () => {
		const states = new Map<number, RunState>();
		for (const {run, event} of log) states.set(run, engine.reduce(states.get(run), event));
		entries = entries.map(({definition}, index) => newEntry(definition, states.get(index)!));
		for (const [index, {state}] of entries.entries()) if (!isRunSettled(state)) reattach(index);
		for (const index of entries.keys()) settle(index);
	};

	const reattach = (index: number) => {
		const {state} = entries[index]!;
		const find = (key: string, unit: UnitRef, attempt: number) => {
			// Nobody began it: the daemon takes the claim itself, so that nobody ever will.
			if (processes.has(key)) return void watched.add(key);
			const outcome: AttemptOutcome = {status: 'interrupted', reason: 'never-claimed'};
			processes.set(key, {run: index, unit, attempt, outcome, endsAtMs: nowMs, isEnded: true});
			endAttempt(index, unit, attempt, outcome);
		};

		for (const {id: stepId, items, ...step} of Object.values(state.steps)) {
			const units: [number | undefined, UnitState][] = items
				? items.active.map(item => [item, unitOf(state, stepId, item)])
				: [[undefined, step]];
			for (const [item, unit] of units) {
				const last = unit.attempts.at(-1);
				if (last?.status === 'running')
					find(keyOf(index, unitNameOf(stepId, item), last.number), {stepId, item}, last.number);
			}
		}

		const target =
			state.rollback?.status === 'running'
				? state.rollback.targets.find(({status}) => status === 'running')
				: undefined;
		if (!target) return;
		const key = keyOf(index, `undo ${undoKeyOf(target)} ${state.rollbackCount}`, target.tries);
		if (processes.has(key)) watched.add(key);
		else undo(index, target);
	};

	const create = () => {
		for (const [index, definition] of definitions.entries()) {
			const body = {
				...{number: index + 1, workflow: {name: 'w', hash: 'h', file: '/w.md'}, workspace: '/w', inputs: {}},
				...{approveAll: random.chance(0.1), origin, steps: stepOutlinesOf(definition)},
			};
			const event = {
				type: 'run.created',
				body,
				runId: `run${index}`,
				seq: 1,
				cursor: log.length + 1,
				atMs: nowMs,
			} as JournalEvent;
			log.push({run: index, event});
			entries.push(newEntry(definition, reduce(undefined, event)));
			append(index, {type: 'run.started', body: {}});
		}

		// A run is acknowledged once it is durable.
		commit();
		for (const index of entries.keys()) settle(index);
	};

	const act = (index: number) => {
		const {state, definition} = entries[index]!;
		if (isRunSettled(state)) return actAfterEnd(index);
		if (isRunEnded(state)) return;
		const step = random.pick(Object.values(state.steps));
		const open = Object.values(state.approvals).filter(({status}) => status === 'open');
		const action = random.pick([
			'answer',
			'answer',
			'answer',
			'pause',
			'resume',
			'cancel',
			'skip',
			'cancel-step',
			'signal',
		]);
		if (action === 'answer' && open.length > 0) return answer(index, random.pick(open).id, random.chance(0.5));
		if (action === 'pause' && !state.paused) append(index, {type: 'run.paused', body: {origin, reason: 'x'}});
		if (action === 'resume' && state.paused) append(index, {type: 'run.resumed', body: {origin}});
		if (action === 'cancel' && !state.cancelRequested && random.chance(0.2))
			append(index, {type: 'run.cancel-requested', body: {origin, reason: 'x'}});
		if (action === 'skip' && !isStepEnded(step.status))
			append(index, {type: 'step.skip-requested', body: {stepId: step.id, origin, reason: 'x'}});
		if (action === 'cancel-step' && !isStepEnded(step.status) && random.chance(0.3))
			append(index, {type: 'step.cancel-requested', body: {stepId: step.id, origin, reason: 'x'}});
		if (action === 'signal')
			append(index, {
				type: 'signal.received',
				body: {name: random.pick(['go', 'stop']), data: definition.steps.length, origin},
			});
		settle(index);
	};

	/** A retry from a step, or a rollback. */
	const actAfterEnd = (index: number) => {
		if (random.chance(0.7)) return;
		const {state, definition} = entries[index]!;
		if (random.chance(0.5)) {
			const targets = undoTargetsOf(state, definition);
			if (targets.length > 0) append(index, {type: 'rollback.started', body: {origin, reason: 'x', targets}});
		} else {
			const from = random.between(0, state.stepOrder.length - 1);
			const stepIds = state.stepOrder.filter((_, place) => place >= from);
			append(index, {type: 'run.reopened', body: {origin, stepIds, reason: 'x'}});
		}

		settle(index);
	};

	const answer = (index: number, approvalId: string, isApproved: boolean) => {
		const {stepId, item} = entries[index]!.state.approvals[approvalId]!;
		append(index, {
			type: isApproved ? 'approval.approved' : 'approval.rejected',
			body: {approvalId, stepId, item, origin},
		});
		settle(index);
	};

	const pass = (ms: number) => {
		nowMs += ms;
		for (const process of processes.values()) if (process.endsAtMs <= nowMs) process.isEnded = true;
	};

	/** To the next moment at which something happens by itself. @returns Whether there is one. */
	const passToNext = (): boolean => {
		const ends = [...processes]
			.filter(([key, {isEnded}]) => !isEnded && watched.has(key))
			.map(([, {endsAtMs}]) => endsAtMs);
		const wakes = entries.flatMap(({wakeAtMs}) => wakeAtMs ?? []);
		const next = Math.min(...ends, ...wakes);
		if (!Number.isFinite(next)) return false;
		pass(Math.max(0, next - nowMs));
		return true;
	};

	const takeInEnded = () => {
		for (const [key, process] of [...processes]) {
			if (!process.isEnded || !watched.has(key)) continue;
			takeIn(key, process);
			if (random.chance(0.1)) takeIn(key, process);
		}
	};

	const finishPreparing = () => {
		for (const [index, entry] of entries.entries()) {
			const names = [...entry.preparing];
			entry.preparing.clear();
			for (const name of names) entry.prepared.add(name);
			if (names.length > 0) settle(index);
		}
	};

	return {
		counts,
		create,
		commit,
		crash,
		act,
		answer,
		pass,
		passToNext,
		takeInEnded,
		finishPreparing,
		settle,
		append,
		entries: () => entries,
		log: () => log,
		/** Whether the fold of what is written is what is in memory. */
		checkReplay() {
			const states = new Map<number, RunState>();
			for (const {run, event} of log) states.set(run, engine.reduce(states.get(run), event));
			for (const [index, {state}] of entries.entries()) {
				if (!isDeepStrictEqual(states.get(index), state)) fail(`run ${index}: the replayed state is another one`);
				if (!isDeepStrictEqual(JSON.parse(JSON.stringify(state)), JSON.parse(JSON.stringify(states.get(index)))))
					fail('state is no JSON');
			}
		},
	};
};

export type World = ReturnType<typeof createWorld>;

const keyOf = (index: number, name: string, attempt: number) => `${index} ${name} #${attempt}`;
const isRunning = ({attempts}: UnitState) => attempts.at(-1)?.status === 'running';
const failure = (code: string): AttemptOutcome => ({
	status: 'failed',
	failure: {code, message: 'no', retryable: code !== 'output.invalid'},
});
const newEntry = (definition: WorkflowDefinition, state: RunState): Entry => ({
	...{definition, state, preparing: new Set(), prepared: new Set(), stopping: new Set(), wakeAtMs: undefined},
});
