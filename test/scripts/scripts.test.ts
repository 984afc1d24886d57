import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {packageFolder} from '../../source/install.ts';

// @ts-expect-error -- plain JavaScript, for machines on which nothing is installed yet.
const {countLineOf} = await import('../../scripts/test.js');

test('the last line counts what the runner reported', () => {
	expect(countLineOf({numPassedTests: 7, numFailedTests: 0, testResults: []})).toBe('7 passed, 0 failed');
	expect(countLineOf({numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1})).toBe(
		'7 passed, 1 failed, 3 skipped',
	);
});

test('a test file that could not be loaded, or a report that was never written, is a failure', () => {
	const testResults = [
		{status: 'failed', assertionResults: []},
		{status: 'failed', assertionResults: [{}]},
	];
	expect(countLineOf({numPassedTests: 3, numFailedTests: 1, testResults})).toBe('3 passed, 2 failed');
	expect(countLineOf(undefined)).toBe('0 passed, 1 failed');
});

test('what runs on a fresh machine imports nothing that has to be installed', () => {
	for (const script of ['setup.js', 'build.js', 'start.js', 'test.js', 'check.js', 'run-process.js']) {
		const text = readFileSync(path.join(packageFolder, 'scripts', script), 'utf8');
		const specifiers = Array.from(text.matchAll(/^import .* from '(.+)';$/gm), match => match[1]!);
		expect(
			specifiers.filter(name => !/^(node:|\.\/)/.test(name)),
			script,
		).toEqual([]);
	}
});
