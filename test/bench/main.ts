import {writeFileSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';
import path from 'node:path';
import {packageFolder} from '../../source/install.ts';
import {version} from '../../source/version.ts';
import {measureColdStarts} from './cold-start.ts';
import {measureFloor} from './floor.ts';
import {measureRecovery} from './recovery.ts';
import {measureScripts} from './scripts.ts';
import {measureThroughput} from './throughput.ts';

const isQuick = process.argv.includes('--quick');
const say = (text: string) => process.stderr.write(`${text}\n`);

say('append + fdatasync floor …');
const floor = measureFloor(isQuick ? 500 : 3000);
say('no-op steps through the engine and the journal …');
const throughput = [];
for (const concurrency of [1, 16, 256]) throughput.push(await measureThroughput(concurrency, floor, isQuick));
say('recovery of open runs …');
const recovery = await measureRecovery(isQuick ? 1000 : 10_000);
say('script steps …');
const scripts = await measureScripts(isQuick);
say('cold starts …');
const coldStarts = await measureColdStarts(isQuick ? 3 : 9);

const report = {
	version,
	at: new Date().toISOString(),
	machine: {
		cpu: cpus()[0]?.model,
		cores: cpus().length,
		memoryBytes: totalmem(),
		node: process.version,
		platform: process.platform,
	},
	floor,
	throughput,
	recovery,
	scripts,
	coldStarts,
};
const text = `${JSON.stringify(report, undefined, '\t')}\n`;
writeFileSync(path.join(packageFolder, 'bench-report.json'), text);
process.stdout.write(text);
process.exit(0);
