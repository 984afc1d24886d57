import stringWidth from 'string-width';
import {isPlain} from './clean.ts';

/** Columns a cleaned line takes on the screen. */
export const widthOf = (text: string): number => (isPlain(text) ? text.length : unicodeWidthOf(text));

/** Segmenting is dear, and a screen has the same few hundred texts frame after frame. */
const unicodeWidthOf = (text: string): number => {
	const known = widths.get(text);
	if (known !== undefined) return known;
	if (widths.size >= 4096) widths.clear();
	const width = stringWidth(text);
	widths.set(text, width);
	return width;
};

const widths = new Map<string, number>();

/** @returns The text, or its first columns with the ellipsis at the end; never wider than `columns`. */
export const truncate = (text: string, columns: number, ellipsis: string): string => {
	if (columns <= 0) return '';
	if (widthOf(text) <= columns) return text;
	return headOf(text, columns - 1) + ellipsis;
};

/** @returns The text in exactly `columns` columns: cut, or padded on the right (or on the left). */
export const fitText = (text: string, columns: number, ellipsis: string, align: 'left' | 'right' = 'left'): string => {
	const cut = truncate(text, columns, ellipsis);
	const padding = ' '.repeat(Math.max(0, columns - widthOf(cut)));
	return align === 'left' ? cut + padding : padding + cut;
};

/** @returns Rows of at most `columns` columns, broken at spaces where there are any; at least one row. */
export const wrap = (text: string, columns: number): string[] => {
	const rows: string[] = [];
	let rest = text;
	while (widthOf(rest) > columns) {
		const head = headOf(rest, columns);
		const isWordEnd = rest[head.length] === ' ';
		const space = isWordEnd ? head.length : head.lastIndexOf(' ');
		// A break inside the indentation would leave an empty row.
		const isBreakable = space > 0 && head.slice(0, space).trim() !== '';
		// A first character wider than the row still has to go somewhere.
		const end = isBreakable ? space : head.length || firstClusterOf(rest).length;
		rows.push(isBreakable || head !== '' ? rest.slice(0, end) : '?'.slice(0, columns));
		rest = isBreakable ? rest.slice(end).replace(/^ /, '') : rest.slice(end);
	}

	if (rest !== '' || rows.length === 0) rows.push(rest);
	return rows;
};

/** @returns The text without its first columns; of a wide character that is cut in two a blank is left. */
export const withoutColumns = (text: string, columns: number): string => {
	if (columns <= 0) return text;
	if (isPlain(text)) return text.slice(columns);
	const head = headOf(text, columns);
	const left = columns - widthOf(head);
	if (left === 0 || head.length === text.length) return text.slice(head.length);
	const cluster = firstClusterOf(text.slice(head.length));
	return ' '.repeat(Math.max(0, widthOf(cluster) - left)) + text.slice(head.length + cluster.length);
};

/** @returns The longest start that fits. */
const headOf = (text: string, columns: number): string => {
	if (isPlain(text)) return text.slice(0, Math.max(0, columns));
	let width = 0;
	let end = 0;
	for (const {segment} of segmenter.segment(text)) {
		width += widthOf(segment);
		if (width > columns) break;
		end += segment.length;
	}

	return text.slice(0, end);
};

const firstClusterOf = (text: string): string => segmenter.segment(text)[Symbol.iterator]().next().value!.segment;

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
