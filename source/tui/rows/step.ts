import type {RunState, StepState} from '../../run/state.ts';
import {formatDuration, formatUsd} from '../../units.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {fitText, widthOf} from '../text/width.ts';
import type {Look, StyleName} from '../theme.ts';
import {clockWords, elapsedWords} from '../times.ts';

export interface StepColumns {
	readonly id: number;
	/** 0 where there is room for little: what happens to a step says more than who does it. */
	readonly who: number;
	/** 0 where no step of the run has a cost. */
	readonly cost: number;
}

/** As wide as the steps of this run need, within bounds that leave room for what happens to them. */
export const stepColumnsOf = (run: RunState, columns: number): StepColumns => {
	const steps = run.stepOrder.map(id => run.steps[id]!);
	const widest = (texts: readonly string[]) => Math.max(4, ...texts.map(widthOf));
	return {
		id: Math.min(widest(steps.map(step => cleanText(step.id))), Math.max(8, Math.floor(columns * 0.32))),
		who: columns < 48 ? 0 : Math.min(widest(steps.map(whoWords)), Math.max(6, Math.floor(columns * 0.22))),
		cost: steps.some(step => costWords(step) !== '') ? 8 : 0,
	};
};

/** `✓ plan  claude  41s  $0.11  replay` */
export const stepRowOf = (step: StepState, {id, who, cost}: StepColumns, look: Look, nowMs: number): Row => {
	const style = stepStyleOf(step);
	const {ellipsis} = look.glyphs;
	const time = stepTimeOf(step, nowMs);
	const costs = costWords(step);
	const words = stepWordsOf(step, nowMs);
	// What waits or was skipped has no figures: its words come first, so that a narrow pane cuts nothing of them.
	const figures: Row =
		time === '' && costs === '' && words !== ''
			? []
			: [
					span(`${fitText(time, 6, ellipsis, 'right')} `, 'text'),
					...(cost > 0 ? [span(`${fitText(costs, cost, ellipsis, 'right')} `, 'text')] : []),
				];
	return [
		span(`${stepGlyphOf(step, look)} `, style),
		span(`${fitText(cleanText(step.id), id, ellipsis)} `, step.status === 'pending' ? 'pending' : 'text'),
		...(who > 0 ? [span(`${fitText(whoWords(step), who, ellipsis)} `, 'muted')] : []),
		...figures,
		...(isReplay(step) && (step.agent?.id !== 'replay' || who === 0) ? [span(' replay', 'replay')] : []),
		...(step.attempts.length > 1 ? [span(` attempt ${step.attempts.length}`, 'retrying')] : []),
		span(` ${words}`, style),
	];
};

/** What happened to it, in words: nothing depends on colour or on knowing the glyph. */
export const stepWordsOf = (step: StepState, nowMs: number): string => {
	switch (step.status) {
		// A moment of the day, not an elapsed time: the screen can stand still while it waits.
		case 'waiting':
			if (step.wakeAtMs !== undefined) return `waits until ${clockWords(step.wakeAtMs, nowMs)}`;
			return 'waiting for you';

		case 'retrying':
			return 'interrupted, starts again';
		case 'failed':
			return `failed: ${failureWords(step)}${step.continueOnError ? ', the run goes on' : ''}`;
		case 'skipped':
			return `skipped: ${cleanText(step.skipped?.detail || step.skipped?.reason || 'no reason given')}`;
		case 'cancelled':
			return 'cancelled';
		default:
			return '';
	}
};

export const failureWords = ({failure, exitCode}: Pick<StepState, 'failure' | 'exitCode'>): string =>
	`${failure?.code ?? 'unknown'}${exitCode === undefined ? '' : `, exit ${exitCode}`}`;

export const stepGlyphOf = (step: StepState, {glyphs}: Look): string =>
	glyphs.status[step.status === 'waiting' && step.wakeAtMs !== undefined ? 'sleeping' : step.status];

export const stepStyleOf = (step: StepState): StyleName => step.status;

export const isReplay = (step: StepState): boolean => step.agent?.isReplay === true;

/** The agent, else what kind of step it is. */
const whoWords = (step: StepState): string => cleanText(step.agent?.id ?? step.attempts.at(-1)?.agent ?? step.kind);

const stepTimeOf = (step: StepState, nowMs: number): string => {
	if (step.startedAtMs === undefined || step.status === 'skipped' || step.status === 'waiting') return '';
	const {startedAtMs, endedAtMs} = step;
	return endedAtMs === undefined ? elapsedWords(nowMs - startedAtMs) : formatDuration(endedAtMs - startedAtMs);
};

/** A recording costs nothing, and is said to be one. */
const costWords = (step: StepState): string =>
	step.kind === 'agent' && step.attempts.length > 0 && !(isReplay(step) && step.costMicroUsd === 0)
		? formatUsd(step.costMicroUsd)
		: '';
