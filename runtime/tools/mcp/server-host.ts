import {realpathSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {ServerHostRequest} from './shared-protocol.ts';
import {keepServer} from './shared-server.ts';

/** A process of its own, one per server that is kept open. Its environment is that of the server. */
const main = async (): Promise<void> => {
	const lines = createInterface({input: process.stdin});
	const {value} = await lines[Symbol.asyncIterator]().next();
	lines.close();
	process.stdin.destroy();
	const {ended, end} = await keepServer(JSON.parse(value as string) as ServerHostRequest);
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end());
	// Whoever started it waits for this, and does not listen any more.
	process.stdout.on('error', () => {});
	process.stdout.end('ready\n');
	await ended;
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await main();
	process.exit(0);
}
