import {nearestOf} from '../workflow/text/nearest.ts';

/** @returns The command or option that was most likely meant: the only one that begins like this, else the nearest. */
export const meantBy = (word: string, candidates: readonly string[]): string | undefined => {
	const completions = candidates.filter(
		candidate => word.replaceAll('-', '').length >= 2 && candidate.startsWith(word),
	);
	return completions.length === 1 ? completions[0] : nearestOf(word, candidates);
};
