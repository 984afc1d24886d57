import {writeFileSync} from 'node:fs';
import {cpus, totalmem} from 'node:os';
import path from 'node:path';
import {packageFolder} from '../../source/install.ts';
import {version} from '../../source/version.ts';
import {measureColdStarts} from './cold-start.ts';
import {measureFanOut} from './fan-out.ts';
import {measureFloor} from './floor.ts';
import {measureGroupCommit} from './group-commit.ts';
import {measureRecovery} from './recovery.ts';
import {measureScripts} from './scripts.ts';
import {measureThroughput} from './throughput.ts';
import {measureFinished, measureWaiting} from './waiting.ts';

const isQuick = process.argv.includes('--quick');
const say = (text: string) => process.stderr.write(`${text}\n`);

say('append + fdatasync floor …');
const floor = measureFloor(isQuick ? 500 : 3000);
say('no-op steps through the engine and the journal …');
const groupCommit = await measureGroupCommit(isQuick ? 2000 : 20_000);
const throughput = [];
for (const concurrency of [1, 16, 256]) throughput.push(await measureThroughput(concurrency, floor, isQuick));
say('recovery of open runs …');
const recovery = [await measureRecovery(isQuick ? 1000 : 10_000)];
if (!isQuick) recovery.push(await measureRecovery(100_000));
say('items of a step …');
const fanOut = await measureFanOut(isQuick);
say('runs that wait, runs that have ended …');
const waiting = await measureWaiting(isQuick ? 1000 : 10_000);
const finished = await measureFinished(isQuick ? 2000 : 100_000);
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
	groupCommit,
	throughput,
	/** Goal: 0.5. */
	ratioToGroupCommit: Math.round((throughput.at(-1)!.runsPerSecond / groupCommit.runsPerSecond) * 100) / 100,
	recovery,
	fanOut,
	waiting,
	finished,
	scripts,
	coldStarts,
};
const text = `${JSON.stringify(report, undefined, '\t')}\n`;
writeFileSync(path.join(packageFolder, 'bench-report.json'), text);
process.stdout.write(text);
process.exit(0);
