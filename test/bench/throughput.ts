import {monitorEventLoopDelay} from 'node:perf_hooks';
import {inTemporaryFolder, openEngine, sequenceOf} from './engine-under-test.ts';
import type {Floor} from './floor.ts';
import {medianOf, percentileOf, round} from './median.ts';

const stepsPerRun = 10;
/** One for the start of the run with its first attempt, then one a step, the last with the end of the run. */
const commitsPerRunAlone = stepsPerRun + 1;

/** Durable no-op steps: so many 10-step runs at once, each followed by another. */
export const measureThroughput = async (concurrency: number, floor: Floor, isQuick: boolean) => {
	const definition = sequenceOf('bench', stepsPerRun);
	const runCount = Math.max(concurrency * (isQuick ? 2 : 20), isQuick ? 100 : 1000);
	const rounds = [];
	for (let index = 0; index < (isQuick ? 1 : 5); index++) {
		rounds.push(await inTemporaryFolder(folder => measureRound(folder, concurrency, runCount, definition)));
	}

	const runsPerSecond = medianOf(rounds.map(each => each.runsPerSecond));
	return {
		concurrency,
		runs: runCount,
		runsPerSecond: Math.round(runsPerSecond),
		stepsPerSecond: Math.round(runsPerSecond * stepsPerRun),
		commitsPerRun: round(medianOf(rounds.map(each => each.commitsPerRun)), 3),
		p50Ms: round(medianOf(rounds.map(each => each.p50Ms))),
		p99Ms: round(medianOf(rounds.map(each => each.p99Ms))),
		/** How long the event loop was held up, the writer included. */
		loopDelayP99Ms: round(medianOf(rounds.map(each => each.loopDelayP99Ms)), 1),
		/** Durable commits a run needs by itself, times runs a second, over the floor. */
		ratioToFloor: round((runsPerSecond * commitsPerRunAlone) / floor.appendsPerSecond),
	};
};

const measureRound = async (
	folder: string,
	concurrency: number,
	runCount: number,
	definition: ReturnType<typeof sequenceOf>,
) => {
	const underTest = openEngine(folder);
	const lengthsMs: number[] = [];
	let left = runCount;
	const worker = async () => {
		while (left-- > 0) {
			const beforeMs = performance.now();
			await underTest.run(definition);
			lengthsMs.push(performance.now() - beforeMs);
		}
	};

	const delay = monitorEventLoopDelay({resolution: 1});
	delay.enable();
	const startMs = performance.now();
	await Promise.all(Array.from({length: concurrency}, worker));
	const lengthMs = performance.now() - startMs;
	delay.disable();
	const commits = underTest.commits();
	underTest.close();
	return {
		runsPerSecond: (runCount / lengthMs) * 1000,
		commitsPerRun: commits / runCount,
		p50Ms: medianOf(lengthsMs),
		p99Ms: percentileOf(lengthsMs, 0.99),
		loopDelayP99Ms: delay.percentile(99) / 1e6,
	};
};
