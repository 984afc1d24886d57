import {availableParallelism} from 'node:os';
import process from 'node:process';
import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		testTimeout: 30_000,
		hookTimeout: 60_000,
		// Most of the time tests wait for processes: two files at once, on small machines too.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		// Real processes and terminals on a shared machine: more tries, and `npm test` names whoever needed them.
		retry: process.env.CI === 'true' ? 2 : 0,
	},
});
