#!/usr/bin/env node
// `npm run check`: everything that has to hold, in the order in which it fails fastest. The same in CI.
import process from 'node:process';
import {runProcess} from './run-process.js';
import {projectNode, root, setup} from './setup.js';

const steps = [
	['format and lint', 'biome', ['check', '.']],
	['types', 'tsc', ['--noEmit']],
	['build and tests', projectNode, ['scripts/test.js']],
];

await setup();
for (const [name, command, args] of steps) {
	process.stderr.write(`── ${name}\n`);
	const code = await runProcess(command, args, {cwd: root});
	if (code === 0) continue;
	process.stderr.write(`✗ check stopped: ${name} failed (exit ${code}).\n`);
	process.exit(code);
}

process.stderr.write('✓ Everything holds.\n');
