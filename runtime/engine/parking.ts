import {limits} from '../../source/limits.ts';
import {isRunEnded} from '../../source/run/state.ts';
import {runStatusOf} from '../../source/run/views.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';

export interface ParkingHooks {
	readonly writeRow: (entry: OpenRun) => void;
	readonly isStopped: () => boolean;
	/** Its moment has come: takes it into memory again. */
	readonly wake: (runId: string) => void;
	/** Lets go of a run in memory. */
	readonly leave: (entry: OpenRun) => void;
}

/**
 * Runs that only wait, for a person or a far moment, are not held in memory: the journal has them, and their row says when
 * to look at them again. One timer for all.
 */
export const createParking = (parts: EngineParts, hooks: ParkingHooks) => {
	const {journal, clock} = parts;
	/** By id of the run; each time it is let go of has a mark of its own. */
	const parked = new Map<string, symbol>();
	let nextAtMs: number | undefined;
	let cancelNext: (() => void) | undefined;

	const isIdle = (entry: OpenRun, isStarved: boolean): boolean =>
		entry.run.phase === 'open' &&
		!isStarved &&
		entry.handles.size === 0 &&
		entry.preparing.size === 0 &&
		entry.prepared.size === 0 &&
		entry.run.rollback?.status !== 'running' &&
		runStatusOf(entry.run) !== 'running' &&
		(entry.wakeAtMs === undefined || entry.wakeAtMs - clock.now() >= limits.parkMsMin);

	const watch = (atMs: number | undefined) => {
		if (atMs === undefined || (nextAtMs !== undefined && nextAtMs <= atMs)) return;
		cancelNext?.();
		nextAtMs = atMs;
		cancelNext = clock.at(atMs, () => {
			nextAtMs = undefined;
			wakeDue();
		});
	};

	/** A few at once, so that ten thousand moments that fall together do not hold up everything else. */
	const wakeDue = () => {
		if (hooks.isStopped() || journal.failure) return;
		const due = parts.runs.parkedDue(clock.now(), limits.recoverRunsAtOnce);
		for (const id of due) hooks.wake(id);
		// One that could not be woken stays due: look again with the next one, not at once.
		if (due.length === limits.recoverRunsAtOnce) setImmediate(wakeDue);
		else watch(parts.runs.nextWakeAtMs(clock.now()));
	};

	return {
		isParked: (id: string) => parked.has(id),
		/** Lets go of a run as soon as its row says when it wakes. */
		consider(entry: OpenRun, isStarved: boolean): void {
			const {id} = entry.run;
			if (parked.has(id) || !isIdle(entry, isStarved)) return;
			const {seq} = entry.run;
			const mark = Symbol(id);
			parked.set(id, mark);
			hooks.writeRow(entry);
			journal.afterCommit(() => {
				// Something happened in it, and its row says so.
				if (parked.get(id) !== mark) return;
				const isChanged = entry.run.seq !== seq || isRunEnded(entry.run) || !isIdle(entry, false);
				if (hooks.isStopped()) return;
				if (isChanged) {
					parked.delete(id);
					return hooks.writeRow(entry);
				}

				hooks.leave(entry);
				watch(entry.wakeAtMs);
			});
		},
		/** It is in memory again. */
		forget: (id: string) => void parked.delete(id),
		/** After a start: when the first of those in the journal wakes. */
		begin: () => wakeDue(),
		stop: () => cancelNext?.(),
	};
};
