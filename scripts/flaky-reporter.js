import process from 'node:process';

/** A reporter for vitest that names the tests which passed only when they were run again, so that nobody forgets them. */
export default class FlakyReporter {
	onTestRunEnd(modules) {
		for (const module of modules)
			for (const test of module.children.allTests())
				if (test.diagnostic()?.flaky)
					process.stdout.write(`PASSED ONLY WHEN RUN AGAIN: ${module.relativeModuleId} > ${test.fullName}\n`);
	}
}
