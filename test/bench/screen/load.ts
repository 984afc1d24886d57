import {setTimeout as sleep} from 'node:timers/promises';
import {percentileOf, round} from '../median.ts';
import {cpuPercentOf, rssMbOf} from './process-use.ts';
import type {RenderMode, Stage} from './stage.ts';
import type {Terminal} from './terminal.ts';

/** Until a steady state, so that reading the snapshot and warming up is not counted. */
const warmUpMs = 1500;
/** What V8 does in the background after a start goes on for a while on a busy machine. */
const idleSettleMs = 4000;

/** Nothing happens: 20 runs wait for a person. */
export const measureIdle = async (stage: Stage, mode: RenderMode, seconds: number) => {
	await stage.tell({kind: 'world', open: 20, ended: 50, areRunning: false});
	const terminal = await stage.open(mode);
	await sleep(idleSettleMs);
	const measured = await measure(terminal, () => sleep(seconds * 1000));
	const {p50, p99} = await measureKeys(terminal, 60, 20);
	await terminal.close();
	return {...measured, keyToPaintMsP50: p50, keyToPaintMsP99: p99};
};

/** 20 runs of 30 steps go on at so many events a second. */
export const measureLoad = async (stage: Stage, mode: RenderMode, eventsPerSecond: number, seconds: number) => {
	const before = await stage.tell({kind: 'world', open: 20, ended: 50, areRunning: true});
	const terminal = await stage.open(mode);
	await stage.tell({kind: 'rate', eventsPerSecond});
	await sleep(warmUpMs);
	const started = await stage.tell({kind: 'rate', eventsPerSecond});
	const measured = await measure(terminal, () => sleep(seconds * 1000));
	const ended = await stage.tell({kind: 'rate', eventsPerSecond});
	const {p50, p99} = await measureKeys(terminal, 100, 30);
	const rssMb = rssMbOf(terminal.pid);
	await stage.tell({kind: 'rate', eventsPerSecond: 0});
	// Events come in order: when the last one is on the screen, all are.
	terminal.clear();
	const after = await stage.tell({kind: 'mark', name: 'the-last-one'});
	const toTop = setInterval(() => terminal.write('g'), 300);
	await terminal.written('the-last-one').finally(() => clearInterval(toTop));
	await terminal.close();
	return {
		eventsPerSecond,
		eventsPerSecondSent: Math.round((ended.sent - started.sent) / seconds),
		...measured,
		rssMb: round(rssMb, 0),
		keyToPaintMsP50: p50,
		keyToPaintMsP99: p99,
		/** Runs whose state had to be asked for again, and streams that were cut: both mean lost events. */
		dropped: after.gaps - before.gaps + (after.streams - before.streams - 1),
		waitingKbMax: round(after.waitingBytesMax / 1000, 0),
	};
};

/** 1,000 events a second for a long time. */
export const measureSoak = async (stage: Stage, seconds: number, say: (text: string) => void) => {
	await stage.tell({kind: 'world', open: 20, ended: 50, areRunning: true});
	const terminal = await stage.open('incremental');
	await stage.tell({kind: 'rate', eventsPerSecond: 1000});
	await sleep(warmUpMs);
	const samples: number[] = [];
	const endMs = performance.now() + seconds * 1000;
	const cpuPercent = await cpuPercentOf(terminal.pid, async () => {
		while (performance.now() < endMs) {
			await sleep(Math.min(5000, endMs - performance.now() + 1));
			samples.push(rssMbOf(terminal.pid));
			if (samples.length % 12 === 0) say(`  ${samples.length * 5} s: ${round(samples.at(-1)!, 0)} MB`);
		}
	});
	await stage.tell({kind: 'rate', eventsPerSecond: 0});
	await terminal.close();
	const [first, last, most] = [samples[0]!, samples.at(-1)!, Math.max(...samples)].map(mb => round(mb, 0));
	return {seconds, cpuPercent: round(cpuPercent, 1), rssMbFirst: first, rssMbLast: last, rssMbMax: most};
};

const measure = async (terminal: Terminal, task: () => Promise<unknown>) => {
	const before = terminal.bytes();
	const startMs = performance.now();
	const cpuPercent = await cpuPercentOf(terminal.pid, task);
	const bytesPerSecond = ((terminal.bytes() - before) / (performance.now() - startMs)) * 1000;
	return {
		cpuPercent: round(cpuPercent, 1),
		bytesPerSecond: round(bytesPerSecond, 0),
		rssMb: round(rssMbOf(terminal.pid), 0),
	};
};

/**
 * Types letters that nothing else on the screen has into the palette, and waits for each: so the frame that has it is the
 * answer to the key, whatever else is painted meanwhile.
 */
const measureKeys = async (terminal: Terminal, count: number, pauseMs: number) => {
	terminal.clear();
	terminal.write(':');
	await sleep(300);
	const lengths: number[] = [];
	for (let index = 0; index < count; index++) {
		const letter = letters[index % letters.length]!;
		terminal.clear();
		const startMs = performance.now();
		terminal.write(letter);
		lengths.push((await terminal.written(letter)) - startMs);
		await sleep(pauseMs);
		terminal.write('\x7f');
		// Not in step with the frames.
		await sleep(pauseMs + (index % 7) * 5);
	}

	terminal.write('\x1b');
	await sleep(100);
	return {p50: round(percentileOf(lengths, 0.5), 1), p99: round(percentileOf(lengths, 0.99), 1)};
};

const letters = [...'БГДЖЗИЙЛПУФЦЧШЩЪЫЬЭЮЯ'];
