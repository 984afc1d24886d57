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
		const distance = distanceWithin(wanted, known, maxDistanceOf(wanted)) + (known.length === wanted.length ? 0 : 0.5);
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

const maxDistanceOf = (name: string) => (name.length <= 4 ? 1 : Math.max(2, Math.floor(name.length / 3)));

/** Optimal string alignment distance, or infinity above `max`. */
const distanceWithin = (a: string, b: string, max: number): number => {
	if (Math.abs(a.length - b.length) > max) return Number.POSITIVE_INFINITY;
	let beforeLast: number[] = [];
	let last = Array.from({length: b.length + 1}, (_, index) => index);
	for (let row = 1; row <= a.length; row++) {
		const current = [row];
		for (let column = 1; column <= b.length; column++) {
			const cost = a[row - 1] === b[column - 1] ? 0 : 1;
			let value = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + cost);
			const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
			if (isSwap) value = Math.min(value, beforeLast[column - 2]! + 1);
			current.push(value);
		}

		beforeLast = last;
		last = current;
	}

	const distance = last[b.length]!;
	// A name that shares nothing with the other is not a slip of the finger.
	return distance <= max && distance < Math.max(a.length, b.length) ? distance : Number.POSITIVE_INFINITY;
};
