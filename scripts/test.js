#!/usr/bin/env node
// `npm test [-- files]`: makes the clone ready, runs the tests, and ends with their count as the last line. `--agents`
// adds those that start real agent programs: all, unless AIWORKFLOW_TEST_AGENTS names some (`claude,codex`).
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {pathToFileURL} from 'node:url';
import {runProcess} from './run-process.js';
import {projectEnvironment, projectNode, root, setup} from './setup.js';

const flakyReporter = path.join(root, 'scripts/flaky-reporter.js');
const reportFile = path.join(root, 'test-report.json');

const main = async typed => {
	await setup();
	fs.rmSync(reportFile, {force: true});
	const withAgents = typed.includes('--agents');
	const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
	const reporters = [
		'--reporter=default',
		'--reporter=json',
		`--reporter=${flakyReporter}`,
		`--outputFile.json=${reportFile}`,
	];
	const code = await runProcess(
		projectNode,
		[vitest, 'run', ...reporters, ...typed.filter(argument => argument !== '--agents')],
		{
			cwd: root,
			env: {
				...projectEnvironment(),
				...(withAgents ? {AIWORKFLOW_TEST_AGENTS: process.env.AIWORKFLOW_TEST_AGENTS ?? '1'} : undefined),
			},
		},
	);
	process.stdout.write(`${countLineOf(readReport())}\n`);
	return code;
};

const readReport = () => {
	try {
		return JSON.parse(fs.readFileSync(reportFile, 'utf8'));
	} catch {
		return undefined;
	}
};

/** @param report Of vitest's JSON reporter; `undefined` where the runner did not come as far as writing one. */
export const countLineOf = report => {
	if (!report) return '0 passed, 1 failed';
	const {numPassedTests: passed, numFailedTests, numPendingTests = 0, numTodoTests = 0, testResults = []} = report;
	// A file that could not be loaded has no tests that could fail.
	const filesBroken = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length;
	const skipped = numPendingTests + numTodoTests;
	return `${passed} passed, ${numFailedTests + filesBroken} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
};

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href)
	process.exitCode = await main(process.argv.slice(2));
