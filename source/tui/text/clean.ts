import stringWidth from 'string-width';
import {controlSequences} from '../../control-sequences.ts';

/**
 * Makes one line of foreign text (agent output, titles, questions) safe and measurable: no control sequences, nothing
 * whose width terminals disagree about. A border to the right of it stays where it belongs.
 *
 * @param text Without newlines. An escape sequence cut off at the end is dropped too, so half a chunk can be shown.
 */
export const cleanLine = (text: string): string => {
	if (isPlain(text)) return text;
	const overwritten = lastPrinted(text.replaceAll(controlSequences, ''));
	const safe = expandTabs(overwritten).replaceAll(/\p{Cc}/gu, '');
	return isPlain(safe) ? safe : plainClusters(safe);
};

/** Foreign text on one row: newlines become spaces. */
export const cleanText = (text: string): string =>
	isPlain(text) ? text : linesOf(text).map(cleanLine).join(' ').trimEnd();

/** A carriage return is a line end here: in what a person decides about, nothing may be printed over. */
export const linesOf = (text: string): string[] => text.split(/\r\n?|\n/);

export const isPlain = (text: string): boolean => /^[ -~]*$/.test(text);

/** A progress bar returns to the start of its line and prints over it: only the last print is on a real screen. */
const lastPrinted = (text: string): string => {
	if (!text.includes('\r')) return text;
	return text.split('\r').findLast(part => part !== '') ?? '';
};

const expandTabs = (text: string): string => {
	if (!text.includes('\t')) return text;
	let expanded = '';
	let column = 0;
	for (const [index, part] of text.split('\t').entries()) {
		const blanks = index > 0 ? 8 - (column % 8) : 0;
		expanded += ' '.repeat(blanks) + part;
		column += blanks + (isPlain(part) ? part.length : stringWidth(part));
	}

	return expanded;
};

/**
 * Terminals draw joined emoji, skin tones, flags, keycaps and presentation selectors in one, two or four columns, and
 * turn the direction of a whole row for a mark inside it; Ink counts a vowel of Thai and Lao that is one letter in two
 * parts as none. Each becomes something that is equally wide everywhere.
 */
const plainClusters = (text: string): string =>
	text
		.toWellFormed()
		.normalize('NFC')
		.replaceAll(/(?:\u200D\p{Extended_Pictographic}[\uFE00-\uFE0F\p{Emoji_Modifier}]*)+/gu, '')
		.replaceAll(/\p{Emoji_Modifier}|\u20E3|(?<=\p{Emoji_Presentation})\p{M}+/gu, '')
		.replaceAll(/[\u0E33\u0EB3]/g, vowel => vowel.normalize('NFKD'))
		.replaceAll(/\p{Regional_Indicator}/gu, letter => String.fromCodePoint(letter.codePointAt(0)! - 0x1f1e6 + 0x41))
		.replaceAll(/[\u2028\u2029]/g, ' ')
		.replaceAll(/[\p{Cf}\p{Variation_Selector}\u3164\uFFA0\u115F\u1160]/gu, '');
