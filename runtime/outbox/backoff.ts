import {limits} from '../../source/limits.ts';

/**
 * @param tries How many have failed.
 * @param random 0 to 1. The whole wait is scattered: what failed together must not be tried again together.
 * @returns Milliseconds until the next try.
 */
export const backoffMsOf = (tries: number, random: number): number => {
	const {deliveryBackoffMs, deliveryBackoffFactor, deliveryBackoffMsMin, deliveryBackoffMsMax} = limits;
	const longestMs = Math.min(deliveryBackoffMs * deliveryBackoffFactor ** (tries - 1), deliveryBackoffMsMax);
	return Math.max(deliveryBackoffMsMin, Math.round(longestMs * random));
};

/** @returns Milliseconds that a receiver asks to be left alone, by its `Retry-After`; `undefined` where it does not say. */
export const retryAfterMsOf = (header: string | null, nowMs: number): number | undefined => {
	const text = header?.trim() ?? '';
	const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
	return Number.isNaN(ms) ? undefined : Math.max(ms, limits.deliveryBackoffMsMin);
};
