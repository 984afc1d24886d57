/**
 * A list's cursor is the id it stands on, so that rows that come and go do not move it.
 *
 * @returns The id `rows` further on, within the list; `undefined` in an empty one.
 */
export const idAfter = (ids: readonly string[], selected: string | undefined, rows: number): string | undefined => {
	const index = selected === undefined ? 0 : ids.indexOf(selected);
	return index < 0 ? (ids[0] ?? selected) : ids[Math.max(0, Math.min(index + rows, ids.length - 1))];
};

/** @returns The id the cursor stands on: the first where it stands on none. */
export const selectedIdOf = (ids: readonly string[], selected: string | undefined): string | undefined =>
	selected !== undefined && ids.includes(selected) ? selected : ids[0];
