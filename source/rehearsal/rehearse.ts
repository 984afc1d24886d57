import {open} from 'node:fs/promises';
import path from 'node:path';
import {type Failure, failureOf} from '../errors.ts';
import {limits} from '../limits.ts';
import type {MicroUsd} from '../units.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import type {TestCase} from './case.ts';
import {recordedCostOf} from './cost.ts';
import {type Drift, placeOfDrift} from './drift.ts';
import type {Rehearsal} from './find.ts';
import {type CaseFailure, judge} from './judge.ts';
import {runCase} from './run-case.ts';
import {openTestSession} from './session.ts';
import {makeWorkspace, placeInside} from './workspace.ts';

/** How a case came out. */
export interface CaseResult {
	/** Absolute; of the workflow. */
	readonly workflowFile: string;
	readonly workflow: string;
	readonly title: string;
	/** Of the case. */
	readonly file?: string;
	readonly status: 'passed' | 'failed' | 'invalid';
	/** How the run ended; null where there was none. */
	readonly runStatus: string | null;
	readonly failures: readonly CaseFailure[];
	readonly drifts: readonly Drift[];
	/** Problems of the workflow or of the file of the case. */
	readonly diagnostics: readonly Diagnostic[];
	/** Of the recorded answers; null: unknown. */
	readonly costMicroUsd: MicroUsd | null;
	readonly durationMs: number;
}

/** The case of a workflow that has no file for one: it completes, and nothing has drifted. */
export const defaultCase: TestCase = {
	title: 'completes',
	inputs: {},
	env: {},
	git: false,
	approve: 'all',
	signals: {},
	timeoutMs: limits.testCaseMs,
	expect: {status: 'completed', outputs: {}, steps: {}, files: {}},
	placeOf: () => undefined,
};

/** What there is to do, one entry a line of the answer: a case, or a file that has problems instead. */
export interface Task {
	readonly rehearsal: Rehearsal;
	readonly testCase?: TestCase;
	/** That has the problems; missing: the workflow itself. */
	readonly file?: string;
	readonly diagnostics?: readonly Diagnostic[];
}

export const tasksOf = (rehearsal: Rehearsal): readonly Task[] => {
	const {definition, cases, broken, diagnostics} = rehearsal;
	if (!definition) return [{rehearsal, diagnostics}];
	const known = cases.length + broken.length > 0 ? cases : [defaultCase];
	return [...known.map(testCase => ({rehearsal, testCase})), ...broken.map(each => ({rehearsal, ...each}))];
};

/** Runs one case in a daemon and a workspace of its own. Never rejects for what the workflow or the case does wrong. */
export const rehearse = async (
	{rehearsal, testCase, file = testCase?.file, diagnostics = []}: Task,
	signal: AbortSignal,
): Promise<CaseResult> => {
	const startedAtMs = performance.now();
	const result = {
		workflowFile: rehearsal.file,
		workflow: rehearsal.definition?.name ?? path.basename(rehearsal.file),
		title: testCase?.title ?? path.basename(file ?? rehearsal.file),
		file,
		runStatus: null,
		failures: [],
		drifts: [],
		diagnostics,
		costMicroUsd: null,
		durationMs: 0,
	};
	if (!testCase) return {...result, status: 'invalid'};
	const ended = await outcomeOf(rehearsal.file, testCase, signal).catch((error: unknown) =>
		couldNotRun(failureOf(error), testCase),
	);
	return {...result, ...ended, durationMs: Math.round(performance.now() - startedAtMs)};
};

const interrupted: CaseFailure = {what: 'interrupted', message: 'The test was interrupted before its end.'};

type Outcome = Pick<CaseResult, 'status' | 'failures'> &
	Partial<Pick<CaseResult, 'runStatus' | 'drifts' | 'costMicroUsd' | 'diagnostics'>>;

const outcomeOf = async (workflowFile: string, testCase: TestCase, signal: AbortSignal): Promise<Outcome> => {
	// Whoever leaves wants nothing more to begin.
	if (signal.aborted) return {status: 'failed', failures: [interrupted]};
	const session = await openTestSession();
	try {
		await makeWorkspace(session.workspace, testCase, workflowFile);
		const {run, runs, ending, drifts} = await runCase(session, workflowFile, testCase, signal);
		if (ending === 'interrupted') return {status: 'failed', failures: [interrupted], runStatus: run.phase};
		const files = await textsOf(session.workspace, Object.keys(testCase.expect.files));
		const costMicroUsd = await recordedCostOf(runs);
		const failures = [
			...judge(testCase, {run, ending, files, costMicroUsd}),
			...(await Promise.all(drifts.map(driftFailureOf))),
		];
		return {
			status: failures.length === 0 ? 'passed' : 'failed',
			runStatus: ending === 'waiting' ? 'waiting' : run.phase,
			failures,
			drifts,
			costMicroUsd,
		};
	} finally {
		await session.close();
	}
};

/** Inputs that do not fit and a workspace that cannot be made are mistakes of the case; the rest failed. */
const couldNotRun = ({code, message, suggestion = ''}: Failure, {file, placeOf}: TestCase): Outcome => {
	if (code === 'inputs.invalid') {
		const hint = file === undefined ? ' Write a case that gives them with `inputs:`; docs/testing.md says how.' : '';
		return {status: 'invalid', failures: [{what: 'inputs', message: message + hint, place: placeOf(['inputs'])}]};
	}

	const isInvalid = /\.invalid$|^test\.unprepared$|^secret\.missing$/.test(code);
	const place = code === 'test.unprepared' ? placeOf(['files']) : undefined;
	return {
		status: isInvalid ? 'invalid' : 'failed',
		failures: [{what: code, message: `${message} ${suggestion}`.trim(), place}],
	};
};

const driftFailureOf = async (drift: Drift): Promise<CaseFailure> => ({
	what: 'drift',
	message: `step ${drift.stepId}${drift.item === undefined ? '' : `[${drift.item}]`} was answered from a recording made for another prompt.`,
	expected: drift.recordedSha256,
	actual: drift.promptSha256,
	place: await placeOfDrift(drift),
});

const textsOf = async (workspace: string, names: readonly string[]): Promise<Record<string, string | null>> =>
	Object.fromEntries(await Promise.all(names.map(async name => [name, await textOf(workspace, name)])));

const textOf = async (workspace: string, name: string): Promise<string | null> => {
	const place = placeInside(workspace, name);
	const handle = place === undefined ? undefined : await open(place).catch(() => undefined);
	if (!handle) return null;
	try {
		const {size} = await handle.stat();
		const bytes = Buffer.alloc(Math.min(size, limits.testFileBytesMax));
		const {bytesRead} = await handle.read(bytes, 0, bytes.length, 0);
		return bytes.toString('utf8', 0, bytesRead);
	} catch {
		// A folder.
		return null;
	} finally {
		await handle.close();
	}
};
