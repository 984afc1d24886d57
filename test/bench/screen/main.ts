import {writeFileSync} from 'node:fs';
import {cpus, loadavg, totalmem} from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';
import {packageFolder} from '../../../source/install.ts';
import {version} from '../../../source/version.ts';
import {medianOf, round} from '../median.ts';
import {measureApprovals} from './approvals.ts';
import {type Judged, judged, tableOf} from './goals.ts';
import {measureHtop} from './htop.ts';
import {measureLists} from './lists.ts';
import {measureIdle, measureLoad, measureSoak} from './load.ts';
import {measurePtyFloor} from './pty-floor.ts';
import {openStage, type RenderMode} from './stage.ts';
import {columns, hasScript, rows} from './terminal.ts';

/** The goals are for the recommended way to paint; the other one is measured beside it. */
const {values} = parseArgs({
	options: {
		/** Length of each measurement. */
		seconds: {type: 'string', default: '8'},
		soak: {type: 'string', default: '20'},
		/** Keys pressed in lists, and approvals answered. */
		rounds: {type: 'string', default: '40'},
	},
});
const [seconds, soakSeconds, rounds] = [values.seconds, values.soak, values.rounds].map(Number) as [
	number,
	number,
	number,
];
const say = (text: string) => process.stderr.write(`${text}\n`);
if (!hasScript()) {
	say('This bench needs Linux and `script` (util-linux): its pty and /proc are where the figures come from.');
	process.exit(1);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const loadBefore = loadavg()[0]!;
say('a bare program in the same pty …');
const floor = await measurePtyFloor();
const stage = await openStage();
const modes: Record<string, unknown> = {};
const figures: Judged[] = [];
for (const mode of ['incremental', 'full'] satisfies RenderMode[]) {
	say(`${mode}: idle …`);
	const idle = await measureIdle(stage, mode, seconds);
	const load = [];
	for (const eventsPerSecond of [10, 1000, 10_000]) {
		say(`${mode}: ${eventsPerSecond} events/s …`);
		load.push(await measureLoad(stage, mode, eventsPerSecond, seconds));
	}

	say(`${mode}: 5,000 ended runs, 200 open ones …`);
	const lists = await measureLists(stage, mode, rounds);
	modes[mode] = {idle, load, lists};
	if (mode === 'full') continue;
	const [ten, thousand, tenThousand] = load;
	figures.push(
		judged('idle: written', idle.bytesPerSecond, 0, 'B/s'),
		judged('idle: CPU of a core', idle.cpuPercent, 1, '%'),
		judged('10 events/s: written', ten!.bytesPerSecond / 1000, 5, 'KB/s'),
		judged('1,000 events/s: CPU of a core', thousand!.cpuPercent, 25, '%'),
		judged('1,000 events/s: written', thousand!.bytesPerSecond / 1000, 100, 'KB/s'),
		judged('1,000 events/s: key to paint p50', thousand!.keyToPaintMsP50, 10, 'ms'),
		judged('1,000 events/s: key to paint p99', thousand!.keyToPaintMsP99, 35, 'ms'),
		judged('10,000 events/s: dropped', tenThousand!.dropped, 0, ''),
		judged('5,200 runs: j to paint p99', lists.moveMs.p99, 50, 'ms'),
		judged('5,200 runs: g and G to paint p99', lists.jumpMs.p99, 50, 'ms'),
		judged('5,200 runs: filter key to paint p99', lists.filterMs.p99, 50, 'ms'),
		judged('5,200 runs: open to paint p99', lists.openMs.p99, 50, 'ms'),
	);
}

say('first paint …');
await stage.tell({kind: 'world', open: 20, ended: 50, areRunning: false});
await stage.firstPaintMs();
const firstPaints: number[] = [];
for (let index = 0; index < 9; index++) firstPaints.push(await stage.firstPaintMs());
const firstPaintMs = round(medianOf(firstPaints), 0);
say(`1,000 events/s for ${soakSeconds} s …`);
const soak = await measureSoak(stage, soakSeconds, say);
await stage.close();
say('approvals on a real daemon …');
const approvals = await measureApprovals(rounds);
const htop = await measureHtop(seconds);
const floorAfter = await measurePtyFloor();
figures.push(
	judged('first paint, median of 9', firstPaintMs, 200, 'ms'),
	judged(`memory after ${soakSeconds} s at 1,000 events/s, most`, soak.rssMbMax, 300, 'MB'),
	judged('approval key to the next step p99', approvals.p99, 50, 'ms'),
);

const report = {
	version,
	at: new Date().toISOString(),
	machine: {
		cpu: cpus()[0]?.model,
		cores: cpus().length,
		memoryBytes: totalmem(),
		node: process.version,
		platform: process.platform,
		/** Of the minute before: other work makes each figure worse. */
		loadBefore: round(loadBefore),
	},
	terminal: {columns, rows},
	seconds,
	/** Of a Node program that echoes its keys, before and after: what the machine itself takes just now. */
	floor: {before: floor, after: floorAfter},
	figures,
	modes,
	firstPaintMs,
	soak,
	approvalKeyToNextStepMs: approvals,
	/** Idle, in the same pty; null: not installed. */
	htop: htop ?? null,
};
const text = `${JSON.stringify(report, undefined, '\t')}\n`;
writeFileSync(path.join(packageFolder, 'bench-screen-report.json'), text);
say(tableOf(figures));
say(`A bare Node program in the same pty: ${JSON.stringify(floor)} before, ${JSON.stringify(floorAfter)} after.`);
process.stdout.write(text);
process.exit(0);
