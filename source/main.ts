#!/usr/bin/env node
import {runtimeProblem} from './cli/runtime-check.ts';

/** Loads nothing of the product before the check, so that an old Node.js gets a sentence and no syntax error. */
const problem = runtimeProblem(process.versions.node);
if (problem === undefined) {
	const {start} = await import('./cli/start.ts');
	// Pastel looks for `commands` beside the file it is told, which is the folder above this one.
	await start(process.argv.slice(2), {...import.meta, url: new URL('../main.js', import.meta.url).href});
} else {
	process.stderr.write(`${problem}\n`);
	process.exitCode = 2;
}
