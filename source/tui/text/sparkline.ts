import type {Glyphs} from '../glyphs.ts';

/** @returns One column a value, the highest one full; the lowest mark is for nothing alone. Empty where nothing is. */
export const sparklineOf = (values: readonly number[], {spark}: Pick<Glyphs, 'spark'>): string => {
	const most = Math.max(0, ...values);
	if (most === 0) return '';
	const top = spark.length - 1;
	return values.map(value => spark[value <= 0 ? 0 : Math.max(1, Math.round((value / most) * top))]).join('');
};

/** @param share 0 to 1; more fills it. @returns `████······`, exactly `columns` wide; something is never shown as nothing. */
export const meterOf = (
	share: number,
	columns: number,
	{barFull, barEmpty}: Pick<Glyphs, 'barFull' | 'barEmpty'>,
): string => {
	const full = Math.min(columns, Math.max(share > 0 ? 1 : 0, Math.floor(share * columns)));
	return barFull.repeat(full) + barEmpty.repeat(columns - full);
};
