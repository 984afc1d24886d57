import type {StyleName} from '../theme.ts';
import {truncate, widthOf} from './width.ts';

/** A piece of a row in one style. */
export interface Span {
	readonly text: string;
	readonly style?: StyleName;
}

/** One row of the screen, from left to right. */
export type Row = readonly Span[];

export const span = (text: string, style?: StyleName): Span => ({text, style});

export const rowWidthOf = (row: Row): number => row.reduce((sum, {text}) => sum + widthOf(text), 0);

/** @returns The row in exactly `columns` columns: cut with the ellipsis, or padded. */
export const fitRow = (row: Row, columns: number, ellipsis: string): Row => {
	const fitted: Span[] = [];
	let left = columns;
	const total = rowWidthOf(row);
	for (const {text, style} of row) {
		const width = widthOf(text);
		const isCut = width > left || (width === left && total > columns);
		const shown = isCut ? truncate(width === left ? `${text} ` : text, left, ellipsis) : text;
		if (shown !== '') fitted.push({text: shown, style});
		left -= widthOf(shown);
		if (isCut) break;
	}

	if (left > 0) fitted.push({text: ' '.repeat(left)});
	return fitted;
};

/** @returns One row with `right` at its right end; the left part gives way. */
export const spread = (left: Row, right: Row, columns: number, ellipsis: string): Row => {
	const rightWidth = rowWidthOf(right);
	if (rightWidth >= columns) return fitRow(right, columns, ellipsis);
	return [...fitRow(left, columns - rightWidth, ellipsis), ...right];
};
