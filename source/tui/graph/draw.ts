import type {Glyphs} from '../glyphs.ts';
import {type Row, type Span, span} from '../text/row.ts';
import {fitText, widthOf} from '../text/width.ts';
import type {StyleName} from '../theme.ts';
import {boxRows, type GraphLayout, type PlacedBox} from './layout.ts';

/** What is written into a box, and how it looks. */
export interface BoxLabel {
	readonly text: string;
	readonly style: StyleName;
	readonly isSelected: boolean;
}

/** The part of a graph that is on the screen. */
export interface Window {
	readonly x: number;
	readonly y: number;
	readonly columns: number;
	readonly rows: number;
}

const up = 1;
const down = 2;
const left = 4;
const right = 8;

/** @returns Exactly as many rows as the window has. */
export const drawGraph = (
	{boxes, segments, heads}: GraphLayout,
	labelOf: (id: string) => BoxLabel,
	window: Window,
	glyphs: Glyphs,
): Row[] => {
	const lines = lineCellsOf(segments);
	const arrows = new Set(heads.map(({x, y}) => keyOf(x, y)));
	const rows: Row[] = [];
	for (let y = window.y; y < window.y + window.rows; y++) {
		const here = boxes
			.filter(box => y >= box.y && y < box.y + boxRows && isIn(box, window))
			.toSorted((a, b) => a.x - b.x);
		const spans: Span[] = [];
		let x = window.x;
		for (const box of here) {
			spans.push(...lineSpans(x, box.x, y));
			const label = labelOf(box.id);
			const drawn = boxSpans(box, y, label, glyphs);
			spans.push(...cut(drawn, Math.max(0, window.x - box.x), window.x + window.columns - Math.max(box.x, window.x)));
			x = Math.max(x, box.x + box.width);
		}

		spans.push(...lineSpans(x, window.x + window.columns, y));
		rows.push(spans);
	}

	return rows;

	function lineSpans(from: number, to: number, y: number): Span[] {
		let text = '';
		for (let x = Math.max(from, window.x); x < Math.min(to, window.x + window.columns); x++) {
			const key = keyOf(x, y);
			text += arrows.has(key) ? glyphs.head : (glyphs.lines[lines.get(key) ?? 0] ?? ' ');
		}

		return text === '' ? [] : [span(text, 'muted')];
	}
};

const keyOf = (x: number, y: number): number => y * 100_000 + x;

const lineCellsOf = (segments: GraphLayout['segments']): Map<number, number> => {
	const cells = new Map<number, number>();
	const add = (x: number, y: number, directions: number) =>
		cells.set(keyOf(x, y), (cells.get(keyOf(x, y)) ?? 0) | directions);
	for (const {x1, y1, x2, y2, goesOn} of segments) {
		if (y1 === y2) {
			for (let x = x1; x < x2; x++) {
				add(x, y1, right);
				add(x + 1, y1, left);
			}

			if (goesOn === 'before' || goesOn === 'both') add(x1, y1, left);
			if (goesOn === 'after' || goesOn === 'both') add(x2, y2, right);
			continue;
		}

		const [top, bottom] = y1 < y2 ? [y1, y2] : [y2, y1];
		for (let y = top; y < bottom; y++) {
			add(x1, y, down);
			add(x1, y + 1, up);
		}
	}

	return cells;
};

const isIn = (box: PlacedBox, window: Window): boolean =>
	box.x < window.x + window.columns && box.x + box.width > window.x;

const boxSpans = (
	box: PlacedBox,
	y: number,
	{text, style, isSelected}: BoxLabel,
	{border, ellipsis, cursor}: Glyphs,
): Span[] => {
	const frame: StyleName = isSelected ? 'key' : style;
	const inner = box.width - 2;
	if (y === box.y) return [span(border.topLeft + border.top.repeat(inner) + border.topRight, frame)];
	if (y === box.y + 2) return [span(border.bottomLeft + border.bottom.repeat(inner) + border.bottomRight, frame)];
	return [
		span(border.left, frame),
		span(fitText(`${isSelected ? cursor : ' '}${text}`, inner, ellipsis), isSelected ? 'selected' : style),
		span(border.right, frame),
	];
};

/** @returns The spans without their first `skip` columns, at most `columns` wide. */
const cut = (spans: readonly Span[], skip: number, columns: number): Span[] => {
	const shown: Span[] = [];
	let toSkip = skip;
	let room = columns;
	for (const {text, style} of spans) {
		let rest = '';
		let width = 0;
		for (const character of text) {
			const own = widthOf(character);
			if (toSkip > 0) {
				toSkip -= own;
				// Half of a wide character is a blank.
				if (toSkip < 0 && room > 0) rest += ' '.repeat(-toSkip);
				continue;
			}

			if (width + own > room) break;
			rest += character;
			width += own;
		}

		room -= widthOf(rest);
		if (rest !== '') shown.push({text: rest, style});
	}

	return shown;
};
