import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {inTemporaryFolder, openEngine, sequenceOf} from './engine-under-test.ts';
import {medianOf, round} from './median.ts';

/** A `foreach` of so many items that take no time, and so many runs of a sub-workflow: what the engine itself costs. */
export const measureFanOut = async (isQuick: boolean) => {
	const [few, many] = isQuick ? [100, 1000] : [100, 10_000];
	const small = await measureItems(few, isQuick ? 3 : 11);
	const large = await measureItems(many, isQuick ? 1 : 3);
	return {
		items: {
			few: {items: few, ...small},
			many: {items: many, ...large},
			/** Goal: 1.3. */
			costRatio: round(large.usPerItem / small.usPerItem, 2),
		},
	};
};

const measureItems = async (items: number, rounds: number) => {
	const definition = eachOf(items);
	const results: {us: number; rssBytes: number}[] = [];
	for (let index = 0; index < rounds; index++) {
		results.push(
			await inTemporaryFolder(async folder => {
				const {run, close} = openEngine(folder);
				// What is loaded and compiled only once is not the items'.
				await run(sequenceOf('warm', 3));
				global.gc?.();
				const before = process.memoryUsage().rss;
				let peak = before;
				const watch = setInterval(() => {
					peak = Math.max(peak, process.memoryUsage().rss);
				}, 20);
				const startMs = performance.now();
				await run(definition);
				const us = ((performance.now() - startMs) * 1000) / items;
				clearInterval(watch);
				close();
				return {us, rssBytes: Math.max(peak, process.memoryUsage().rss) - before};
			}),
		);
	}

	return {
		usPerItem: round(medianOf(results.map(({us}) => us)), 1),
		rssGrowthMb: round(Math.max(...results.map(({rssBytes}) => rssBytes)) / 1e6, 1),
	};
};

const eachOf = (items: number): WorkflowDefinition => {
	const base = sequenceOf('each', 1);
	const step: StepDefinition = {
		...base.steps[0]!,
		foreach: Array.from({length: items}, (_, index) => index),
		maxParallel: 64,
	};
	return {...base, name: `each-${items}`, steps: [step]};
};
