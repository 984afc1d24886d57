import {withoutColumns, wrap} from '../text/width.ts';
import type {StyleName} from '../theme.ts';
import {nextNumberOf, type OutputLine, type OutputState} from './buffer.ts';
import {prepareLines, renderedLineOf} from './rendered.ts';

/**
 * Where the view on an output stands. Following: its last row is the last one there is. Held: its first row is row `row`
 * of line `line`, whatever is appended; `seen` is the number of the line that came next when the view was last moved.
 */
export type Scroll =
	| {readonly isFollowing: true}
	| {readonly isFollowing: false; readonly line: number; readonly row: number; readonly seen: number};

export interface OutputRow {
	readonly text: string;
	readonly stream: OutputLine['stream'];
	/** Of the line. */
	readonly number: number;
	readonly style?: StyleName;
	/** Whether `**words**` in it are bold. */
	readonly isProse: boolean;
}

export interface View {
	readonly columns: number;
	readonly rows: number;
	/** Columns left out on the left of lines that are not wrapped; `undefined`: they are wrapped. */
	readonly column?: number;
	/** Whether Markdown and diffs are rendered. */
	readonly isRendered?: boolean;
}

/** @returns The rows on the screen, and how many lines have come that were never on it. */
export const visibleRowsOf = (output: OutputState, view: View): {rows: OutputRow[]; newLines: number} => {
	if (view.isRendered) prepareLines(output.lines);
	const top = topOf(output, view);
	const rows: OutputRow[] = [];
	let index = top.line - output.firstNumber;
	let skip = top.row;
	for (; index < output.lines.length && rows.length < view.rows; index++) {
		const line = output.lines[index]!;
		const texts = rowsOf(line, view).slice(skip);
		const {style, isProse} = view.isRendered ? renderedLineOf(line) : plain;
		const {number, stream} = line;
		for (const text of texts.slice(0, view.rows - rows.length)) rows.push({text, stream, number, style, isProse});
		skip = 0;
	}

	const {scroll} = output;
	const below = nextNumberOf(output) - Math.max(scroll.isFollowing ? 0 : scroll.seen, output.firstNumber + index);
	return {rows, newLines: scroll.isFollowing ? 0 : Math.max(0, below)};
};

const plain: {readonly style?: StyleName; readonly isProse: boolean} = {isProse: false};

/** @returns With this line on the screen, a third from the top where there is something above it. */
export const scrolledToLine = (output: OutputState, number: number, view: View): Scroll => {
	if (view.isRendered) prepareLines(output.lines);
	const top = walk(output, {line: number, row: 0}, -Math.floor(view.rows / 3), view);
	return {isFollowing: false, ...top, seen: seenOf(output)};
};

/** @returns Number of the first line on the screen. */
export const topLineOf = (output: OutputState, view: View): number => topOf(output, view).line;

/** Down at the very end means: follow. */
export const scrolledBy = (output: OutputState, rows: number, view: View): Scroll => {
	const last = lastTopOf(output, view);
	const top = topOf(output, view);
	const isAtEnd = !isBefore(top, last);
	if (isAtEnd && rows >= 0) return {isFollowing: true};
	const moved = walk(output, top, rows, view);
	if (rows < 0 && isAtEnd && !isBefore(moved, last)) return output.scroll;
	return {isFollowing: false, ...(isBefore(last, moved) ? last : moved), seen: seenOf(output)};
};

export const scrolledToStart = (output: OutputState, view: View): Scroll => {
	const first = {line: output.firstNumber, row: 0};
	return isBefore(first, lastTopOf(output, view))
		? {isFollowing: false, ...first, seen: seenOf(output)}
		: output.scroll;
};

/** Stays where it is, whatever comes. */
export const held = (output: OutputState, view: View): Scroll => ({
	isFollowing: false,
	...topOf(output, view),
	seen: seenOf(output),
});

const seenOf = (output: OutputState): number => (output.scroll.isFollowing ? nextNumberOf(output) : output.scroll.seen);

interface Top {
	readonly line: number;
	readonly row: number;
}

const topOf = (output: OutputState, view: View): Top => {
	const {scroll, firstNumber} = output;
	if (scroll.isFollowing) return lastTopOf(output, view);
	if (scroll.line < firstNumber) return {line: firstNumber, row: 0};
	const line = output.lines[scroll.line - firstNumber];
	// A narrower or wider screen wraps the line into another number of rows.
	return {line: scroll.line, row: line ? Math.min(scroll.row, rowsOf(line, view).length - 1) : 0};
};

/** The top of the last full page. */
const lastTopOf = (output: OutputState, view: View): Top => {
	let left = view.rows;
	for (let index = output.lines.length - 1; index >= 0; index--) {
		const count = rowsOf(output.lines[index]!, view).length;
		if (count >= left) return {line: output.firstNumber + index, row: count - left};
		left -= count;
	}

	return {line: output.firstNumber, row: 0};
};

const walk = (output: OutputState, from: Top, rows: number, view: View): Top => {
	let index = from.line - output.firstNumber;
	let row = from.row + rows;
	while (row < 0 && index > 0) row += rowsOf(output.lines[--index]!, view).length;
	while (index < output.lines.length - 1 && row >= rowsOf(output.lines[index]!, view).length)
		row -= rowsOf(output.lines[index++]!, view).length;
	return {line: output.firstNumber + index, row: Math.max(0, row)};
};

const isBefore = (a: Top, b: Top): boolean => a.line < b.line || (a.line === b.line && a.row < b.row);

/** Wrapping is the dear part; a line is wrapped once per width. */
const rowsOf = (line: OutputLine, {columns, column, isRendered}: View): readonly string[] => {
	const text = isRendered ? renderedLineOf(line).text : line.text;
	if (column !== undefined) return [withoutColumns(text, column)];
	const known = wrapped.get(line);
	if (known?.columns === columns && known.text === text) return known.rows;
	const rows = wrap(text, columns);
	wrapped.set(line, {columns, text, rows});
	return rows;
};

const wrapped = new WeakMap<
	OutputLine,
	{readonly columns: number; readonly text: string; readonly rows: readonly string[]}
>();
