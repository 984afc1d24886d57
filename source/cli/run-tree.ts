import {AiworkflowError} from '../errors.ts';
import type {ItemsView, RunView, StepView} from '../run/views.ts';
import {formatCost, formatDuration} from '../units.ts';
import {oneLine} from './clean.ts';
import type {Paint} from './colour.ts';
import {glyphOf} from './glyphs.ts';
import type {Output} from './output.ts';
import {dayWords} from './progress/words.ts';
import {runTitleOf} from './run-title.ts';

/** Of one step, the newest ones. */
const childRunsShownMax = 10;

type Style = Pick<Output, 'paint' | 'isVerbose'>;

/**
 * The steps of a run as rows of a table; below each what went wrong in it, and the runs it started with their steps.
 *
 * @param fetchRun Gets the run of a sub-workflow.
 */
export const rowsOfRun = async (
	run: RunView,
	style: Style,
	fetchRun: (id: string) => Promise<RunView>,
	indent = '',
): Promise<string[][]> => {
	const rows: string[][] = [];
	for (const step of run.steps) {
		rows.push(rowOf(step, style, indent), ...detailRowsOf(step, style, `${indent}  `));
		const hidden = step.childRunIds.length - childRunsShownMax;
		if (hidden > 0) rows.push([`${indent}  · ${hidden} earlier runs`]);
		for (const id of step.childRunIds.slice(-childRunsShownMax)) {
			const child = await fetchRun(id).catch(nothingIfGone);
			if (child) rows.push(rowOfChild(child, style, `${indent}  `));
			if (child) rows.push(...(await rowsOfRun(child, style, fetchRun, `${indent}    `)));
		}
	}

	return rows;
};

/** Runs are removed after a while, those below them as well. */
const nothingIfGone = (error: unknown): undefined => {
	if (error instanceof AiworkflowError && error.code === 'run.not-found') return undefined;
	throw error;
};

const rowOf = (step: StepView, {paint}: Style, indent: string): string[] => [
	`${indent}${glyphOfStep(step, paint)} ${step.id}`,
	step.agent
		? `${step.agent.isReplay && step.kind !== 'agent' ? step.kind : step.agent.id}${step.agent.isReplay ? ' (recording)' : ''}`
		: step.kind,
	step.status,
	lengthWords(step.startedAt, step.endedAt),
	step.kind === 'agent' && !step.agent?.isReplay ? costWords(step.costUsd, step.knownCostUsd) : '',
	wordsOf(step),
];

/** What waits for a moment or a signal does not wait for a person. */
const glyphOfStep = ({status, kind}: StepView, paint: Paint): string =>
	status === 'waiting' && kind === 'wait' ? paint.yellow('◷') : glyphOf(status, paint);

const rowOfChild = (run: RunView, {paint}: Style, indent: string): string[] => [
	`${indent}${glyphOf(run.status, paint)} ${runTitleOf(run)}`,
	'run',
	run.status,
	lengthWords(run.startedAt, run.endedAt),
	costWords(run.costUsd, run.knownCostUsd),
	paint.dim(run.id),
];

/** Attempts that failed, and the first items that did. */
const detailRowsOf = (
	{id, attempts, switches, generation, items}: StepView,
	{paint, isVerbose}: Style,
	indent: string,
) => [
	...switches.map(({from, to, reason, detail}) => [
		`${indent}${paint.yellow('⇄')} ${from} → ${to}`,
		'',
		reason.replaceAll('-', ' '),
		'',
		'',
		oneLine(detail, 80),
	]),
	...attempts
		.filter(attempt => attempt.failure && (isVerbose || attempt.generation === generation))
		.map(({number, agent, failure, startedAt, endedAt, knownCostUsd}) => [
			`${indent}${paint.yellow('⟲')} attempt ${number}`,
			agent ?? '',
			'failed',
			lengthWords(startedAt, endedAt),
			costWords(knownCostUsd),
			`${failure!.code}: ${oneLine(failure!.message, 80)}`,
		]),
	...(items?.failures ?? []).map(({item, failure}) => [
		`${indent}${paint.red('✗')} ${id}[${item}]`,
		'',
		'failed',
		'',
		'',
		`${failure.code}: ${oneLine(failure.message, 80)}`,
	]),
];

/** `GET example.com/items 200`. */
const callWords = ({kind, attempts, outputs}: StepView): string | undefined => {
	const target = attempts.at(-1)?.target;
	if (!target) return undefined;
	const status = kind === 'http' && typeof outputs?.status === 'number' ? ` ${outputs.status}` : '';
	return `${oneLine(target, 60)}${status}`;
};

const wordsOf = (step: StepView): string => {
	const {items, generation, iteration, retryAt, signal, cached, adoptedFrom, failure, skipped, warnings} = step;
	// Of items, how many failed is said, and the first of them are listed.
	const why = items ? skipped?.detail : (failure?.message ?? skipped?.detail ?? warnings.at(-1));
	return [
		callWords(step),
		items && itemsWords(items),
		generation > 1 && `generation ${generation}`,
		iteration > 0 && `${iteration} iterations`,
		step.status === 'retrying' &&
			retryAt &&
			`${step.attempts.at(-1)?.next === 'quota' ? 'waiting for quota until' : 'next attempt at'} ${retryAt}`,
		step.attempts.at(-1)?.access === 'read-only' && 'read-only',
		step.status === 'waiting' && signal && `for the signal "${signal}"`,
		step.status === 'waiting' && step.wakeAt && `until ${step.wakeAt}`,
		cached && `cached, from run ${cached.runId} of ${dayWords(cached.at, Date.now())}`,
		adoptedFrom && `taken over from run ${adoptedFrom.runId}`,
		why && oneLine(why, 100),
	]
		.filter(Boolean)
		.join('; ');
};

/** @returns `37/100 items, 2 failed, 4 running`. */
export const itemsWords = ({total, completed, failed, cancelled, running}: ItemsView): string =>
	[
		`${completed + failed + cancelled}/${total} ${total === 1 ? 'item' : 'items'}`,
		failed > 0 && `${failed} failed`,
		cancelled > 0 && `${cancelled} cancelled`,
		running > 0 && `${running} running`,
	]
		.filter(Boolean)
		.join(', ');

export const lengthWords = (startedAt: string | null, endedAt: string | null): string =>
	startedAt === null
		? ''
		: formatDuration((endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt));

/** @param costUsd Null: some of it is unknown. @param knownUsd What is known of it. */
export const costWords = (costUsd: number | null, knownUsd = 0): string =>
	costUsd === 0 ? '' : formatCost(Math.round((costUsd ?? knownUsd) * 1_000_000), costUsd === null ? 1 : 0);
