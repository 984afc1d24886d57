import {expect, test} from 'vitest';
import {systemClock} from '../../../runtime/clock.ts';
import type {AttemptExecutor} from '../../../runtime/engine/parts.ts';
import {inTemporaryFolder, newRunOf, openEngine} from '../../bench/engine-under-test.ts';
import {definitionOf} from './simulation.ts';

const flaky = definitionOf(`---
name: flaky
---
# Flaky

## a
\`\`\`yaml step
retry: { max: 1, delay: 60s, backoff: constant }
\`\`\`
\`\`\`sh run
true
\`\`\`
`);

/** Time that only passes when it is told to. */
const fakeClock = () => {
	let nowMs = 1_000_000;
	const timers = new Set<{atMs: number; callback: () => void}>();
	return {
		clock: {
			now: () => nowMs,
			at(atMs: number, callback: () => void) {
				const timer = {atMs, callback};
				timers.add(timer);
				return () => timers.delete(timer);
			},
		},
		pass(ms: number) {
			nowMs += ms;
			for (const timer of [...timers]) {
				if (timer.atMs > nowMs) continue;
				timers.delete(timer);
				timer.callback();
			}
		},
	};
};

const failing = (started: number[]): AttemptExecutor => ({
	start(context) {
		started.push(context.attempt);
		const failure = {code: 'script.failed', message: 'no'};
		return {outcome: Promise.resolve({status: 'failed', failure}), stop() {}};
	},
	reattach: () => ({outcome: new Promise(() => {}), stop() {}}),
});

test('a wait of 60 s that is interrupted at 20 s ends 40 s later', async () => {
	await inTemporaryFolder(async folder => {
		const time = fakeClock();
		const started: number[] = [];
		const options = {clock: time.clock, random: () => 1};
		const before = openEngine(folder, failing(started), options);
		await before.engine.createRun(newRunOf(flaky));
		await expect.poll(() => before.engine.openRuns().length).toBe(0);
		expect(started).toEqual([1]);
		time.pass(20_000);
		before.close();

		const after = openEngine(folder, failing(started), options);
		expect(after.engine.recover()).toBe(0);
		time.pass(39_999);
		await new Promise(resolve => setImmediate(resolve));
		expect(started).toEqual([1]);
		time.pass(1);
		await expect.poll(() => started).toEqual([1, 2]);
		after.close();
	});
});

test('a moment beyond what setTimeout can hold is not reached at once', async () => {
	let isCalled = false;
	const cancel = systemClock.at(Date.now() + 30 * 86_400_000, () => {
		isCalled = true;
	});
	await new Promise(resolve => setImmediate(resolve));
	await expect.poll(() => isCalled, {timeout: 50}).toBe(false);
	cancel();
});
