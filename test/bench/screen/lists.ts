import {percentileOf, round} from '../median.ts';
import type {RenderMode, Stage} from './stage.ts';
import type {Terminal} from './terminal.ts';

/** Keys in a long list: 5,000 ended runs and 200 open ones. Nothing else happens, so what is written answers the key. */
export const measureLists = async (stage: Stage, mode: RenderMode, rounds: number) => {
	await stage.tell({kind: 'world', open: 200, ended: 5000, areRunning: false});
	const terminal = await stage.open(mode);
	await terminal.quiet(500);
	const times = async (...keys: readonly string[]) => {
		const lengths: number[] = [];
		for (let index = 0; index < rounds; index++) lengths.push(await keyMs(terminal, keys[index % keys.length]!));
		return {p50: round(percentileOf(lengths, 0.5), 1), p99: round(percentileOf(lengths, 0.99), 1)};
	};
	// On the runs, not on what needs somebody.
	await keyMs(terminal, 'j');
	const move = await times('j', 'j', 'j', 'k');
	const jump = await times('G', 'g');
	const open = await times('\r', 'h');
	await keyMs(terminal, '/');
	const filter = await times('d', 'o', 'c', 's', '\x7f', '\x7f', '\x7f', '\x7f');
	await terminal.close();
	return {endedRuns: 5000, openRuns: 200, moveMs: move, jumpMs: jump, openMs: open, filterMs: filter};
};

const keyMs = async (terminal: Terminal, key: string): Promise<number> => {
	await terminal.quiet(80);
	terminal.clear();
	const startMs = performance.now();
	terminal.write(key);
	return (await terminal.written()) - startMs;
};
