/**
 * `npm run --silent bench`: builds, measures, prints one JSON document and leaves it in bench-report.json. Every figure is a ratio or stands beside the floor
 * measured in the same run: machines differ and are noisy. Progress goes to stderr. Nothing here is a test.
 */
import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = path.join(root, 'node_modules/.bin/node');
for (const argv of [
	[path.join(root, 'scripts/setup.js')],
	[path.join(root, 'scripts/build.js')],
	['--expose-gc', path.join(root, 'test/bench/main.ts'), ...process.argv.slice(2)],
]) {
	const {status} = spawnSync(argv[0].endsWith('setup.js') ? process.execPath : node, argv, {
		cwd: root,
		stdio: argv[0] === '--expose-gc' ? 'inherit' : ['ignore', 2, 2],
	});
	if (status !== 0) process.exit(status ?? 1);
}
