/**
 * Which rows of a list are on the screen: the cursor stays near the middle, and the ends are shown without a gap.
 *
 * @returns Index of the first row shown.
 */
export const firstShownOf = (count: number, selectedIndex: number, rows: number): number =>
	Math.max(0, Math.min(selectedIndex - Math.floor(rows / 2), count - rows));
