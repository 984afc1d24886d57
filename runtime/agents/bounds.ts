import {setTimeout as delay} from 'node:timers/promises';

/** Resolves when the signal is aborted, at once where it is already. */
export const abortOf = (signal: AbortSignal) =>
	new Promise<undefined>(resolve => {
		if (signal.aborted) resolve(undefined);
		signal.addEventListener('abort', () => resolve(undefined), {once: true});
	});

/** @throws Error `<what> within <ms> s` where the work takes longer; it is not stopped. */
export const within = async <Value>(ms: number, what: string, work: Promise<Value>): Promise<Value> => {
	const timer = new AbortController();
	try {
		return await Promise.race([
			work,
			delay(ms, undefined, {signal: timer.signal}).then(() => {
				throw new Error(`${what} within ${ms / 1000} s`);
			}),
		]);
	} finally {
		timer.abort();
	}
};
