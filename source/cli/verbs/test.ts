import {limits} from '../../limits.ts';
import type {CaseResult, Task} from '../../rehearsal/rehearse.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {watchInterrupts} from '../interrupts.ts';
import type {OptionsOf, options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {tellDiagnostics} from '../tell-diagnostics.ts';
import {documentOf, linesOfResult, summaryLineOf, type TestedCase} from '../test-report.ts';
import type {Verb} from '../verb.ts';

type TestOptions = OptionsOf<typeof tables.test>;

/** Runs the cases of workflows with recorded answers: no key, no network, no cost, and nothing in anybody's history. */
export const test: Verb<typeof tables.test> = async ({args, options, output}) => {
	const {findRehearsals} = await import('../../rehearsal/find.ts');
	const {tasksOf} = await import('../../rehearsal/rehearse.ts');
	const tasks = (await findRehearsals(args[0]!, process.cwd())).flatMap(tasksOf);
	const startedAtMs = performance.now();
	const interrupts = watchInterrupts();
	const stop = new AbortController();
	const onTerminated = () => stop.abort();
	process.once('SIGTERM', onTerminated);
	const signal = AbortSignal.any([interrupts.signal, stop.signal]);
	try {
		const results = await runAll(tasks, options, output, signal);
		if (output.isJson) await output.document(documentOf(results));
		else await output.print(summaryLineOf(results, performance.now() - startedAtMs, output.paint));
		return signal.aborted ? exitCodes.interrupted : exitCodeOfResults(results);
	} finally {
		interrupts.dispose();
		process.off('SIGTERM', onTerminated);
	}
};

/** Tells each case in the order of the files, as soon as all before it are told. */
const runAll = async (
	tasks: readonly Task[],
	{update}: TestOptions,
	output: Output,
	signal: AbortSignal,
): Promise<readonly TestedCase[]> => {
	const {rehearse} = await import('../../rehearsal/rehearse.ts');
	const running = inParallel(tasks, limits.testCasesParallelMax, task => rehearse(task, signal));
	const results: TestedCase[] = [];
	const told = async (result: TestedCase) => {
		results.push(result);
		if (!output.isJson) await tell(result, output);
	};
	// Whether a recording can be brought up to date is known only when all its cases have been run.
	if (update) for (const result of await updated(await Promise.all(running))) await told(result);
	else for (const result of running) await told(await result);
	return results;
};

const tell = async (result: TestedCase, output: Output) => {
	for (const line of linesOfResult(result, output)) await output.print(line);
	await tellDiagnostics(result.diagnostics, output);
};

/** Takes new prompts over where nothing but the prompt has changed. */
const updated = async (results: readonly CaseResult[]): Promise<readonly TestedCase[]> => {
	const {updateRecordings} = await import('../../rehearsal/drift.ts');
	const drifts = results.filter(isOnlyDrift).flatMap(result => result.drifts);
	const done = new Set((await updateRecordings(drifts)).updated);
	return results.map(result => {
		if (!isOnlyDrift(result) || !result.drifts.every(drift => done.has(drift))) return result;
		return {...result, status: 'passed', failures: [], updated: result.drifts};
	});
};

const isOnlyDrift = ({status, failures}: CaseResult) =>
	status === 'failed' && failures.every(({what}) => what === 'drift');

const exitCodeOfResults = (results: readonly TestedCase[]): ExitCode => {
	if (results.some(({status}) => status === 'invalid')) return exitCodes.invalid;
	return results.some(({status}) => status === 'failed') ? exitCodes.failed : exitCodes.done;
};

/** @returns A promise for each, in the same order; at most so many are worked on at once. */
const inParallel = <Item, Result>(
	items: readonly Item[],
	parallelMax: number,
	work: (item: Item) => Promise<Result>,
): readonly Promise<Result>[] => {
	const promised = items.map(() => Promise.withResolvers<Result>());
	let next = 0;
	const lane = async () => {
		for (let index = next++; index < items.length; index = next++) {
			const result = work(items[index]!);
			promised[index]!.resolve(result);
			await result.catch(() => {});
		}
	};

	for (let count = 0; count < parallelMax; count++) void lane();
	return promised.map(({promise}) => promise);
};
