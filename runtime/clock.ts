import type {Clock} from './engine/parts.ts';

/** The real time. A moment beyond what one `setTimeout` can hold is reached in chunks; a clock set back is waited for. */
export const systemClock: Clock = {
	now: Date.now,
	at(atMs, callback) {
		let timer: NodeJS.Timeout;
		const wait = () => {
			const leftMs = atMs - Date.now();
			timer = setTimeout(leftMs <= 0 ? callback : wait, Math.min(Math.max(leftMs, 0), recheckMsMax));
		};

		wait();
		return () => clearTimeout(timer);
	},
};

/**
 * How long until the clock is looked at again, so that one set forward, or a machine that slept, is noticed. Far below
 * the 24.8 days at which `setTimeout` overflows.
 */
const recheckMsMax = 60_000;
