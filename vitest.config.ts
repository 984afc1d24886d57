import process from 'node:process';
import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		testTimeout: 30_000,
		hookTimeout: 60_000,
		// Real processes and terminals on a shared machine: one more try, and `npm test` names whoever needed it.
		retry: process.env.CI === 'true' ? 1 : 0,
	},
});
