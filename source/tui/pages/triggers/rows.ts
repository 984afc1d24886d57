import type {FiringView} from '../../../api/messages.ts';
import {runStatusOf} from '../../../run/views.ts';
import type {CockpitState} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {fitText} from '../../text/width.ts';
import type {Look, StyleName} from '../../theme.ts';
import {dayTimeWords} from '../../times.ts';
import {lastFiringOf, runOfFiring, type TriggerItem} from './select.ts';

interface Standing {
	readonly glyph: keyof Look['glyphs']['status'];
	readonly style: StyleName;
	readonly words: string;
}

/** Whether it fires. */
export const standingOf = (item: TriggerItem, state: CockpitState): Standing => {
	const {webhook} = item;
	if (item.state !== 'armed') return standings[item.state];
	if (webhook && webhook.state !== 'ready')
		return {glyph: 'failed', style: 'failed', words: webhook.state === 'conflict' ? 'path is taken' : 'no secret'};
	if (item.kind === 'webhook' && !state.fetched.triggers?.value?.webhooks?.listener.isListening)
		return {glyph: 'waiting', style: 'waiting', words: 'nobody listens'};
	return {glyph: 'completed', style: 'completed', words: 'armed'};
};

const standings: Readonly<Record<Exclude<TriggerItem['state'], 'armed'>, Standing>> = {
	paused: {glyph: 'paused', style: 'waiting', words: 'paused'},
	untrusted: {glyph: 'waiting', style: 'waiting', words: 'waits for trust'},
	unarmed: {glyph: 'pending', style: 'pending', words: 'not armed'},
	invalid: {glyph: 'failed', style: 'failed', words: 'invalid file'},
};

/** What became of a firing: the status of its run, where that is known. */
export const outcomeOf = (firing: FiringView, state: CockpitState): Standing => {
	const run = runOfFiring(state, firing);
	if (run) {
		const status = runStatusOf(run);
		const style = status === 'paused' ? 'waiting' : status === 'queued' ? 'pending' : status;
		return {glyph: status, style, words: status};
	}

	return outcomes[firing.status];
};

const outcomes: Readonly<Record<FiringView['status'], Standing>> = {
	pending: {glyph: 'pending', style: 'pending', words: 'pending'},
	started: {glyph: 'running', style: 'running', words: 'started'},
	ended: {glyph: 'pending', style: 'muted', words: 'ended'},
	skipped: {glyph: 'skipped', style: 'skipped', words: 'skipped'},
	failed: {glyph: 'failed', style: 'failed', words: 'failed'},
};

/** @param columns Of the row. */
export const triggerRowOf = (item: TriggerItem, state: CockpitState, columns: number, {glyphs}: Look): Row => {
	const {glyph, style, words} = standingOf(item, state);
	const firing = lastFiringOf(item);
	const outcome = firing && outcomeOf(firing, state);
	const last = firing && outcome ? lastWordsOf(firing, outcome, state, glyphs, isWide(columns)) : '';
	const cells: Readonly<Record<ColumnName, readonly [string, StyleName?]>> = {
		workflow: [item.workflow],
		kind: [item.kind, 'key'],
		settings: [item.settings, 'muted'],
		state: [words, style],
		next: [nextWordsOf(item, state)],
		last: [last, outcome?.style],
		missed: [countOf(item.schedule?.missed)],
		pending: [countOf(item.armed?.pending)],
	};
	return [
		span(`${glyphs.status[glyph]} `, style),
		...columnsOf(columns).map(([name, width]) => {
			const [text, cellStyle] = cells[name];
			return span(`${fitText(cleanText(text), width - 1, glyphs.ellipsis)} `, cellStyle);
		}),
	];
};

/** The titles of `triggerRowOf`. */
export const triggerTitlesOf = (columns: number, {glyphs}: Look): Row => [
	span('  '),
	...columnsOf(columns).map(([name, width]) => span(`${fitText(name, width - 1, glyphs.ellipsis)} `, 'muted')),
];

/** A moment of the clock: `03:00`, `23 Nov 09:00`. */
export const nextWordsOf = ({schedule, state}: TriggerItem, {nowMs}: CockpitState): string => {
	if (!schedule || state !== 'armed') return '';
	return schedule.nextAt === null ? 'never' : dayTimeWords(Date.parse(schedule.nextAt), nowMs);
};

const lastWordsOf = (
	{at}: FiringView,
	{glyph, words}: Standing,
	{nowMs}: CockpitState,
	glyphs: Look['glyphs'],
	hasRoom: boolean,
): string => `${glyphs.status[glyph]} ${dayTimeWords(Date.parse(at), nowMs)}${hasRoom ? ` ${words}` : ''}`;

const countOf = (count = 0): string => (count === 0 ? '' : String(count));

type ColumnName = 'workflow' | 'kind' | 'settings' | 'state' | 'next' | 'last' | 'missed' | 'pending';

const isWide = (columns: number): boolean => columns >= 100;

/** Width of each column, the space after it included; settings have what is left. */
const columnsOf = (columns: number): readonly (readonly [ColumnName, number])[] => {
	const wide = isWide(columns);
	const ends = wide
		? ([
				['state', 16],
				['next', 14],
				['last', 25],
				['missed', 7],
				['pending', 8],
			] as const)
		: ([
				['state', 16],
				['next', 13],
				['last', 9],
			] as const);
	const starts = [
		['workflow', wide ? 17 : 13],
		['kind', 9],
	] as const;
	const taken = [...starts, ...ends].reduce((sum, [, width]) => sum + width, 2);
	return [...starts, ['settings', Math.max(2, columns - taken)], ...ends];
};
