/**
 * What is typed after `/`: words separated by spaces, all of which have to fit. `word` is part of the text, `!word` is
 * not, `~word` has its letters in this order. Capitals do not matter.
 *
 * @returns A test of a text; `undefined` where everything fits.
 */
export const listFilterOf = (typed: string): ((text: string) => boolean) | undefined => {
	const terms = typed.toLowerCase().split(/\s+/).filter(Boolean).map(termOf);
	if (terms.length === 0) return undefined;
	return text => {
		const lower = text.toLowerCase();
		return terms.every(fits => fits(lower));
	};
};

const termOf = (term: string): ((text: string) => boolean) => {
	if (term === '!' || term === '~') return () => true;
	if (term.startsWith('!')) {
		const fits = termOf(term.slice(1));
		return text => !fits(text);
	}

	if (term.startsWith('~')) return text => fuzzyScoreOf(text, term.slice(1)) !== undefined;
	return text => text.includes(term);
};

/**
 * How well letters fit a text that has them in this order, not necessarily side by side.
 *
 * @returns The less the better: letters skipped between the first and the last, and a little for a late start;
 * `undefined` where they do not fit. Both are expected in lower case.
 */
export const fuzzyScoreOf = (text: string, letters: string): number | undefined => {
	const whole = text.indexOf(letters);
	if (whole >= 0) return isWordStart(text, whole) ? whole / 1000 : 1 + whole / 1000;
	let first = -1;
	let at = -1;
	for (const letter of letters) {
		at = text.indexOf(letter, at + 1);
		if (at < 0) return undefined;
		if (first < 0) first = at;
	}

	return 2 + (at - first + 1 - letters.length) + first / 1000;
};

const isWordStart = (text: string, index: number): boolean => index === 0 || !/[a-z0-9]/.test(text[index - 1]!);
