import type {JournalEvent} from '../../run/events.ts';
import {firstShownOf} from '../parts/windows.ts';
import type {CockpitState} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {fitText, widthOf} from '../text/width.ts';
import type {Look, StyleName} from '../theme.ts';
import {momentWords} from '../times.ts';
import {eventWordsOf} from './event-words.ts';
import {type History, indexOfSeq, runAt} from './history.ts';

/** @returns The events of the selected run; `undefined` while they are somebody else's. */
export const timelineOf = ({runView, runId}: CockpitState): History | undefined =>
	runView.history?.runId === runId ? runView.history : undefined;

/** @returns The event under the cursor: the one it was moved to, else that of the past, else the last. */
export const cursorEventOf = (state: CockpitState): JournalEvent | undefined => {
	const history = timelineOf(state);
	return history?.events[cursorIndexOf(state, history)];
};

export const movedInTimeline = (state: CockpitState, rows: number): CockpitState => {
	const history = timelineOf(state);
	if (!history || history.events.length === 0) return state;
	const last = history.events.length - 1;
	const index = Math.max(0, Math.min(cursorIndexOf(state, history) + rows, last));
	// On the last one of a run as it is, the cursor goes on with what happens.
	const eventSeq = index === last && !state.runView.past ? undefined : history.events[index]!.seq;
	return {...state, runView: {...state.runView, eventSeq}};
};

const cursorIndexOf = ({runView}: CockpitState, history: History): number => {
	const seq = runView.eventSeq ?? runView.past?.seq;
	return seq === undefined ? history.events.length - 1 : Math.max(0, indexOfSeq(history, seq));
};

export interface TimelineRow {
	readonly row: Row;
	readonly isSelected: boolean;
	/** Whether it is the moment that is shown. */
	readonly isThen: boolean;
}

/** The rows around the cursor: time, glyph, step and words of each event. */
export const timelineRowsOf = (state: CockpitState, columns: number, rows: number, look: Look): TimelineRow[] => {
	const history = timelineOf(state);
	if (!history) return [];
	const {events} = history;
	const cursor = cursorIndexOf(state, history);
	const first = firstShownOf(events.length, cursor, rows);
	const shown = events.slice(first, first + rows);
	const {past} = state.runView;
	const thenIndex = past ? indexOfSeq(history, past.seq) : -1;
	const lines = shown.map((event, at) => {
		const run = runAt(events, first + at);
		const said = run ? eventWordsOf(event, run) : {glyph: '·', name: '', words: cleanText(event.type)};
		return {event, ...said};
	});
	const nameColumns = Math.min(Math.max(0, ...lines.map(({name}) => widthOf(name))), Math.floor(columns * 0.25));
	return lines.map(({event, glyph, name, words}, at) => {
		const {mark, style} = markOf(glyph, look);
		return {
			isSelected: first + at === cursor,
			isThen: first + at === thenIndex,
			row: [
				span(`${momentWords(event.atMs, state.nowMs)} `, 'muted'),
				span(`${mark} `, style),
				...(nameColumns > 0 ? [span(`${fitText(name, nameColumns, look.glyphs.ellipsis)} `)] : []),
				span(words, style === 'failed' ? 'failed' : 'text'),
			],
		};
	});
};

/** The glyphs of plain lines, as this look has them. */
const markOf = (glyph: string, {glyphs}: Look): {mark: string; style: StyleName} => {
	const known = marks[glyph];
	if (!known) return {mark: glyphs.status.pending, style: 'muted'};
	const [name, style] = known;
	return {
		mark: name === 'switched' ? glyphs.switched : name.length === 1 ? name : glyphs.status[name as 'running'],
		style,
	};
};

const marks: Readonly<Record<string, readonly [string, StyleName]>> = {
	'▶': ['running', 'running'],
	'✓': ['completed', 'completed'],
	'✗': ['failed', 'failed'],
	'⟲': ['retrying', 'retrying'],
	'◆': ['waiting', 'waiting'],
	'◷': ['sleeping', 'waiting'],
	'‖': ['paused', 'waiting'],
	'↷': ['skipped', 'skipped'],
	'■': ['cancelled', 'cancelled'],
	'⇄': ['switched', 'retrying'],
	'!': ['!', 'alert'],
	'+': ['+', 'completed'],
};
