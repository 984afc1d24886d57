import type {ItemsState, RunState, StepState} from '../../run/state.ts';
import {formatCost, formatDuration} from '../../units.ts';
import {isForQuota} from '../attention.ts';
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
export const stepColumnsOf = (run: RunState, columns: number, idMin = 0): StepColumns => {
	const steps = run.stepOrder.map(id => run.steps[id]!);
	const widest = (texts: readonly string[]) => Math.max(4, ...texts.map(widthOf));
	return {
		id: Math.min(
			Math.max(idMin, widest(steps.map(step => cleanText(step.id)))),
			Math.max(8, Math.floor(columns * 0.32)),
		),
		who: columns < 48 ? 0 : Math.min(widest(steps.map(whoWords)), Math.max(6, Math.floor(columns * 0.22))),
		cost: Math.max(
			0,
			...steps.map(step => costWords(step).length),
			...(steps.some(step => costWords(step) !== '') ? [8] : []),
		),
	};
};

/** `✓ plan  claude  41s  $0.11  replay` */
export const stepRowOf = (
	step: StepState,
	{id, who, cost}: StepColumns,
	look: Look,
	nowMs: number,
	undo = '',
	alive = '',
): Row => {
	const style = stepStyleOf(step);
	const {ellipsis} = look.glyphs;
	const time = stepTimeOf(step, nowMs);
	const costs = costWords(step);
	const words = [stepWordsOf(step, nowMs), alive].filter(Boolean).join(', ');
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
		...(isReplay(step) && (whoWords(step) !== 'replay' || who === 0) ? [span(' replay', 'replay')] : []),
		...(step.generation > 1 ? [span(` gen ${step.generation}`, 'muted')] : []),
		...triesOf(step),
		...switchOf(step, look),
		...(step.items ? [span(` ${itemsWords(step.items)}`, step.items.counts.failed > 0 ? 'failed' : 'text')] : []),
		span(` ${words}`, style),
		...callOf(step, words !== '', who === 0),
		...(undo ? [span(` ${undo}`, 'retrying')] : []),
	];
};

/** ` GET example.com/items 200`, ` issues.search by mcp`: what a direct step asks, and which implementation of its tool. */
const callOf = (step: StepState, isAfterWords: boolean, hasKind: boolean): Row => {
	const {kind, status, attempts, outputs, text} = step;
	const {target, tool} = attempts.at(-1) ?? {};
	// A webhook to others is only handed over: `queued for https://example.com`.
	if (kind === 'webhook' && text) return [span(cleanText(text.preview), 'muted')];
	if (target === undefined || status === 'pending') return [];
	const answer = kind === 'http' && typeof outputs?.status === 'number' ? String(outputs.status) : '';
	// Until it has answered, nobody knows which of several will.
	const by = tool === undefined || status !== 'completed' ? '' : `by ${tool.slice(tool.indexOf('/') + 1)}`;
	const words = [hasKind ? kind : '', target, answer, by].filter(Boolean).join(' ');
	return [span(`${isAfterWords ? ', ' : ''}${cleanText(words)}`, 'muted')];
};

/** How often it was tried or repeated, where that is more than once. */
const triesOf = ({attempts, generation, iteration}: StepState): Row => {
	const count = attempts.filter(attempt => attempt.generation === generation).length;
	if (iteration > 0) return [span(` iteration ${iteration + (count > iteration ? 1 : 0)}`, 'retrying')];
	return count > 1 ? [span(` attempt ${count}`, 'retrying')] : [];
};

/** `⇄ claude → codex`: who took over last. */
const switchOf = ({switches, status}: StepState, {glyphs}: Look): Row => {
	const last = switches?.at(-1);
	if (!last || status === 'pending') return [];
	return [span(` ${glyphs.switched} ${cleanText(last.from)} ${glyphs.arrow} ${cleanText(last.to)}`, 'retrying')];
};

/** `37/100, 2 failed` */
export const itemsWords = ({values, counts}: ItemsState): string => {
	const {completed, failed, cancelled} = counts;
	return `${completed + failed + cancelled}/${values.length}${failed > 0 ? `, ${failed} failed` : ''}`;
};

/** What a rollback did, or is to do, to a step. */
export const undoWordsOfStep = ({rollback}: RunState, stepId: string): string => {
	const targets = rollback?.targets.filter(target => target.stepId === stepId) ?? [];
	if (targets.length === 0) return '';
	if (targets.some(({status}) => status === 'failed')) return 'not undone';
	if (targets.every(({status}) => status === 'undone')) return 'undone';
	return targets.some(({status}) => status === 'running') ? 'being undone' : 'to be undone';
};

/** What happened to it, in words: nothing depends on colour or on knowing the glyph. */
export const stepWordsOf = (step: StepState, nowMs: number): string => {
	switch (step.status) {
		// A moment of the day, not an elapsed time: the screen can stand still while it waits.
		case 'waiting':
			if (step.kind === 'wait') return waitWords(step, nowMs);
			return isOwnerLost(step) ? 'owner lost, waiting for you' : 'waiting for you';
		case 'retrying':
			return retryWords(step, nowMs);
		case 'completed':
			if (step.cached) return `cached, from run ${step.cached.runId}`;
			return step.adoptedFrom ? `taken over from run ${step.adoptedFrom.runId}` : '';
		case 'running': {
			const child = step.attempts.at(-1)?.childRunId;
			return child === undefined ? '' : `run ${child}`;
		}

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

/** The process of its last attempt vanished without an outcome. */
const isOwnerLost = ({attempts}: StepState): boolean => attempts.at(-1)?.status === 'interrupted';

/** `waits for the signal "go", until 14:02` */
export const waitWords = ({signal, wakeAtMs}: StepState, nowMs: number): string =>
	[
		signal === undefined ? 'waits' : `waits for the signal "${cleanText(signal)}",`,
		wakeAtMs === undefined ? '' : `until ${clockWords(wakeAtMs, nowMs)}`,
	]
		.filter(Boolean)
		.join(' ')
		.replace(/,$/, '');

/** `retry 2 in 12s`: how many times it has been tried again, with the one to come. */
export const retryWords = ({attempts, generation, retryAtMs}: StepState, nowMs: number): string => {
	const last = attempts.at(-1);
	if (last?.next === 'quota' && retryAtMs !== undefined)
		return `waiting for quota until ${clockWords(retryAtMs, nowMs)}`;
	if (last?.next === 'failover') return 'another agent takes over';
	if (last?.status === 'completed') return 'starts again';
	// Nobody knows how it ended: its process is gone.
	if (retryAtMs === undefined) return 'owner lost, starts again';
	const failed = attempts.filter(attempt => attempt.generation === generation && attempt.status === 'failed').length;
	const inMs = Math.ceil(Math.max(0, retryAtMs - nowMs) / 1000) * 1000;
	return `retry ${failed} in ${elapsedWords(inMs)}${last?.failure ? `, ${last.failure.code}` : ''}`;
};

export const failureWords = ({failure, exitCode}: Pick<StepState, 'failure' | 'exitCode'>): string =>
	`${failure?.code ?? 'unknown'}${exitCode === undefined ? '' : `, exit ${exitCode}`}`;

export const stepGlyphOf = (step: StepState, {glyphs}: Look): string =>
	glyphs.status[(step.status === 'waiting' && step.kind === 'wait') || isForQuota(step) ? 'sleeping' : step.status];

export const stepStyleOf = (step: StepState): StyleName => step.status;

export const isReplay = (step: StepState): boolean => step.agent?.isReplay === true;

/** The agent, else what kind of step it is: one that asks none may still be answered by a recording. */
const whoWords = (step: StepState): string =>
	cleanText((step.kind === 'agent' && (step.agent?.id ?? step.attempts.at(-1)?.agent)) || step.kind);

const stepTimeOf = (step: StepState, nowMs: number): string => {
	if (step.startedAtMs === undefined || step.status === 'skipped' || step.status === 'waiting') return '';
	const {startedAtMs, endedAtMs} = step;
	return endedAtMs === undefined ? elapsedWords(nowMs - startedAtMs) : formatDuration(endedAtMs - startedAtMs);
};

/** A recording costs nothing, and is said to be one. */
const costWords = (step: StepState): string =>
	step.kind === 'agent' && (step.attempts.length > 0 || step.items) && !(isReplay(step) && step.costMicroUsd === 0)
		? formatCost(step.costMicroUsd, step.unpriced)
		: '';
