import {setTimeout as sleep} from 'node:timers/promises';
import {medianOf, percentileOf, round} from '../median.ts';
import {openTerminal} from './terminal.ts';

const echo =
	'process.stdin.setRawMode(true).on("data",d=>d[0]===3?process.exit():process.stdout.write(d));console.log(0)';

/** What a bare Node program that echoes its keys takes in the same pty, at the same time: no cockpit can be faster. */
export const measurePtyFloor = async () => {
	const starts: number[] = [];
	const lengths: number[] = [];
	for (let round = 0; round < 5; round++) {
		const startMs = performance.now();
		const terminal = await openTerminal([process.execPath, '-e', `'${echo}'`], process.env);
		starts.push((await terminal.written()) - startMs);
		for (let index = 0; index < 20; index++) {
			await sleep(20);
			terminal.clear();
			const pressedMs = performance.now();
			terminal.write('x');
			lengths.push((await terminal.written('x')) - pressedMs);
		}

		await terminal.close();
	}

	return {
		keyToEchoMsP50: round(percentileOf(lengths, 0.5), 1),
		keyToEchoMsP99: round(percentileOf(lengths, 0.99), 1),
		startMs: round(medianOf(starts), 0),
	};
};
