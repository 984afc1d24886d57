import type {Timers} from '../../../source/tui/store/store.ts';

/** Time that stands still until it is moved. */
export interface TestTimers extends Timers {
	/** How many timers are waiting. */
	readonly pending: number;
	/** Moves time, running what is due on the way and whatever promises that lets go on. */
	advance(ms: number): Promise<void>;
}

export const createTestTimers = (startMs: number): TestTimers => {
	const tasks = new Map<symbol, {atMs: number; task: () => void}>();
	let nowMs = startMs;

	const nextDue = (untilMs: number) =>
		[...tasks].filter(([, {atMs}]) => atMs <= untilMs).toSorted((a, b) => a[1].atMs - b[1].atMs)[0];

	return {
		nowMs: () => nowMs,
		after(delayMs, task) {
			const id = Symbol('timer');
			tasks.set(id, {atMs: nowMs + delayMs, task});
			return () => tasks.delete(id);
		},
		get pending() {
			return tasks.size;
		},
		async advance(ms) {
			const untilMs = nowMs + ms;
			await settled();
			for (let due = nextDue(untilMs); due; due = nextDue(untilMs)) {
				const [id, {atMs, task}] = due;
				tasks.delete(id);
				nowMs = Math.max(nowMs, atMs);
				task();
				await settled();
			}

			nowMs = untilMs;
		},
	};
};

/** Lets everything that needs no time go on until it waits. */
export const settled = async (): Promise<void> => {
	for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
};
