import type {AttemptExecutor} from '../../runtime/engine/parts.ts';
import {inTemporaryFolder, newRunOf, openEngine, sequenceOf} from './engine-under-test.ts';
import {medianOf, round} from './median.ts';

/** Reopens a journal with so many open runs, each with a step running: until all are registered, and the first goes on. */
export const measureRecovery = async (openRuns: number) => {
	const definition = sequenceOf('recovery', 10);
	return inTemporaryFolder(async folder => {
		const before = openEngine(folder, neverEnding);
		await Promise.all(Array.from({length: openRuns}, () => before.engine.createRun(newRunOf(definition))));
		before.close();
		const rounds = [];
		for (let index = 0; index < 3; index++) {
			let firstStepMs: number | undefined;
			const startMs = performance.now();
			const resumed = openEngine(folder, {
				start: neverEnding.start,
				reattach(context, report) {
					firstStepMs ??= performance.now() - startMs;
					return neverEnding.reattach(context, report);
				},
			});
			const recovered = resumed.engine.recover();
			// A few at once, with the event loop free in between.
			while (resumed.engine.attemptsRunning() < recovered) await new Promise(resolve => setImmediate(resolve));
			rounds.push({recovered, firstStepMs: firstStepMs!, allMs: performance.now() - startMs});
			resumed.close();
		}

		return {
			openRuns: rounds[0]!.recovered,
			firstStepMs: round(medianOf(rounds.map(each => each.firstStepMs)), 1),
			allMs: round(medianOf(rounds.map(each => each.allMs)), 1),
		};
	});
};

const neverEnding: AttemptExecutor = {
	start: () => ({outcome: new Promise(() => {}), stop() {}}),
	reattach: () => ({outcome: new Promise(() => {}), stop() {}}),
};
