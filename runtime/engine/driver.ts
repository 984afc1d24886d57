import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {isRunEnded, reduce} from '../../source/run/state.ts';
import {approvalViewOf, runStatusOf} from '../../source/run/views.ts';
import {createAttemptRunner} from './attempt-runner.ts';
import {decide} from './decide.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';

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

	const writeApproval = (entry: OpenRun, approvalId: string) => {
		// Made here and not within the commit, where a defect of one run would end the journal for all.
		const view = approvalViewOf(entry.run, entry.run.approvals[approvalId]!);
		journal.project(() => parts.approvals.write(view, entry.key));
	};

	/** Decides until there is nothing to do but wait. */
	const settle = (entry: OpenRun) => {
		if (isStopped || isRunEnded(entry.run)) return;
		try {
			const facts = {...factsOf(entry), attemptSlots: attempts.freeSlots(), preparing: entry.preparing};
			const decision = decide(entry.run, facts);
			append(entry, decision.events);
			for (const stepId of decision.stops) attempts.stop(entry, stepId);
			for (const stepId of decision.starts) attempts.prepare(entry, stepId);
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

	/** A place became free: the run that has waited longest for one goes on. */
	const feedStarved = () => {
		for (const entry of starved) {
			if (attempts.freeSlots() <= 0) return;
			starved.delete(entry);
			settle(entry);
		}
	};

	const attempts = createAttemptRunner(parts, {
		append,
		settle,
		factsOf,
		onSlotFree: feedStarved,
		isStopped: () => isStopped,
	});

	return {
		open,
		queued,
		append,
		settle,
		writeRow,
		startQueued,
		reattach: attempts.reattach,
		answerPermission: attempts.answerPermission,
		/** Lets go of everything; attempts go on, for the next daemon to find. */
		stop() {
			isStopped = true;
			for (const entry of open.values()) entry.cancelWake?.();
		},
		isStopped: () => isStopped,
		attemptsRunning: attempts.running,
	};
};
