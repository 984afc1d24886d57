import {listFilterOf} from '../../../list-filter.ts';
import type {CockpitState, Size} from '../../state.ts';
import type {Row} from '../../text/row.ts';
import type {LogLine} from './buffer.ts';
import type {LogScroll} from './page-state.ts';
import {logRowsOf} from './rows.ts';

/** @returns The lines that fit the filter, the newest last. */
export const listedLinesOf = ({pages}: CockpitState): readonly LogLine[] => {
	const {
		log: {lines},
		filter,
	} = pages.logs;
	const fits = listFilterOf(filter);
	if (!fits) return lines;
	const known = listed.get(lines);
	if (known?.filter === filter) return known.lines;
	const fitting = lines.filter(({level = '', clock, text, stack}) => fits([level, clock, text, ...stack].join(' ')));
	listed.set(lines, {filter, lines: fitting});
	return fitting;
};

const listed = new WeakMap<readonly LogLine[], {readonly filter: string; readonly lines: readonly LogLine[]}>();

/** @param size Of the pane. @returns The rows on the screen, and how many lines are below them. */
export const visibleLogOf = (
	state: CockpitState,
	size: Size,
): {readonly rows: readonly Row[]; readonly below: number} => {
	const lines = listedLinesOf(state);
	const {columns, rows: rowsMax} = insideOf(size);
	const {isFollowing} = state.pages.logs.scroll;
	const rows: Row[] = [];
	let index = topIndexOf(state, size);
	for (; index < lines.length && (isFollowing || rows.length < rowsMax); index++)
		rows.push(...logRowsOf(lines[index]!, columns));
	// Following, the end is what counts: a long line at the top gives way.
	const shown = isFollowing ? rows.slice(-rowsMax) : rows.slice(0, rowsMax);
	return {rows: shown, below: lines.length - index};
};

/** Down at the very end means: follow. */
export const scrolledLog = (state: CockpitState, rows: number, size: Size): CockpitState => {
	const lines = listedLinesOf(state);
	const top = topIndexOf(state, size) + rows;
	const isAtEnd = top >= lastTopOf(lines, size);
	return withScroll(state, isAtEnd ? {isFollowing: true} : {isFollowing: false, top: lines[Math.max(0, top)]!.number});
};

export const withLogFollow = (state: CockpitState, size: Size): CockpitState => {
	if (!state.pages.logs.scroll.isFollowing) return withScroll(state, {isFollowing: true});
	const top = listedLinesOf(state)[topIndexOf(state, size)];
	return withScroll(state, top ? {isFollowing: false, top: top.number} : {isFollowing: true});
};

const withScroll = (state: CockpitState, scroll: LogScroll): CockpitState => ({
	...state,
	pages: {...state.pages, logs: {...state.pages.logs, scroll}},
});

const topIndexOf = (state: CockpitState, size: Size): number => {
	const {scroll} = state.pages.logs;
	const lines = listedLinesOf(state);
	if (scroll.isFollowing) return lastTopOf(lines, size);
	const index = lines.findIndex(({number}) => number >= scroll.top);
	return index < 0 ? lastTopOf(lines, size) : index;
};

/** @returns Index of the line from which everything to the end fits, or the one that reaches over the top. */
const lastTopOf = (lines: readonly LogLine[], size: Size): number => {
	const {columns, rows} = insideOf(size);
	let left = rows;
	let index = lines.length;
	while (index > 0 && left > 0) left -= logRowsOf(lines[--index]!, columns).length;
	return index;
};

const insideOf = ({columns, rows}: Size): Size => ({columns: columns - 2, rows: Math.max(1, rows - 2)});
