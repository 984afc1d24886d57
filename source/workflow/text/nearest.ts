/**
 * @returns The candidate that was probably meant, or `undefined` where none is near. Case, `-` and `_` count little:
 * `continueOnError` is near `continue-on-error`.
 */
export const nearestOf = (name: string, candidates: Iterable<string>): string | undefined => {
	const wanted = normalized(name);
	let best: string | undefined;
	let bestDistance = Number.POSITIVE_INFINITY;
	for (const candidate of candidates) {
		const known = normalized(candidate);
		// Of two that are equally near, a slip of one key is likelier than one that was left out.
		const max = Math.min(maxDistanceOf(wanted), Math.ceil(bestDistance) - 1);
		const distance = distanceWithin(wanted, known, max) + (known.length === wanted.length ? 0 : 0.5);
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}

	return best;
};

/** @returns `Did you mean \`x\`?` where something is near, else what is known, else `otherwise`. */
export const didYouMean = (name: string, candidates: readonly string[], otherwise: string): string => {
	const nearest = nearestOf(name, candidates);
	if (nearest !== undefined) return `Did you mean \`${nearest}\`?`;
	return candidates.length === 0 || candidates.length > 12 ? otherwise : `Known here: ${candidates.join(', ')}.`;
};

const nameLengthMax = 64;

const normalized = (name: string) =>
	name
		.slice(0, nameLengthMax)
		.toLowerCase()
		.replaceAll(/[-_\s]/g, '');

const maxDistanceOf = (name: string) => (name.length <= 4 ? 1 : Math.min(5, Math.max(2, Math.floor(name.length / 3))));

/** Made once: names are at most `nameLengthMax` long. */
const rows = [0, 0, 0].map(() => new Float64Array(nameLengthMax + 2)) as [Float64Array, Float64Array, Float64Array];

/**
 * Optimal string alignment distance, or infinity above `max`. Only the diagonal band that can stay within `max` is
 * computed: a file may hold thousands of long names that are nearly alike.
 */
const distanceWithin = (a: string, b: string, max: number): number => {
	if (Math.abs(a.length - b.length) > max) return Number.POSITIVE_INFINITY;
	let [beforeLast, last, current] = rows;
	for (let column = 0; column <= b.length; column++) last[column] = column;
	for (let row = 1; row <= a.length; row++) {
		const first = Math.max(1, row - max);
		const end = Math.min(b.length, row + max);
		current[first - 1] = first === 1 && row <= max ? row : Number.POSITIVE_INFINITY;
		let least = current[first - 1]!;
		for (let column = first; column <= end; column++) {
			const cost = a[row - 1] === b[column - 1] ? 0 : 1;
			let value = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + cost);
			const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
			if (isSwap) value = Math.min(value, beforeLast[column - 2]! + 1);
			current[column] = value;
			if (value < least) least = value;
		}

		if (least > max) return Number.POSITIVE_INFINITY;
		current[end + 1] = Number.POSITIVE_INFINITY;
		[beforeLast, last, current] = [last, current, beforeLast];
	}

	const distance = last[b.length]!;
	// A name that shares nothing with the other is not a slip of the finger.
	return distance <= max && distance < Math.max(a.length, b.length) ? distance : Number.POSITIVE_INFINITY;
};
