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

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const pad = (value: number): string => String(value).padStart(2, '0');
