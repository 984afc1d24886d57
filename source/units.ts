/** Micro-dollars: 1 USD = 1,000,000. Integers, so that sums are exact. */
export type MicroUsd = number;

const msPerUnit: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 604_800_000,
};
/** A moment further away is a slip of the keyboard, and soon one that no calendar can name. */
const durationMsMax = 36_525 * msPerUnit.d!;

/**
 * Reads `500ms`, `45m`, `1h30m`, `2d`; a hundred years at most.
 *
 * @returns Milliseconds, or `undefined` for anything else; a number without a unit is not a duration.
 */
export const parseDurationMs = (text: string): number | undefined => {
	const compact = text.trim().replaceAll(/\s+/g, '');
	if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/.test(compact)) return undefined;
	let totalMs = 0;
	for (const [, amount, unit] of compact.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)) {
		totalMs += Number(amount) * msPerUnit[unit!]!;
	}

	return totalMs > durationMsMax ? undefined : Math.round(totalMs);
};

/** @returns A short, human length: `850ms`, `41s`, `4m12s`, `2h03m`, `3d04h`. */
export const formatDuration = (ms: number): string => {
	if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
	const seconds = Math.floor(ms / 1000);
	if (seconds < 60) return ms < 10_000 ? `${(Math.floor(ms / 100) / 10).toFixed(1)}s` : `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	if (minutes < 60) return `${minutes}m${pad(seconds % 60)}s`;
	const hours = Math.floor(minutes / 60);
	if (hours < 24) return `${hours}h${pad(minutes % 60)}m`;
	return `${Math.floor(hours / 24)}d${pad(hours % 24)}h`;
};

/** @returns `512 B`, `1.4 MB`; decimal units. */
export const formatSize = (bytes: number): string => {
	if (bytes < 1000) return `${bytes} B`;
	if (bytes < 1000 ** 2) return `${(bytes / 1000).toFixed(1)} kB`;
	if (bytes < 1000 ** 3) return `${(bytes / 1000 ** 2).toFixed(1)} MB`;
	return `${(bytes / 1000 ** 3).toFixed(1)} GB`;
};

/** @returns `$0.42`, with more digits below a cent; `$?` where the cost is unknown. */
export const formatUsd = (cost: MicroUsd | null): string => {
	if (cost === null) return '$?';
	const usd = cost / 1_000_000;
	return cost !== 0 && Math.abs(usd) < 0.01 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
};

/** @returns `$0.42`, `$0.42+?` where a part of it is unknown, `$?` where nothing is known. */
export const formatCost = (cost: MicroUsd | null, unpriced = 0): string => {
	if (unpriced === 0 || cost === null || cost === 0) return formatUsd(unpriced === 0 ? cost : null);
	return `${formatUsd(cost)}+?`;
};

/** @returns USD as a number, `null` for unknown: the form of `--json`. */
export const usdOf = (cost: MicroUsd | null): number | null => (cost === null ? null : cost / 1_000_000);

const pad = (value: number) => String(value).padStart(2, '0');
