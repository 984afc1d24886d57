import {cockpitLimits} from '../limits.ts';
import type {CockpitState} from '../state.ts';
import {absorb, type Inflow} from './absorb.ts';
import {nextTickAtMs} from './clock.ts';

/** Time, passed in: tests have their own. */
export interface Timers {
	nowMs(): number;
	/** @returns A function that cancels it. */
	after(delayMs: number, task: () => void): () => void;
}

/** The one place the screen is drawn from. Fits `useSyncExternalStore`. */
export interface Store {
	/** What was last published; what is collected since is not in it. */
	get(): CockpitState;
	subscribe(listener: () => void): () => void;
	/** Takes something from the daemon. The first is painted at once, what follows at most once a frame; none is dropped. */
	collect(inflow: Inflow): void;
	/** Changes something for a person, and paints it at once. */
	change(update: (state: CockpitState) => CockpitState): void;
	/** Ends all timers. */
	stop(): void;
}

export interface StoreOptions {
	readonly timers: Timers;
	readonly frameMs?: number;
}

export const createStore = (initial: CockpitState, {timers, frameMs = cockpitLimits.frameMs}: StoreOptions): Store => {
	let state = initial;
	let queue: Inflow[] = [];
	let publishedAtMs = Number.NEGATIVE_INFINITY;
	let cancelFrame: (() => void) | undefined;
	let cancelTick: (() => void) | undefined;
	let isStopped = false;
	const listeners = new Set<() => void>();

	const publish = (update?: (state: CockpitState) => CockpitState): void => {
		cancelFrame?.();
		cancelFrame = undefined;
		const inflows = queue;
		queue = [];
		publishedAtMs = timers.nowMs();
		const next = absorb({...state, nowMs: publishedAtMs}, inflows);
		state = update ? update(next) : next;
		for (const listener of listeners) listener();
		scheduleTick();
	};

	const scheduleTick = (): void => {
		cancelTick?.();
		cancelTick = undefined;
		const atMs = isStopped ? undefined : nextTickAtMs(state);
		if (atMs !== undefined) cancelTick = timers.after(Math.max(1, atMs - timers.nowMs()), () => publish());
	};

	return {
		get: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		collect(inflow) {
			if (isStopped) return;
			queue.push(inflow);
			if (cancelFrame) return;
			const waitMs = publishedAtMs + frameMs - timers.nowMs();
			if (waitMs <= 0) publish();
			else cancelFrame = timers.after(waitMs, () => publish());
		},
		change(update) {
			if (!isStopped) publish(update);
		},
		stop() {
			isStopped = true;
			cancelFrame?.();
			cancelTick?.();
		},
	};
};

export const realTimers: Timers = {
	nowMs: () => Date.now(),
	after(delayMs, task) {
		const timer = setTimeout(task, delayMs);
		return () => clearTimeout(timer);
	},
};
