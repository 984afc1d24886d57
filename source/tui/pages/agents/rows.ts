import type {AgentView, CostSummary} from '../../../api/messages.ts';
import {formatDuration} from '../../../units.ts';
import {costWordsOf} from '../../spend.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {fitText} from '../../text/width.ts';
import type {Look, StyleName} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import type {AgentActivity} from './activity.ts';

/** What an agent is like at this moment: the worst first. */
export interface AgentStanding {
	readonly glyph: 'completed' | 'failed' | 'waiting' | 'paused' | 'sleeping';
	readonly style: StyleName;
	/** `open until 15:00`. */
	readonly words: string;
}

export const standingOf = (agent: AgentView, nowMs: number): AgentStanding => {
	const standing = ownStandingOf(agent, nowMs);
	return agent.isPreferred ? {...standing, words: `${standing.words}, preferred`} : standing;
};

const ownStandingOf = (agent: AgentView, nowMs: number): AgentStanding => {
	const {isHealthy, detail, breaker, disabled, login} = agent;
	if (disabled) return {glyph: 'paused', style: 'waiting', words: 'disabled'};
	if (!isHealthy) {
		const isAbsent = agent.version === null && /not on the PATH|is not installed/.test(detail ?? '');
		return isAbsent
			? {glyph: 'failed', style: 'pending', words: 'not installed'}
			: {glyph: 'failed', style: 'failed', words: 'does not work'};
	}

	const untilMs = breaker?.untilAt ? Date.parse(breaker.untilAt) : 0;
	if (breaker?.state === 'open' && untilMs > nowMs)
		return {glyph: 'sleeping', style: 'waiting', words: `open until ${clockWords(untilMs, nowMs)}`};
	if (breaker && breaker.state !== 'closed')
		return {glyph: 'waiting', style: 'waiting', words: 'the next attempt tries it'};
	if (login === 'out') return {glyph: 'waiting', style: 'waiting', words: 'not logged in'};
	return {glyph: 'completed', style: 'completed', words: 'works'};
};

interface AgentRowOptions {
	readonly columns: number;
	readonly look: Look;
	readonly nowMs: number;
	readonly activity: AgentActivity;
	readonly today: CostSummary | undefined;
}

/** `✓ claude  2.1.329  works  2 running  97 % of 36  12s  $0.42` */
export const agentRowOf = (agent: AgentView, {columns, look, nowMs, activity, today}: AgentRowOptions): Row => {
	const {glyph, style, words} = standingOf(agent, nowMs);
	const {running, ended, completed, meanMs} = activity;
	const cost = today?.rows.find(({name}) => name === agent.id);
	const cells = [
		cleanText(agent.version ?? ''),
		words,
		running > 0 ? String(running) : '',
		ended > 0 ? `${Math.floor((completed / ended) * 100)} % of ${ended}` : '',
		meanMs === undefined ? '' : formatDuration(meanMs),
		cost ? costWordsOf(cost) : '',
	];
	return [
		span(`${look.glyphs.status[glyph]} `, style),
		span(fitText(cleanText(agent.id), nameColumns, look.glyphs.ellipsis)),
		...cellsOf(cells, columns, look).map((text, index) => span(text, index === 1 ? style : undefined)),
	];
};

/** The titles of `agentRowOf`. */
export const agentTitlesOf = (columns: number, look: Look): Row => [
	span(`  ${fitText('agent', nameColumns, look.glyphs.ellipsis)}`, 'muted'),
	...cellsOf(['version', 'state', 'running', 'succeeded', 'took', 'today'], columns, look).map(text =>
		span(text, 'muted'),
	),
];

const nameColumns = 12;

/** The version and the state share what is left. */
const cellsOf = (cells: readonly string[], columns: number, {glyphs}: Look): string[] => {
	const numbers = [8, 12, 7, 10];
	const left = columns - 2 - nameColumns - numbers.reduce((sum, width) => sum + width, 0);
	const state = Math.max(8, Math.min(28, left - 9));
	const widths = [Math.max(0, Math.min(20, left - state)), state, ...numbers];
	return cells.map((text, index) => {
		const width = widths[index]!;
		if (width <= 1) return '';
		return ` ${fitText(text, width - 1, glyphs.ellipsis, index > 1 ? 'right' : 'left')}`;
	});
};
