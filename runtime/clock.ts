import {limits} from '../source/limits.ts';
import type {Clock} from './engine/parts.ts';

/** The real time. A moment beyond what one `setTimeout` can hold is reached in chunks; a clock set back is waited for. */
export const systemClock: Clock = {
	now: Date.now,
	at(atMs, callback) {
		let timer: NodeJS.Timeout;
		const wait = () => {
			const leftMs = atMs - Date.now();
			// A minute at most, so that a clock set forward, or a machine that slept, is noticed.
			timer = setTimeout(leftMs <= 0 ? callback : wait, Math.min(Math.max(leftMs, 0), chunkMs));
		};

		wait();
		return () => clearTimeout(timer);
	},
};

const chunkMs = Math.min(60_000, limits.timerChunkMsMax);
