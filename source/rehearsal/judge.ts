import {isDeepStrictEqual} from 'node:util';
import {unitRefOf} from '../api/step-reference.ts';
import {type RunState, unitOf} from '../run/state.ts';
import {openApprovalsOf} from '../run/views.ts';
import {formatDuration, formatUsd, type MicroUsd} from '../units.ts';
import type {ExpectedStep, ExpectedText, Place, TestCase} from './case.ts';
import type {CaseRun} from './run-case.ts';

/** One thing that is not as it should be. */
export interface CaseFailure {
	/** `status`, `outputs.risk`, `files.a.txt`, `drift`. */
	readonly what: string;
	/** One sentence, or several lines. */
	readonly message: string;
	readonly expected?: unknown;
	readonly actual?: unknown;
	readonly place?: Place;
}

export interface CaseFacts extends Pick<CaseRun, 'run' | 'ending'> {
	/** Texts of the files that the case expects something of; null: no such file. */
	readonly files: Readonly<Record<string, string | null>>;
	/** Of the recorded answers; null: unknown. */
	readonly costMicroUsd: MicroUsd | null;
}

/** @returns What does not hold; drift is judged apart. Pure. */
export const judge = (testCase: TestCase, facts: CaseFacts): CaseFailure[] => {
	const {expect} = testCase;
	const placed = (path: readonly PropertyKey[], failures: readonly CaseFailure[]) =>
		failures.map(failure => ({...failure, place: testCase.placeOf(['expect', ...path])}));
	const {run} = facts;
	return [
		...placed(['status'], judgeStatus(testCase, facts)),
		...(expect.failure === undefined
			? []
			: placed(['failure'], judgeValue('failure', expect.failure, run.failure?.code ?? null))),
		...Object.entries(expect.outputs).flatMap(([name, expected]) =>
			placed(['outputs', name], judgeValue(`outputs.${name}`, expected, run.outputs?.[name])),
		),
		...Object.entries(expect.steps).flatMap(([id, expected]) =>
			placed(['steps', id], judgeStep(`steps.${id}`, run, id, expected)),
		),
		...Object.entries(expect.files).flatMap(([name, expected]) =>
			placed(['files', name], judgeText(`files.${name}`, expected, facts.files[name] ?? undefined, 'no such file')),
		),
		...(expect.costUsdMax === undefined
			? []
			: placed(['cost'], judgeCost(expect.costUsdMax * 1_000_000, facts.costMicroUsd))),
	];
};

const judgeStatus = ({expect, timeoutMs}: TestCase, {run, ending}: CaseFacts): CaseFailure[] => {
	const waits = openApprovalsOf(run).map(({stepId}) => stepId);
	const forWhom = waits.length > 0 ? ` It waits for an answer to ${waits.join(', ')}; \`approve:\` can give it.` : '';
	if (ending === 'timed-out') {
		const message = `The case did not end within ${formatDuration(timeoutMs)}.${forWhom}`;
		return [{what: 'timeout', message, expected: expect.status, actual: 'timed-out'}];
	}

	const actual = ending === 'waiting' ? 'waiting' : run.phase;
	if (actual === expect.status) return [];
	const why = run.failure ? ` ${run.failure.message}` : forWhom;
	const message = `expected ${expect.status}, got ${actual}.${why}`;
	return [{what: 'status', message, expected: expect.status, actual}];
};

const judgeStep = (what: string, run: RunState, id: string, expected: ExpectedStep): CaseFailure[] => {
	const {stepId, item} = unitRefOf(id);
	const step = Object.hasOwn(run.steps, stepId) ? run.steps[stepId]! : undefined;
	const isThere = step && (item === undefined || item < (step.items?.values.length ?? 0));
	if (!isThere) return [{what, message: `there is no step ${id}.`, expected, actual: null}];
	const unit = unitOf(run, stepId, item);
	return [
		...(expected.status === undefined ? [] : judgeValue(`${what}.status`, expected.status, unit.status)),
		...(expected.failure === undefined
			? []
			: judgeValue(`${what}.failure`, expected.failure, unit.failure?.code ?? null)),
		...Object.entries(expected.outputs ?? {}).flatMap(([name, value]) =>
			judgeValue(`${what}.outputs.${name}`, value, unit.outputs?.[name]),
		),
		...(expected.text === undefined ? [] : judgeText(`${what}.text`, expected.text, unit.text?.preview, 'no text')),
	];
};

/** A mapping that says something of a text (`contains`, `matches`, `absent`) is that, wherever there is a text or nothing. */
const judgeValue = (what: string, expected: unknown, actual: unknown): CaseFailure[] => {
	if (isTextExpectation(expected) && (typeof actual === 'string' || actual === undefined))
		return judgeText(what, expected, actual, 'nothing');
	if (isDeepStrictEqual(expected, actual)) return [];
	const message = `expected ${shown(expected)}, got ${actual === undefined ? 'nothing' : shown(actual)}.`;
	return [{what, message, expected, actual: actual ?? null}];
};

const isTextExpectation = (value: unknown): value is Exclude<ExpectedText, string> => {
	if (typeof value !== 'object' || value === null) return false;
	const [key, ...others] = Object.keys(value);
	return others.length === 0 && (key === 'contains' || key === 'matches' || key === 'absent');
};

const judgeText = (
	what: string,
	expected: ExpectedText,
	actual: string | undefined,
	nothing: string,
): CaseFailure[] => {
	const fail = (message: string): CaseFailure[] => [{what, message, expected, actual: actual ?? null}];
	if (typeof expected === 'object' && 'absent' in expected)
		return actual === undefined ? [] : fail(`expected ${nothing}, got ${shown(actual)}.`);
	if (typeof expected === 'string') {
		if (actual === undefined) return fail(`expected ${shown(expected)}, got ${nothing}.`);
		return actual === expected ? [] : fail(differenceOf(expected, actual));
	}

	const [word, isFound] =
		'contains' in expected
			? [`a text that contains ${shown(expected.contains)}`, actual?.includes(expected.contains)]
			: [
					`a text that matches /${expected.matches}/`,
					actual !== undefined && new RegExp(expected.matches, 'mu').test(actual),
				];
	return isFound ? [] : fail(`expected ${word}, got ${actual === undefined ? nothing : shown(actual)}.`);
};

const judgeCost = (maxMicroUsd: MicroUsd, actual: MicroUsd | null): CaseFailure[] => {
	const expected = maxMicroUsd / 1_000_000;
	if (actual === null) {
		const message = 'The recording does not say what each of its answers cost (`usage: { costUsd: … }`).';
		return [{what: 'cost', message, expected, actual}];
	}

	if (actual <= maxMicroUsd) return [];
	const message = `expected ${formatUsd(maxMicroUsd)} at the most, the recorded answers cost ${formatUsd(actual)}.`;
	return [{what: 'cost', message, expected, actual: actual / 1_000_000}];
};

const shownCharactersMax = 200;

const shown = (value: unknown): string => {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}…` : text;
};

/** Of long texts only the first line that differs. */
const differenceOf = (expected: string, actual: string): string => {
	const [wanted, got] = [expected.split('\n'), actual.split('\n')];
	if (wanted.length <= 1 && got.length <= 1) return `expected ${shown(expected)}, got ${shown(actual)}.`;
	const at = wanted.findIndex((line, index) => line !== got[index]);
	const line = at === -1 ? wanted.length : at;
	return `line ${line + 1}: expected ${lineShown(wanted[line])}, got ${lineShown(got[line])}.`;
};

const lineShown = (line: string | undefined) => (line === undefined ? 'no such line' : shown(line));
