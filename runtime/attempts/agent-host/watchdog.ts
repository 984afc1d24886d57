/**
 * Ends an attempt that is silent or late. Silence counts from the first sign of life, for adapters bound their own start,
 * and not while the agent waits for a person.
 */
export interface Watchdog {
	/** Something came from the agent. */
	touch(): void;
	/** @param isWaiting Whether it now waits for a person. */
	pause(isWaiting: boolean): void;
	stop(): void;
}

export interface WatchdogOptions {
	readonly idleMs: number;
	/** Unix milliseconds. */
	readonly deadlineAtMs?: number;
	readonly onStalled: () => void;
	readonly onTimedOut: () => void;
}

/** The longest time between two looks; short enough that a suspended laptop's clock jump is noticed soon. */
const lookMsMax = 1000;

export const createWatchdog = ({idleMs, deadlineAtMs, onStalled, onTimedOut}: WatchdogOptions): Watchdog => {
	let touchedMs: number | undefined;
	let isWaiting = false;
	const look = () => {
		if (deadlineAtMs !== undefined && Date.now() >= deadlineAtMs) onTimedOut();
		else if (!isWaiting && touchedMs !== undefined && performance.now() - touchedMs >= idleMs) onStalled();
	};

	const timer = setInterval(look, Math.max(10, Math.min(lookMsMax, idleMs / 4)));
	return {
		touch() {
			touchedMs = performance.now();
		},
		pause(waits) {
			isWaiting = waits;
			touchedMs = performance.now();
		},
		stop: () => clearInterval(timer),
	};
};
