import type {TextRange} from '../text/source-text.ts';

/**
 * HTML comments in a piece of Markdown that holds text, not code; those inside code spans are text.
 *
 * @param start Where the piece begins in the file; the ranges count from the start of the file.
 */
export const commentsIn = (piece: string, start: number, isHtml: boolean): readonly TextRange[] => {
	const found: TextRange[] = [];
	if (!piece.includes('<!--')) return found;
	const runs = isHtml ? new Map<number, number[]>() : backtickRunsOf(piece);
	let at = 0;
	while (at < piece.length) {
		const character = piece[at];
		if (character === '\\' && !isHtml) {
			at += 2;
		} else if (character === '`' && !isHtml) {
			at = codeSpanEnd(piece, at, runs);
		} else if (character === '<' && piece.startsWith('<!--', at)) {
			const end = commentEnd(piece, at);
			if (end === -1) return found;
			found.push({start: start + at, end: start + end});
			at = end;
		} else {
			at++;
		}
	}

	return found;
};

/** @returns Where the comment ends, -1 where it does not. `<!-->` and `<!--->` are whole comments. */
const commentEnd = (piece: string, at: number): number => {
	if (piece.startsWith('<!-->', at)) return at + 5;
	if (piece.startsWith('<!--->', at)) return at + 6;
	const end = piece.indexOf('-->', at + 4);
	return end === -1 ? -1 : end + 3;
};

/** @returns Where the runs of each number of backticks begin, in order. */
const backtickRunsOf = (piece: string): Map<number, number[]> => {
	const runs = new Map<number, number[]>();
	for (const {0: run, index} of piece.matchAll(/`+/g)) {
		const places = runs.get(run.length);
		if (places) places.push(index);
		else runs.set(run.length, [index]);
	}

	return runs;
};

/** A code span ends at the next run of as many backticks; without one the backticks are text. */
const codeSpanEnd = (piece: string, at: number, runs: Map<number, number[]>): number => {
	let end = at;
	while (piece[end] === '`') end++;
	const length = end - at;
	const places = runs.get(length) ?? [];
	while (places.length > 0 && places[0]! < end) places.shift();
	return places.length > 0 ? places[0]! + length : end;
};
