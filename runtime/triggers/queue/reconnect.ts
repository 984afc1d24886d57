import {limits} from '../../../source/limits.ts';
import type {Clock} from '../../engine/parts.ts';

/** @returns Milliseconds until the next try, after so many that failed one after the other. */
export const reconnectDelayMs = (failures: number, random: () => number = Math.random): number => {
	const {queueReconnectMsMin, queueReconnectMsMax} = limits;
	const longestMs = Math.min(queueReconnectMsMin * 2 ** Math.min(failures - 1, 20), queueReconnectMsMax);
	// Daemons that lost a server together must not come back together.
	return Math.round(longestMs * (0.5 + random() / 2));
};

/** Resolves at a moment, or as soon as the signal fires. */
export const waitUntil = (clock: Clock, atMs: number, signal: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		if (signal.aborted) {
			resolve();
			return;
		}

		const end = () => {
			cancel();
			signal.removeEventListener('abort', end);
			resolve();
		};
		const cancel = clock.at(atMs, end);
		signal.addEventListener('abort', end);
	});

/** @throws Whatever `late` makes, where a promise takes longer than a server may. */
export const withinServerTime = async <T>(promise: Promise<T>, late: () => Error): Promise<T> => {
	const {promise: timedOut, reject} = Promise.withResolvers<never>();
	const timer = setTimeout(() => reject(late()), limits.queueServerMs);
	try {
		return await Promise.race([promise, timedOut]);
	} finally {
		clearTimeout(timer);
	}
};
