import {isRunEnded, type RollbackState, type RunState} from '../../run/state.ts';
import {
	budgetOf,
	knownCostOf,
	openApprovalsOf,
	type RunStatus,
	rollbackStatusOf,
	runCostOf,
	runStatusOf,
	stepsEndedOf,
} from '../../run/views.ts';
import {formatCost, formatDuration, formatUsd} from '../../units.ts';
import {isForQuota} from '../attention.ts';
import {elsewhereWords, parentWords} from '../select.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {fitText, truncate, widthOf} from '../text/width.ts';
import type {Look, StyleName} from '../theme.ts';
import {clockWords, elapsedWords} from '../times.ts';
import {failureWords, itemsWords, retryWords} from './step.ts';

export interface RunRowOptions {
	readonly look: Look;
	readonly nowMs: number;
	readonly columns: number;
	/** Where the cockpit was started: runs of other workspaces name theirs. */
	readonly workspace: string;
	/** For the name of the run above. */
	readonly runs: ReadonlyMap<string, RunState>;
}

/** `▶ fix-issue 42  3/5 ██████···· 4m12s $0.42`, or words in place of the bar where there is something to say. */
export const runRowOf = (run: RunState, {look, nowMs, columns, workspace, runs}: RunRowOptions): Row => {
	const status = runStatusOf(run);
	const {glyphs} = look;
	const isRoomy = columns >= 60;
	const middleColumns = isRoomy ? 28 : 15;
	const nameColumns = Math.max(6, columns - middleColumns - (isRoomy ? 20 : 11));
	const words = runWordsOf(run, status, {nowMs, columns: middleColumns, look});
	const middle = words ?? progressOf(run, middleColumns, look);
	return [
		span(`${runGlyphOf(run, look)} `, isAsking(run) ? 'waiting' : runStyleOf(status)),
		span(
			`${fittedNameOf(run, parentWords(run, runs) || elsewhereWords(run, workspace), nameColumns, glyphs.ellipsis)} `,
		),
		span(`${fitText(middle, middleColumns, glyphs.ellipsis)} `, runStyleOf(status)),
		span(fitText(runTimeOf(run, status, nowMs), 7, glyphs.ellipsis, 'right')),
		...(isRoomy ? [span(fitText(runCostWords(run), 9, glyphs.ellipsis, 'right'))] : []),
	];
};

/** A name that is too long loses its end, never its number: that tells the runs of one workflow apart. */
const fittedNameOf = (run: RunState, other: string, columns: number, ellipsis: string): string => {
	const number = ` ${run.number}`;
	const name = cleanText(run.workflow.name);
	if (widthOf(name + number) > columns) return truncate(name, columns - number.length, ellipsis) + number;
	return fitText(cleanText(name + number + other), columns, ellipsis);
};

const runGlyphOf = (run: RunState, {glyphs}: Look): string => {
	const status = runStatusOf(run);
	if (isAsking(run)) return glyphs.status.waiting;
	return glyphs.status[status === 'waiting' ? 'sleeping' : status];
};

export const runStyleOf = (status: RunStatus): StyleName => {
	if (status === 'paused') return 'waiting';
	return status === 'queued' ? 'pending' : status;
};

/** What somebody made of the run: paused, or rolled back. */
export const steeringWords = (run: RunState): string => {
	const rollback = rollbackStatusOf(run);
	if (rollback === 'running') return `rolling back ${undoneWords(run.rollback!)}`;
	if (rollback) return rollback === 'done' ? 'rolled back' : 'rolled back in part';
	return run.paused && !isRunEnded(run) ? 'paused' : '';
};

const undoneWords = ({targets}: RollbackState): string =>
	`${targets.filter(({status}) => status === 'undone').length}/${targets.length}`;

/** @returns `undefined` where the progress bar says enough. */
const runWordsOf = (
	run: RunState,
	status: RunStatus,
	{nowMs, columns, look}: {nowMs: number; columns: number; look: Look},
): string | undefined => {
	if (run.rollback?.status === 'running') return `undoing ${undoneWords(run.rollback)}`;
	switch (status) {
		case 'failed': {
			const step = run.stepOrder
				.map(id => run.steps[id]!)
				.find(each => each.status === 'failed' && !each.continueOnError);
			if (!step) return `failed: ${run.failure?.code ?? 'unknown'}`;
			if (step.exitCode === undefined) return cleanText(`${step.id}: ${failureWords(step)}`);
			// A name that is too long gives way: the exit code says more than its end.
			const exit = `: exit ${step.exitCode}`;
			return truncate(cleanText(step.id), columns - exit.length, look.glyphs.ellipsis) + exit;
		}

		case 'waiting':
			return isAsking(run) ? 'waiting for you' : untilWords(run, nowMs);
		case 'queued':
		case 'paused':
		case 'cancelled':
			return status;
		case 'completed':
			return 'done';
		case 'running':
			return run.cancelRequested ? 'being cancelled' : soleItemsWords(run, columns, look);
	}
};

/** Somebody has to answer, whatever else of it goes on. */
export const isAsking = (run: RunState): boolean => openApprovalsOf(run).length > 0;

/** The next moment that something of it wakes up, or is tried again. */
const untilWords = (run: RunState, nowMs: number): string => {
	const steps = run.stepOrder.map(id => run.steps[id]!);
	const retrying = steps
		.filter(({status, retryAtMs}) => status === 'retrying' && retryAtMs !== undefined)
		.toSorted((a, b) => a.retryAtMs! - b.retryAtMs!)[0];
	if (retrying && isForQuota(retrying)) return `quota until ${clockWords(retrying.retryAtMs!, nowMs)}`;
	if (retrying) return retryWords(retrying, nowMs).split(',')[0]!;
	const waiting = steps.filter(({status}) => status === 'waiting');
	const wakeAtMs = Math.min(...waiting.flatMap(step => step.wakeAtMs ?? []));
	if (Number.isFinite(wakeAtMs)) return `until ${clockWords(wakeAtMs, nowMs)}`;
	const signal = waiting.find(step => step.signal !== undefined)?.signal;
	return signal === undefined ? 'waiting' : `signal ${cleanText(signal)}`;
};

/** Of a run of which only the items of one step run: how far they are, which says more than a bar of steps. */
const soleItemsWords = (run: RunState, columns: number, {glyphs}: Look): string | undefined => {
	if (run.counts.running !== 1) return undefined;
	const items = run.stepOrder.map(id => run.steps[id]!).find(({status}) => status === 'running')?.items;
	return items && truncate(itemsWords(items), columns, glyphs.ellipsis);
};

/** `3/5 ██████····` */
const progressOf = (run: RunState, columns: number, {glyphs}: Look): string => {
	const ended = stepsEndedOf(run);
	const total = run.stepOrder.length;
	const figures = `${ended}/${total}`.padStart(columns > 20 ? 7 : 5);
	const barColumns = columns - figures.length - 1;
	const full = total === 0 ? 0 : Math.floor((ended / total) * barColumns);
	return `${figures} ${glyphs.barFull.repeat(full)}${glyphs.barEmpty.repeat(barColumns - full)}`;
};

/** What runs has an elapsed time; what waits says since when, so that the screen can stand still. */
const runTimeOf = (run: RunState, status: RunStatus, nowMs: number): string => {
	const startedAtMs = run.startedAtMs ?? run.createdAtMs;
	if (run.endedAtMs !== undefined) return formatDuration(run.endedAtMs - startedAtMs);
	if (status === 'running') return elapsedWords(nowMs - startedAtMs);
	if (!isAsking(run)) return clockWords(startedAtMs, nowMs);
	const askedAtMs = openApprovalsOf(run).map(({requestedAtMs}) => requestedAtMs);
	return clockWords(Math.min(...askedAtMs), nowMs);
};

/** `$0.42 / $2.00`: with what it may spend, where that is limited. */
export const runMeterWords = (run: RunState): string => {
	const budget = budgetOf(run);
	const cost = runCostWords(run);
	return budget === undefined ? cost : `${cost || '$0.00'} / ${formatUsd(budget)}`;
};

/** @returns Nothing for a run that calls no agent. */
export const runCostWords = (run: RunState): string => {
	const known = knownCostOf(run);
	const isUnknown = runCostOf(run) === null;
	return known === 0 && !isUnknown ? '' : formatCost(known, isUnknown ? 1 : 0);
};
