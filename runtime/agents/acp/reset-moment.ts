import type {Failure} from '../../../source/errors.ts';
import {zonedMs} from './zoned-time.ts';

/** The longest wait that is believed: monthly limits. */
const waitMsMax = 32 * 24 * 3_600_000;

/**
 * When a limit resets, as far as an agent's report of it says. Agents hand on what their provider said in many forms:
 * fields of a JSON error, words of a message, header names in either.
 *
 * @param said Texts and JSON values, the most precise first.
 * @param nowMs Unix milliseconds: what "in 5m" and "at 3pm" are relative to.
 * @param zone IANA name; missing: the local one. A zone in the words comes before it.
 * @returns Unix milliseconds; `undefined` where nothing is said, or nothing that can be.
 */
export const resetMomentOf = (said: readonly unknown[], nowMs: number, zone?: string): number | undefined => {
	for (const one of said) {
		const found = typeof one === 'string' ? momentInText(one, nowMs, zone) : momentInFields(one, nowMs, 0);
		if (found !== undefined) return found;
	}

	return undefined;
};

/** @returns The failure with the moment, where it is one of a limit and a moment is said. */
export const withResetMoment = (failure: Failure, said: readonly unknown[], nowMs: number): Failure => {
	if (failure.code !== 'agent.rate-limited' && failure.code !== 'agent.overloaded') return failure;
	const resetAtMs = resetMomentOf(said, nowMs);
	return resetAtMs === undefined ? failure : {...failure, resetAtMs};
};

const believed = (moment: number | undefined, nowMs: number): number | undefined =>
	moment !== undefined && moment > nowMs && moment <= nowMs + waitMsMax ? Math.round(moment) : undefined;

/** `retry-after`, `retryDelay`, `resets_in_seconds`, `anthropic-ratelimit-requests-reset`: a name says what its value is. */
const fieldPattern =
	/^(?:x-|anthropic-)?(?:retry[-_ ]?(?:after|delay)|resets?[-_ ]?(?:at|in|after|time)?|(?:rate[-_]?limit|quota)[\w-]*reset[\w-]*)(?:[-_ ]?(?<unit>ms|millis|milliseconds|s|seconds))?$/i;

const depthMax = 6;

const momentInFields = (value: unknown, nowMs: number, depth: number): number | undefined => {
	if (depth > depthMax || typeof value !== 'object' || value === null) return undefined;
	const entries = Object.entries(value);
	for (const [name, inner] of entries) {
		const field = fieldPattern.exec(name);
		const found = field && believed(momentOfValue(inner, field.groups?.unit, nowMs), nowMs);
		if (found) return found;
	}

	for (const [, inner] of entries) {
		const found =
			typeof inner === 'string' ? momentInJson(inner, nowMs, depth + 1) : momentInFields(inner, nowMs, depth + 1);
		if (found !== undefined) return found;
	}

	return undefined;
};

const momentInJson = (text: string, nowMs: number, depth: number): number | undefined => {
	const start = text.search(/[[{]/);
	if (start === -1) return undefined;
	try {
		return momentInFields(JSON.parse(text.slice(start)), nowMs, depth);
	} catch {
		return undefined;
	}
};

/** A number is seconds unless its name says otherwise, or it is too large for a wait: then it is a moment. */
const momentOfValue = (value: unknown, unit: string | undefined, nowMs: number): number | undefined => {
	if (typeof value === 'string' && !/^\s*\d+(?:\.\d+)?\s*$/.test(value)) {
		const durationMs = durationMsOf(value);
		const date = /\d{4}-\d\d-\d\dT|\bGMT$/.test(value) ? Date.parse(value) : Number.NaN;
		return durationMs === undefined ? (Number.isNaN(date) ? undefined : date) : nowMs + durationMs;
	}

	const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
	if (!Number.isFinite(number)) return undefined;
	if (number >= 1e12) return number;
	if (number >= 1e9) return number * 1000;
	return nowMs + (unit?.toLowerCase().startsWith('m') ? number : number * 1000);
};

const unitMs: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000};

const units = '(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)';
const amount = `\\d+(?:\\.\\d+)?\\s*${units}(?![a-z])`;
const duration = `${amount}(?:(?:\\s*,\\s*|\\s+and\\s+|\\s*)${amount})*`;
const wholeDuration = new RegExp(`^\\s*${duration}\\s*$`, 'i');

/** @returns `2h 5m`, `34s`, `1.5 minutes` in milliseconds; `undefined` for anything else. */
const durationMsOf = (text: string): number | undefined => {
	if (!wholeDuration.test(text)) return undefined;
	let sumMs = 0;
	for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
		const name = unit!.toLowerCase();
		sumMs += Number(number) * (unitMs[/^(?:ms|milli)/.test(name) ? 'ms' : name[0]!] ?? 0);
	}

	return sumMs;
};

const patterns: ReadonlyArray<
	readonly [RegExp, (groups: Readonly<Record<string, string>>, nowMs: number, zone?: string) => number | undefined]
> = [
	// "retry after 30s", "try again in 5m", "resets in 2h 5m", "reset after 34s", `"retryDelay": "34s"`
	[
		new RegExp(
			`(?:retry|again|resets?|wait|available|retry[-_ ]?delay|retry[-_ ]?after)["']?[\\s:=]*(?:in|after|for|is)?[\\s:="']*(?:about |another |approximately )?(?<duration>${duration})`,
			'i',
		),
		({duration: words}, nowMs) => {
			const waitMs = durationMsOf(words!);
			return waitMs === undefined ? undefined : nowMs + waitMs;
		},
	],
	// "resets at 2026-11-21T15:00:00Z", "anthropic-ratelimit-requests-reset: 2026-…"
	[
		/(?:resets?|again|retry|until|after|at)\b\W*(?:at |on |after )?\W*(?<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))/i,
		({iso}) => Date.parse(iso!.replace(' ', 'T')),
	],
	// "limit reached|1795215600", "resets_at": 1795215600
	[
		/(?:resets?(?:[-_ ]?at)?|reached|again at|retry[-_ ]?after)["']?[\s:=|]*(?<epoch>\d{10}(?:\d{3})?)(?!\d)/i,
		({epoch}) => (epoch!.length === 13 ? Number(epoch) : Number(epoch) * 1000),
	],
	// "Retry-After: 30", "resets_in_seconds": 1234
	[
		/(?:retry[-_ ]?after|resets?[-_ ]in[-_ ]seconds)["']?\s*[:=]?\s*["']?(?<seconds>\d{1,7})(?![\d.]*\s*[a-z])/i,
		({seconds}, nowMs) => nowMs + Number(seconds) * 1000,
	],
	// "resets at 3pm", "resets Nov 25 at 3:30pm (Europe/Berlin)", "try again at Nov 21st, 2026 3:04 PM", "until 15:00 UTC"
	[
		/(?:resets?|again|until|available)\b[\s:]*(?:at |on )*(?:(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,?\s*(?<year>\d{4})?,?\s*(?:at )?)?(?<hour>\d{1,2})(?::(?<minute>\d\d))?(?::\d\d)?\s*(?<half>[ap]\.?m\b)?\.?\s*(?:\(?(?<zone>[A-Z][A-Za-z_]+\/[A-Za-z_/]+|UTC|GMT)\)?)?/i,
		(groups, nowMs, zone) => momentOfClock(groups, nowMs, zone),
	],
];

const momentInText = (text: string, nowMs: number, zone: string | undefined): number | undefined => {
	const structured = momentInJson(text, nowMs, 0);
	if (structured !== undefined) return structured;
	for (const [pattern, momentOf] of patterns) {
		const groups = pattern.exec(text)?.groups;
		const found = groups && believed(momentOf(groups as Record<string, string>, nowMs, zone), nowMs);
		if (found) return found;
	}

	return undefined;
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** A time without a day is the next such time; a day without a year is the next such day. */
const momentOfClock = (
	groups: Readonly<Record<string, string | undefined>>,
	nowMs: number,
	localZone: string | undefined,
): number | undefined => {
	const half = groups.half?.[0]?.toLowerCase();
	// A bare number is no time of day.
	if (half === undefined && groups.minute === undefined) return undefined;
	const given = Number(groups.hour);
	if (half === undefined ? given > 23 : given < 1 || given > 12) return undefined;
	const hour = half === undefined ? given : (given % 12) + (half === 'p' ? 12 : 0);
	const minute = Number(groups.minute ?? 0);
	const zone = groups.zone ?? localZone;
	const now = zonedMs.partsOf(nowMs, zone);
	if (!now) return undefined;
	if (groups.month === undefined) {
		const today = zonedMs.of({...now, hour, minute}, zone);
		return today > nowMs ? today : zonedMs.of({...now, day: now.day + 1, hour, minute}, zone);
	}

	const month = months.indexOf(groups.month.toLowerCase()) + 1;
	const inYear = (year: number) => zonedMs.of({year, month, day: Number(groups.day), hour, minute}, zone);
	if (groups.year !== undefined) return inYear(Number(groups.year));
	const thisYear = inYear(now.year);
	return thisYear > nowMs ? thisYear : inYear(now.year + 1);
};
