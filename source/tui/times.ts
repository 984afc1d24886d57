import {formatDuration} from '../units.ts';

/** @returns Whole seconds below a minute: `4s`, `1m05s`. For what still runs. */
export const elapsedWords = (ms: number): string =>
	ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1000))}s` : formatDuration(ms);

/** @returns The moment as people say it: `14:02` within a day of now, else `30 Nov`. Local time. */
export const clockWords = (atMs: number, nowMs: number): string => {
	const at = new Date(atMs);
	if (Math.abs(nowMs - atMs) < 24 * 3_600_000) return `${pad(at.getHours())}:${pad(at.getMinutes())}`;
	return `${at.getDate()} ${months[at.getMonth()]}`;
};

/**
 * @returns A moment that may be far from now, as a clock and a calendar show it: `14:02` within a day of now,
 * else `30 Nov 14:02`, with the year where that is another one: `29 Feb 2028`. Local time.
 */
export const dayTimeWords = (atMs: number, nowMs: number): string => {
	const at = new Date(atMs);
	const time = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
	if (Math.abs(nowMs - atMs) < 24 * 3_600_000) return time;
	const day = `${at.getDate()} ${months[at.getMonth()]}`;
	return at.getFullYear() === new Date(nowMs).getFullYear() ? `${day} ${time}` : `${day} ${at.getFullYear()}`;
};

/** @returns Unix milliseconds of the last full hour, local time. */
export const hourMsOf = (nowMs: number): number => new Date(nowMs).setMinutes(0, 0, 0);

/** @returns Unix milliseconds of the last midnight, local time. */
export const midnightMsOf = (nowMs: number): number => new Date(nowMs).setHours(0, 0, 0, 0);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number): string => String(value).padStart(2, '0');

/** @returns The moment to the second: `14:02:11`, with the day where that is not within a day of now. Local time. */
export const momentWords = (atMs: number, nowMs: number): string => {
	const at = new Date(atMs);
	const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
	return Math.abs(nowMs - atMs) < 24 * 3_600_000 ? time : `${at.getDate()} ${months[at.getMonth()]} ${time}`;
};
