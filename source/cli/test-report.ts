import path from 'node:path';
import type {Place} from '../rehearsal/case.ts';
import type {Drift} from '../rehearsal/drift.ts';
import type {CaseFailure} from '../rehearsal/judge.ts';
import type {CaseResult} from '../rehearsal/rehearse.ts';
import {formatDuration, usdOf} from '../units.ts';
import {cleanText} from './clean.ts';
import type {Paint} from './colour.ts';
import type {Output} from './output.ts';

/** A result, and what `--update` made of it. */
export interface TestedCase extends CaseResult {
	/** Prompts that were taken over into the recording. */
	readonly updated?: readonly Drift[];
}

/** One line, and for what does not hold one line each with its place. */
export const linesOfResult = (result: TestedCase, {paint}: Pick<Output, 'paint'>): string[] => {
	const {workflow, title, status, failures, updated = [], durationMs} = result;
	const glyph = status === 'passed' ? paint.green('✓') : paint.red('✗');
	const head = `${glyph} ${paint.bold(workflow)} › ${cleanText(title)}  ${paint.dim(formatDuration(durationMs))}`;
	const hasDrift = failures.some(({what}) => what === 'drift');
	return [
		status === 'invalid' ? `${head}  ${paint.red('invalid')}` : head,
		...failures.map(failure => `    ${lineOfFailure(failure, paint)}`),
		...(hasDrift ? [`    ${paint.dim(driftHint)}`] : []),
		...updated.map(({stepId}) => `    ${paint.yellow('updated')} the prompt that step ${stepId} was recorded for`),
	];
};

const driftHint = 'Where the recorded answer still fits, `--update` takes the new prompt over; else record it again.';

const lineOfFailure = ({what, message, place}: CaseFailure, paint: Paint) =>
	`${paint.red(what)}: ${cleanText(message)}${place ? `  ${paint.dim(nameOfPlace(place))}` : ''}`;

const nameOfPlace = ({file, line}: Place) => {
	const relative = path.relative(process.cwd(), file);
	return `${relative.startsWith('..') ? file : relative}:${line}`;
};

export const summaryLineOf = (results: readonly TestedCase[], durationMs: number, paint: Paint): string => {
	const {passed, failed, invalid} = countsOf(results);
	return [
		passed > 0 && paint.green(`${passed} passed`),
		failed > 0 && paint.red(`${failed} failed`),
		invalid > 0 && paint.red(`${invalid} invalid`),
		paint.dim(formatDuration(durationMs)),
	]
		.filter(Boolean)
		.join(', ');
};

/** `aiworkflow test --json`. */
export const documentOf = (results: readonly TestedCase[]) => ({
	...countsOf(results),
	cases: results.map(({costMicroUsd, drifts, updated = [], ...result}) => ({
		...result,
		file: result.file ?? null,
		recordedCostUsd: usdOf(costMicroUsd),
		drifts: drifts.map(drift => ({...drift, isUpdated: updated.includes(drift)})),
	})),
});

const countsOf = (results: readonly TestedCase[]) => {
	const count = (status: CaseResult['status']) => results.filter(result => result.status === status).length;
	return {passed: count('passed'), failed: count('failed'), invalid: count('invalid')};
};
