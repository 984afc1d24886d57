import {runStatusOf} from '../../run/views.ts';
import type {CockpitState, Connection} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {shortPathOf} from '../text/short-path.ts';
import type {Look, StyleName} from '../theme.ts';
import {elapsedWords} from '../times.ts';
import {isAsking} from './run.ts';

/** What is happening, in numbers, and whether the daemon is there. */
export const headerRowsOf = (state: CockpitState, isWide: boolean, {glyphs}: Look): {left: Row; right: Row} => {
	const counts = countsOf(state);
	const left: Row[] = [[span(' aiworkflow', 'strong')]];
	if (isWide) left.push([span(`  ${shortPathOf(state.workspace, state.home)} `, 'muted')]);
	for (const {glyph, word, count, style} of counts) {
		if (count === 0) continue;
		const mark = glyphs.status[glyph];
		left.push([span(isWide ? `  ${mark} ${count} ${word}` : `  ${mark}${count}`, style)]);
	}

	return {left: left.flat(), right: [connectionSpanOf(state), span(state.isReadOnly ? '  read-only ' : ' ', 'alert')]};
};

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
