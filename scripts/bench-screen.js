/**
 * `npm run --silent bench:screen -- [--seconds 8] [--soak 600] [--rounds 40]`: builds, runs the built cockpit in a pty,
 * prints figures beside their goals to stderr and one JSON document to stdout, left in bench-screen-report.json as well.
 */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {projectNode, root, setup} from './setup.js';

await setup();
const argv = [path.join(root, 'test/bench/screen/main.ts'), ...process.argv.slice(2)];
const {status} = spawnSync(projectNode, argv, {cwd: root, stdio: 'inherit'});
process.exit(status ?? 1);
