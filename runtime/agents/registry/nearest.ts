/** @returns The known word that was probably meant; `undefined` where none is close. */
export const nearestOf = (word: string, known: readonly string[]): string | undefined => {
	const best = known
		.map(candidate => ({candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase())}))
		.toSorted((a, b) => a.distance - b.distance)[0];
	return best && best.distance <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
};

/** Levenshtein distance. */
const distanceOf = (a: string, b: string): number => {
	let previous = Array.from({length: b.length + 1}, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) {
			const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
			current.push(Math.min(change, previous[j]! + 1, current[j - 1]! + 1));
		}

		previous = current;
	}

	return previous[b.length]!;
};
