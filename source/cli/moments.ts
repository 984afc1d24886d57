import {usageInvalid} from '../errors.ts';
import {parseDurationMs} from '../units.ts';

/**
 * Reads a moment as people write one: `7d` is that long ago, `2026-11-20` the beginning of that day here, and a date with
 * a time what it says.
 *
 * @param option Its name, for the message.
 * @returns ISO-8601 UTC. @throws AiworkflowError `usage.invalid`
 */
export const momentOf = (option: string, text: string, nowMs: number = Date.now()): string => {
	const agoMs = parseDurationMs(text);
	const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
	const atMs =
		agoMs === undefined ? (/^\d{4}-/.test(text) ? Date.parse(isDay ? `${text}T00:00` : text) : NaN) : nowMs - agoMs;
	if (Number.isFinite(atMs)) return new Date(atMs).toISOString();
	throw usageInvalid(
		`--${option} takes a date or a length of time, not "${text}".`,
		`Write \`--${option} 7d\` or \`--${option} 2026-11-20\`.`,
	);
};

/** @returns Milliseconds. @throws AiworkflowError `usage.invalid` */
export const durationOf = (option: string, text: string): number => {
	const ms = parseDurationMs(text);
	if (ms !== undefined) return ms;
	throw usageInvalid(
		`--${option} takes a length of time, not "${text}".`,
		`Write \`--${option} 30d\` or \`--${option} 12h\`.`,
	);
};
