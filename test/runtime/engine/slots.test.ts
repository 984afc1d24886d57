import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, test} from 'vitest';
import type {AttemptExecutor} from '../../../runtime/engine/parts.ts';
import {newRunOf, openEngine} from '../../bench/engine-under-test.ts';
import {definitionOf} from './simulation.ts';

const inFolder = async (use: (folder: string) => Promise<void>) => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-slots-'));
	try {
		await use(folder);
	} finally {
		rmSync(folder, {recursive: true});
	}
};

/** Completes each attempt a turn later and keeps count of how many run at once and how often each step was started. */
const countingExecutor = () => {
	const starts = new Map<string, number>();
	let running = 0;
	let runningMax = 0;
	const executor: AttemptExecutor = {
		start({runId, stepId}) {
			const key = `${runId}/${stepId}`;
			starts.set(key, (starts.get(key) ?? 0) + 1);
			runningMax = Math.max(runningMax, ++running);
			const outcome = new Promise<{status: 'completed'; outputs: Record<string, never>}>(resolve => {
				setImmediate(() => {
					running--;
					resolve({status: 'completed', outputs: {}});
				});
			});
			return {outcome, stop() {}};
		},
		reattach: () => ({outcome: Promise.resolve({status: 'interrupted', reason: 'never-claimed'}), stop() {}}),
	};
	return {executor, starts, runningMax: () => runningMax};
};

const parallel = (count: number, settings = '') =>
	definitionOf(
		`---\nname: parallel\n---\n# Parallel\n${Array.from(
			{length: count},
			(_, index) => `## s${index}\n\`\`\`yaml step\nneeds: []\n${settings}\n\`\`\`\n\`\`\`sh run\n:\n\`\`\`\n`,
		).join('\n')}`,
	);

test('attempts over the limit wait their turn, over all runs, and each starts once', async () => {
	await inFolder(async folder => {
		const {executor, starts, runningMax} = countingExecutor();
		const underTest = openEngine(folder, executor, {attemptsRunningMax: 3});
		await Promise.all(Array.from({length: 5}, () => underTest.run(parallel(20))));
		underTest.close();
		expect(starts.size).toBe(100);
		expect([...starts.values()].every(count => count === 1)).toBe(true);
		expect(runningMax()).toBe(3);
	});
});

test('steps that fail while they are prepared give their places back and start nothing twice', async () => {
	await inFolder(async folder => {
		const {executor, starts} = countingExecutor();
		const underTest = openEngine(folder, executor, {attemptsRunningMax: 2});
		const definition = parallel(20);
		const broken = {
			...definition,
			steps: definition.steps.map((step, index) =>
				index % 2 ? {...step, stdin: '${{ fromJSON(inputs.none) }}'} : step,
			),
		};
		await Promise.all(Array.from({length: 3}, () => underTest.run(broken)));
		underTest.close();
		expect(starts.size).toBe(30);
		expect([...starts.values()].every(count => count === 1)).toBe(true);
	});
});

test('runs over the limit are queued and all of them end', async () => {
	await inFolder(async folder => {
		const {executor, starts} = countingExecutor();
		const underTest = openEngine(folder, executor, {runsActiveMax: 2});
		const created = Promise.all(Array.from({length: 10}, () => underTest.run(parallel(2))));
		await underTest.engine.createRun(newRunOf(parallel(2))).then(run => expect(run.phase).toBe('queued'));
		await created;
		underTest.close();
		expect(starts.size).toBeGreaterThanOrEqual(20);
	});
});

test('after a restart too, no more runs are active than there may be', async () => {
	await inFolder(async folder => {
		const hanging = () => ({outcome: new Promise<never>(() => {}), stop() {}});
		const executor: AttemptExecutor = {start: hanging, reattach: hanging};
		const first = openEngine(folder, executor, {runsActiveMax: 2});
		for (let count = 0; count < 4; count++) await first.engine.createRun(newRunOf(parallel(1)));
		first.close();
		const second = openEngine(folder, executor, {runsActiveMax: 2});
		expect(second.engine.recover()).toBe(4);
		expect(second.engine.openRuns().map(run => run.phase)).toEqual(['open', 'open', 'queued', 'queued']);
		second.close();
	});
});
