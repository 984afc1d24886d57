import type {TextRange} from '../text/source-text.ts';

export interface QuotedText {
	readonly text: string;
	/** @returns The offset before quoting of an offset after it. */
	originalOffsetOf(offset: number): number;
}

/** Puts quotes around the ranges, so that the rest of the text can still be read and checked. */
export const withQuotes = (text: string, ranges: readonly TextRange[]): QuotedText => {
	const inserted: number[] = [];
	let result = '';
	let at = 0;
	for (const {start, end} of ranges) {
		result += text.slice(at, start);
		const value = text.slice(start, end);
		const quote = quoteFor(value);
		inserted.push(result.length);
		result += quote;
		for (const character of value) {
			if (quote === '"' && (character === '"' || character === '\\')) {
				inserted.push(result.length);
				result += '\\';
			}

			result += character;
		}

		inserted.push(result.length);
		result += quote;
		at = end;
	}

	result += text.slice(at);
	return {text: result, originalOffsetOf: offset => offset - countBelow(inserted, offset)};
};

/** @returns How many of the sorted numbers are below a limit. */
const countBelow = (sorted: readonly number[], limit: number): number => {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (sorted[middle]! < limit) low = middle + 1;
		else high = middle;
	}

	return low;
};

const quoteFor = (value: string): '"' | "'" => (/["\\]/.test(value) && !value.includes("'") ? "'" : '"');
