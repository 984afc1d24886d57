import {expect, test} from 'vitest';
import {crashLoop} from './crash-loop.ts';

test('killed a dozen times under load: nothing acknowledged is lost, nothing is done twice', {
	timeout: 180_000,
}, async () => {
	const report = await crashLoop({kills: 12, seed: 1});
	expect(report.violations).toEqual([]);
	expect(report.acknowledgedRuns).toBeGreaterThan(5);
});
