#!/usr/bin/env node
// `npm run screens [-- name…]`: builds, then makes the pictures of docs/screens from the real cockpit.
import path from 'node:path';
import process from 'node:process';
import {runProcess} from './run-process.js';
import {projectNode, root, setup} from './setup.js';

await setup();
process.exitCode = await runProcess(projectNode, [
	path.join(root, 'scripts/pictures/main.ts'),
	...process.argv.slice(2),
]);
