import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent, Origin} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import {isRunEnded, isRunSettled, type RunState, unitNameOf} from '../../source/run/state.ts';
import {approvalViewOf, runStatusOf} from '../../source/run/views.ts';
import {createAcceptance} from './acceptance.ts';
import {createAttemptRunner} from './attempt-runner.ts';
import {createBudgetDesk} from './budget-desk.ts';
import {createChildRuns} from './child-runs.ts';
import {type Decision, decide} from './decide.ts';
import {engineOrigin} from './draft.ts';
import type {EngineParts} from './engine-parts.ts';
import {createGroups} from './groups.ts';
import {type OpenRun, openRunOf} from './open-run.ts';
import {createParking} from './parking.ts';
import {ledgerEntryOf} from './pricing.ts';

/**
 * The embedded shell around `decide`: does what it says, appends what came of it, and starts no effect before the event
 * that announces it is durable.
 */
export const createDriver = (parts: EngineParts) => {
	const {journal, clock} = parts;
	const runsActiveMax = parts.runsActiveMax ?? limits.runsActiveMax;
	const open = new Map<string, OpenRun>();
	/** Runs with something running. */
	const active = new Set<OpenRun>();
	/** Runs not started yet, oldest first. */
	const queued = new Set<OpenRun>();
	/** Runs with a step that only waits for a free attempt slot, oldest first. */
	const starved = new Set<OpenRun>();
	const groups = createGroups();
	let isStopped = false;
	let isDraining = false;
	let isStartingQueued = false;
	let isQueueHeld = false;

	const append = (entry: OpenRun, newEvents: readonly NewEvent[]) => {
		const atMs = clock.now();
		if (newEvents.length > 0 && parking.isParked(entry.run.id)) {
			// In the same commit, or the next daemon takes it for a run that only waits.
			parking.forget(entry.run.id);
			writeRow(entry);
		}

		for (const newEvent of newEvents) {
			const {run: before} = entry;
			const event = journal.append({id: before.id, key: entry.key}, before.seq + 1, newEvent, atMs);
			entry.run = reduce(before, event);
			if (runStatusOf(entry.run) !== runStatusOf(before) || before.rollback !== entry.run.rollback) writeRow(entry);
			if (event.type === 'usage.recorded') {
				const line = ledgerEntryOf(entry.run, event);
				journal.project(() => parts.money?.ledger.write(line));
			}

			if (newEvent.type === 'budget.extended') {
				const {cursor} = event;
				const {budget, by} = newEvent.body;
				journal.project(() => parts.money?.budgets.extend({cursor, atMs, budget, by}));
			}

			if ('approvalId' in newEvent.body && newEvent.type !== 'run.rewound') {
				writeApproval(entry, newEvent.body.approvalId);
			}
		}
	};

	const writeRow = (entry: OpenRun) => {
		if (entry.isRowDue) return;
		entry.isRowDue = true;
		journal.project(() => {
			entry.isRowDue = false;
			parts.runs.write(entry.run, entry.key, {isParked: parking.isParked(entry.run.id), wakeAtMs: entry.wakeAtMs});
		});
	};

	const writeApproval = (entry: OpenRun, approvalId: string) => {
		// Made here and not within the commit, where a defect of one run would end the journal for all.
		const view = approvalViewOf(entry.run, entry.run.approvals[approvalId]!);
		journal.project(() => parts.approvals.write(view, entry.key));
	};

	/** Decides until there is nothing to do but wait. */
	const settle = (entry: OpenRun) => {
		if (isStopped || isRunSettled(entry.run)) return;
		let decision: Decision | undefined;
		try {
			const facts = {
				...factsOf(entry),
				attemptSlots: attempts.freeSlots(),
				preparing: entry.preparing,
				prepared: entry.prepared,
				isDraining,
			};
			decision = decide(entry.run, facts);
			append(entry, decision.events);
			for (const unit of decision.stops) attempts.stop(entry, unit);
			for (const unit of decision.starts) attempts.prepare(entry, unit);
			if (decision.undo) attempts.startUndo(entry, decision.undo);
			if (decision.isStarved) {
				starved.add(entry);
			} else {
				starved.delete(entry);
				attempts.giveBackUnused(entry);
			}

			setWake(entry, decision.wakeAtMs);
		} catch (error) {
			if (journal.failure) return;
			failOnDefect(entry, error);
		}

		if (isRunSettled(entry.run)) close(entry);
		else if (runStatusOf(entry.run) === 'running') active.add(entry);
		else active.delete(entry);
		if (!isRunSettled(entry.run)) parking.consider(entry, starved.has(entry));
		startQueued();
	};

	const factsOf = (entry: OpenRun) => ({
		definition: entry.definition,
		secrets: entry.environment.secrets,
		nowMs: clock.now(),
		readText(stepId: string, item?: number) {
			const name = unitNameOf(stepId, item);
			const known = entry.texts.get(name);
			if (known !== undefined) return known;
			const text = parts.readText(entry.run, stepId, item);
			entry.texts.set(name, text);
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
		if (!isRunEnded(entry.run)) append(entry, [{type: 'run.failed', body: {failure: {code, message, suggestion}}}]);
		if (entry.run.rollback?.status !== 'running') return;
		const left = entry.run.rollback.targets.filter(({status}) => status !== 'undone');
		const plain = left.map(({stepId, item, attempt, how}) => ({stepId, item, attempt, how}));
		append(entry, [{type: 'rollback.completed', body: {undone: 0, left: plain}}]);
	};

	const close = (entry: OpenRun) => {
		const {id} = entry.run;
		entry.cancelWake?.();
		active.delete(entry);
		starved.delete(entry);
		groups.leave(entry.run);
		attempts.giveBackUnused(entry);
		children.ended(entry.run);
		journal.afterCommit(() => {
			// It may have been opened again in the meantime.
			if (!isRunSettled(entry.run)) return;
			open.delete(id);
			parts.environments.retire(id);
		});
	};

	const startQueued = () => {
		if (isStartingQueued || isDraining || isQueueHeld) return;
		isStartingQueued = true;
		for (const entry of queued) {
			if (active.size >= runsActiveMax) break;
			if (groups.isBlocked(entry.run)) continue;
			queued.delete(entry);
			begin(entry);
		}

		isStartingQueued = false;
	};

	const begin = (entry: OpenRun) => {
		open.set(entry.run.id, entry);
		if (isRunEnded(entry.run)) return close(entry);
		active.add(entry);
		groups.note(entry.run, 'begun');
		if (entry.run.phase === 'queued') append(entry, [{type: 'run.started', body: {}}]);
		settle(entry);
	};

	/** A place became free: the run that has waited longest for one goes on. */
	const feedStarved = () => {
		for (const entry of starved) {
			if (attempts.freeSlots() <= 0) return;
			starved.delete(entry);
			settle(entry);
		}
	};

	/** Takes a run into memory as the journal has it, and finds what it has running. */
	const load = (id: string): OpenRun | undefined => {
		const known = open.get(id);
		if (known) return known;
		const entry = read(id);
		if (!entry) return undefined;
		open.set(id, entry);
		parking.forget(id);
		if (entry.run.phase === 'queued') queued.add(entry);
		else if (!isRunSettled(entry.run)) attempts.reattach(entry);
		// Whatever follows, the next daemon must not take it for a run that only waits.
		if (!isRunEnded(entry.run)) writeRow(entry);
		groups.note(entry.run, entry.run.phase === 'queued' ? 'queued' : 'begun');
		return entry;
	};

	/** @returns The run as the journal has it; of an ended one as well. */
	const read = (id: string): OpenRun | undefined => {
		const run = parts.events.ofRun(id).reduce<RunState | undefined>(reduce, undefined);
		if (!run) return undefined;
		const key = parts.runs.keyOf(id)!;
		return openRunOf(run, key, parts.definitions.read(run.workflow.hash), parts.environments.load(id));
	};

	const cancel = (id: string, origin: Origin, reason: string) => {
		const entry = load(id);
		if (!entry || isRunEnded(entry.run)) return;
		if (queued.delete(entry)) append(entry, [{type: 'run.started', body: {}}]);
		if (!entry.run.cancelRequested) append(entry, [{type: 'run.cancel-requested', body: {origin, reason}}]);
		settle(entry);
	};

	const accept = createAcceptance(parts, entry => writeRow(entry));
	const children = createChildRuns(parts, {
		...{accept, append, factsOf, begin, cancel},
		find: id => (open.get(id) ?? load(id))?.run,
	});
	const desk = createBudgetDesk(parts, id => open.get(id) ?? read(id));
	const attempts = createAttemptRunner(parts, {
		...{append, settle, factsOf, children, desk},
		onSlotFree: feedStarved,
		isStopped: () => isStopped,
	});
	const parking = createParking(parts, {
		writeRow,
		isStopped: () => isStopped,
		wake(id) {
			const entry = load(id);
			if (entry) settle(entry);
		},
		leave(entry) {
			entry.cancelWake?.();
			entry.cancelWake = undefined;
			active.delete(entry);
			open.delete(entry.run.id);
		},
	});

	/** Puts an accepted run into the queue, by the rules of its group. */
	const enqueue = (entry: OpenRun) => {
		const {run} = entry;
		open.set(run.id, entry);
		const others = groups.othersOf(run);
		groups.note(run, 'queued');
		if (others.length > 0 && run.concurrency?.overlap === 'skip') {
			const reason = `run ${others[0]} of the group "${run.concurrency.group}" has not ended`;
			append(entry, [
				{type: 'run.started', body: {}},
				{type: 'run.cancel-requested', body: {origin: engineOrigin, reason}},
			]);
			return settle(entry);
		}

		if (run.concurrency?.overlap === 'cancel-previous') {
			const reason = `run ${run.id} of the group "${run.concurrency.group}" takes its place`;
			for (const id of others) cancel(id, engineOrigin, reason);
		}

		queued.add(entry);
		startQueued();
	};

	return {
		...{open, queued, append, settle, writeRow, startQueued, accept, enqueue, load, read, cancel, groups, parking},
		reattach: attempts.reattach,
		deliver: attempts.deliver,
		/** While the open runs are taken up it is not known how many are active. */
		holdQueue() {
			isQueueHeld = true;
		},
		releaseQueue() {
			isQueueHeld = false;
			startQueued();
		},
		/** Nothing new begins; what runs goes on. */
		drain(isOn: boolean) {
			isDraining = isOn;
			if (isOn) return;
			for (const entry of [...open.values()]) settle(entry);
			startQueued();
		},
		/** Lets go of everything; attempts go on, for the next daemon to find. */
		stop() {
			isStopped = true;
			parking.stop();
			for (const entry of open.values()) entry.cancelWake?.();
		},
		isStopped: () => isStopped,
		attemptsRunning: attempts.running,
		loadOf: attempts.loadOf,
		isDraining: () => isDraining,
	};
};

export type Driver = ReturnType<typeof createDriver>;
