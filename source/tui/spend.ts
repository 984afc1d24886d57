import type {CostLimitView, CostSummary, CostSummaryRow} from '../api/messages.ts';
import {formatCost, formatUsd} from '../units.ts';
import {cockpitLimits} from './limits.ts';
import type {CockpitState} from './state.ts';
import {hourMsOf, midnightMsOf} from './times.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What is being spent, over the last minutes. */
export interface Burn {
	/** Micro-dollars a minute that are known. */
	readonly microUsdPerMinute: number;
	/** Uses of these minutes whose cost is unknown. */
	readonly unknown: number;
	/** When the oldest of what counts does not count any more. */
	readonly changesAtMs: number;
}

/** @returns `undefined` while nothing is spent: in the minute that goes on and the four before it. */
export const burnOf = ({fetched, nowMs}: Pick<CockpitState, 'fetched' | 'nowMs'>): Burn | undefined => {
	const fromMs = burnFromMsOf(nowMs);
	const minutes = (fetched.recent?.value?.rows ?? [])
		.map(row => ({row, atMs: momentOf(row)}))
		.filter(({atMs}) => atMs >= fromMs);
	if (minutes.length === 0) return undefined;
	const microUsd = minutes.reduce((sum, {row}) => sum + microUsdOf(row), 0);
	const unknown = minutes.reduce((sum, {row}) => sum + row.unknown, 0);
	if (microUsd === 0 && unknown === 0) return undefined;
	return {
		microUsdPerMinute: (microUsd * minuteMs) / Math.max(minuteMs, nowMs - fromMs),
		unknown,
		changesAtMs: Math.min(...minutes.map(({atMs}) => atMs)) + cockpitLimits.burnWindowMs,
	};
};

/** Whole minutes, so that it changes as seldom as that. */
const burnFromMsOf = (nowMs: number): number =>
	Math.floor(nowMs / minuteMs) * minuteMs - cockpitLimits.burnWindowMs + minuteMs;

/** @returns `$0.21/min`, `$0.21+?/min` where some of it is unknown. */
export const burnWords = ({microUsdPerMinute, unknown}: Burn): string =>
	`${formatCost(Math.round(microUsdPerMinute), unknown)}/min`;

export const microUsdOf = ({knownCostUsd}: Pick<CostSummaryRow, 'knownCostUsd'>): number =>
	Math.round(knownCostUsd * 1_000_000);

/** @returns `$0.42`, `$0.42+?`, `$?`. */
export const costWordsOf = (row: Pick<CostSummaryRow, 'knownCostUsd' | 'unknown'>): string =>
	formatCost(microUsdOf(row), row.unknown);

/** The beginning of the time that a row of a summary by time is about; a day begins at midnight here. */
const momentOf = ({name}: Pick<CostSummaryRow, 'name'>): number => {
	const text = name ?? '';
	if (text.length === 10) return new Date(`${text}T00:00`).getTime();
	return new Date(text.length === 13 ? `${text}:00` : text).getTime();
};

/** @returns What is known to have been spent in each hour of today, until now. */
export const hoursOf = (today: CostSummary | undefined, nowMs: number): number[] =>
	valuesBetween(today, midnightMsOf(nowMs), hourMsOf(nowMs), atMs => atMs + hourMs);

/** @returns The same for each day from the first in which something was spent, or from `sinceMs`, until today. */
export const daysOf = (summary: CostSummary | undefined, sinceMs: number, nowMs: number): number[] => {
	const first = summary?.rows[0];
	if (!first) return [];
	const next = (atMs: number) => new Date(atMs).setDate(new Date(atMs).getDate() + 1);
	return valuesBetween(summary, sinceMs > 0 ? midnightMsOf(sinceMs) : momentOf(first), midnightMsOf(nowMs), next);
};

const valuesBetween = (
	summary: CostSummary | undefined,
	fromMs: number,
	toMs: number,
	next: (atMs: number) => number,
): number[] => {
	const spent = new Map((summary?.rows ?? []).map(row => [momentOf(row), microUsdOf(row)]));
	const values: number[] = [];
	for (let atMs = fromMs; atMs <= toMs && values.length < valuesMax; atMs = next(atMs))
		values.push(spent.get(atMs) ?? 0);
	return values;
};

/** Ten years of days. */
const valuesMax = 3660;

/** How much of a limit is used, in the unit it is used most in. */
export interface LimitUse {
	/** 0 to 1, and more. */
	readonly share: number;
	/** `$1.84 / $20.00`, `12 / 100 requests`. */
	readonly words: string;
}

export const limitUseOf = (limit: CostLimitView): LimitUse => {
	const {usd, tokens, requests, spentUsd, spentTokens, spentRequests, unknown} = limit;
	const uses: LimitUse[] = [];
	const add = (spent: number, most: number | null, words: string) => {
		if (most !== null) uses.push({share: most > 0 ? spent / most : 1, words});
	};
	add(spentUsd, usd, `${costWordsOf({knownCostUsd: spentUsd, unknown})} / ${formatUsd(Math.round((usd ?? 0) * 1e6))}`);
	add(spentTokens, tokens, `${countWords(spentTokens)} / ${countWords(tokens ?? 0)} tokens`);
	add(spentRequests, requests, `${countWords(spentRequests)} / ${countWords(requests ?? 0)} requests`);
	return uses.toSorted((a, b) => b.share - a.share)[0] ?? {share: 0, words: 'no amount'};
};

const countWords = (count: number): string =>
	count < 10_000 ? String(count) : count < 1e6 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`;

/** @returns The limit in money of this day of which the greatest share is used; `undefined`: there is none. */
export const tightestOfToday = (limits: readonly CostLimitView[]): CostLimitView | undefined =>
	limits
		.filter(({period, usd}) => period === 'day' && usd !== null)
		.toSorted((a, b) => shareUsdOf(b) - shareUsdOf(a))[0];

const shareUsdOf = ({spentUsd, usd}: CostLimitView): number => (usd === null || usd === 0 ? 1 : spentUsd / usd);
