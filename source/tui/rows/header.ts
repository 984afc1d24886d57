import type {CostLimitView} from '../../api/messages.ts';
import {runStatusOf} from '../../run/views.ts';
import {formatUsd} from '../../units.ts';
import type {Glyphs} from '../glyphs.ts';
import {pageOf} from '../pages/pages.ts';
import {burnOf, burnWords, costWordsOf, hoursOf, tightestOfToday} from '../spend.ts';
import type {CockpitState, Connection} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, rowWidthOf, span} from '../text/row.ts';
import {shortPathOf} from '../text/short-path.ts';
import {sparklineOf} from '../text/sparkline.ts';
import type {Look, StyleName} from '../theme.ts';
import {elapsedWords} from '../times.ts';
import {troublesOf} from '../troubles.ts';
import {isAsking} from './run.ts';

/** What is happening, in numbers, and whether the daemon is there. */
export const headerRowsOf = (state: CockpitState, isWide: boolean, {glyphs}: Look): {left: Row; right: Row} => {
	const page = pageOf(state);
	const name: Row = [
		span(' aiworkflow', 'strong'),
		...(page ? [span(` ${glyphs.cursor} ${page.title}`, 'strong')] : []),
	];
	const folder: Row = isWide ? [span(`  ${shortPathOf(state.workspace, state.home)} `, 'muted')] : [];
	const counts = countsOf(state).flatMap(({glyph, word, count, style}) => {
		if (count === 0) return [];
		const mark = glyphs.status[glyph];
		return [span(isWide ? `  ${mark} ${count} ${word}` : `  ${mark}${count}`, style)];
	});
	const happening = [...counts, ...troubleSpansOf(state, isWide, glyphs.alert)];
	const rightOf = (isRoomy: boolean): Row => [
		...spendSpansOf(state, isWide, isRoomy ? glyphs : undefined),
		connectionSpanOf(state),
		span(state.isReadOnly ? '  read-only ' : ' ', 'alert'),
	];
	const fits = (...parts: Row[]) => rowWidthOf(parts.flat()) <= state.size.columns;
	// The folder says the least of all that has to fit, then the shape of the day.
	if (fits(name, folder, happening, rightOf(true)))
		return {left: [...name, ...folder, ...happening], right: rightOf(true)};
	const left = [...name, ...happening];
	return {left, right: rightOf(fits(left, rightOf(true)))};
};

/** `! codex open until 15:00, 1 more`: only where something is wrong. */
const troubleSpansOf = (state: CockpitState, isWide: boolean, alert: string): Row => {
	const [first, ...more] = troublesOf(state);
	if (!first) return [];
	const rest = more.length > 0 ? `, ${more.length} more` : '';
	return [span(isWide ? `  ${alert} ${first.agent} ${first.words}${rest}` : `  ${alert}${more.length + 1}`, 'alert')];
};

/** What agents cost today and what that is limited to, by the hour and by the minute; nothing where they were not asked. */
const spendSpansOf = (state: CockpitState, isWide: boolean, glyphs: Glyphs | undefined): Row => {
	const {fetched, nowMs, size} = state;
	const today = fetched.today?.value;
	if (!today || (today.total.knownCostUsd === 0 && today.total.unknown === 0)) return [];
	const limit = tightestOfToday(fetched.limits?.value ?? []);
	const burn = burnOf(state);
	const spark =
		glyphs && size.columns >= sparkColumns ? sparklineOf(hoursOf(today, nowMs), glyphs).slice(-sparkHours) : '';
	const gap = isWide ? '   ' : '  ';
	return [
		span(`${isWide ? 'today ' : ''}${costWordsOf(today.total)}`),
		...(limit ? limitSpansOf(limit, costWordsOf(today.total), isWide) : []),
		...(spark ? [span(` ${spark}`)] : []),
		...(burn ? [span(`${gap}${burnWords(burn)}`, 'running')] : []),
		span(gap),
	];
};

/** From here on there is room for a shape: of the last twelve hours. */
const sparkColumns = 110;
const sparkHours = 12;

/** ` / $20.00`; where the limit is about less than all that was spent, whose it is and how much of it is spent. */
const limitSpansOf = (limit: CostLimitView, total: string, isWide: boolean): Row => {
	const {scope, name, usd, spentUsd, unknown} = limit;
	const spent = costWordsOf({knownCostUsd: spentUsd, unknown});
	const most = formatUsd(Math.round(usd! * 1e6));
	const style = spentUsd >= usd! ? 'danger' : spentUsd >= usd! * nearlyUsed ? 'alert' : undefined;
	const isOfAll = scope === 'global' || (scope === 'workspace' && spent === total);
	if (isOfAll) return [span(isWide ? ` / ${most}` : `/${most.slice(1).replace(/\.00$/, '')}`, style)];
	// On a small screen only what is about to run out is worth its room.
	if (!isWide && !style) return [];
	const whose = scope === 'workspace' ? 'here' : cleanText(name);
	return [span(isWide ? `, ${whose} ${spent} / ${most}` : `, ${whose} ${spent}/${most.slice(1)}`, style)];
};

/** The share of a limit from which on it is worth a look. */
const nearlyUsed = 0.8;

/** Runs that run, questions that wait for a person, runs that wait for time, paused runs, and failed ones. */
const countsOf = ({runs, waiting}: CockpitState) => {
	let running = 0;
	let sleeping = 0;
	let paused = 0;
	let failed = 0;
	for (const run of runs.values()) {
		const status = runStatusOf(run);
		if (status === 'running') running++;
		if (status === 'waiting' && !isAsking(run)) sleeping++;
		if (status === 'paused') paused++;
		if (status === 'failed') failed++;
	}

	return [
		{glyph: 'running', word: 'running', count: running, style: 'running'},
		{glyph: 'waiting', word: 'waiting', count: waiting.length, style: 'waiting'},
		{glyph: 'sleeping', word: 'until later', count: sleeping, style: 'waiting'},
		{glyph: 'paused', word: 'paused', count: paused, style: 'waiting'},
		{glyph: 'failed', word: 'failed', count: failed, style: 'failed'},
	] as const;
};

const connectionSpanOf = ({connection, nowMs, version}: CockpitState) => {
	const [text, style] = connectionWords(connection, nowMs, version);
	return span(text, style);
};

/** The truth about the daemon, and for how long it has been so. */
const connectionWords = (connection: Connection, nowMs: number, version: string): [string, StyleName] => {
	switch (connection.status) {
		case 'live':
			return connection.version === version
				? [version, 'muted']
				: [`${version}, daemon ${cleanText(connection.version)}`, 'alert'];
		case 'connecting':
			return [`connecting to the daemon${sinceWords(connection.sinceMs, nowMs)}`, 'alert'];
		case 'lost':
			return connection.failure?.code === 'daemon.stopped'
				? ['daemon stopped: aiworkflow daemon start', 'alert']
				: [`daemon gone${sinceWords(connection.sinceMs, nowMs)}, reconnecting`, 'danger'];
	}
};

const sinceWords = (sinceMs: number, nowMs: number): string =>
	nowMs - sinceMs < 1000 ? '' : ` ${elapsedWords(nowMs - sinceMs)}`;
