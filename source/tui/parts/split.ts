import {cockpitLimits} from '../limits.ts';
import type {Size} from '../state.ts';

export interface Split {
	/** Side by side; else one above the other. */
	readonly isWide: boolean;
	readonly list: Size;
	readonly detail: Size;
}

/** A list and what stands under its cursor. @param wanted Rows the list has, without its borders. */
export const splitOf = ({columns, rows}: Size, wanted: number): Split => {
	if (columns >= cockpitLimits.columnsWide) {
		const list = Math.min(56, Math.max(40, Math.round(columns * 0.38)));
		return {isWide: true, list: {columns: list, rows}, detail: {columns: columns - list, rows}};
	}

	const list = Math.min(wanted + 2, Math.max(3, Math.floor(rows * 0.4)));
	return {isWide: false, list: {columns, rows: list}, detail: {columns, rows: rows - list}};
};

/** Two texts that are read beside each other. */
export const halvesOf = ({
	columns,
	rows,
}: Size): {readonly isWide: boolean; readonly first: Size; readonly second: Size} => {
	if (columns >= cockpitLimits.columnsWide) {
		const first = Math.round(columns * 0.58);
		return {isWide: true, first: {columns: first, rows}, second: {columns: columns - first, rows}};
	}

	const first = Math.max(3, Math.ceil(rows * 0.6));
	return {isWide: false, first: {columns, rows: first}, second: {columns, rows: rows - first}};
};
