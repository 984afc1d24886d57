import {closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {medianOf, round} from './median.ts';

export interface Floor {
	/** Appends of 400 bytes, each made durable by itself: what no durable engine can be faster than at one commit an effect. */
	readonly appendsPerSecond: number;
	readonly p50Ms: number;
}

export const measureFloor = (count: number): Floor => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-bench-'));
	const file = openSync(path.join(folder, 'floor'), 'a');
	const block = Buffer.alloc(400, 'x');
	const rounds = Array.from({length: 3}, () => {
		const lengthsMs: number[] = [];
		const startMs = performance.now();
		for (let index = 0; index < count; index++) {
			const beforeMs = performance.now();
			writeSync(file, block);
			fdatasyncSync(file);
			lengthsMs.push(performance.now() - beforeMs);
		}

		return {perSecond: (count / (performance.now() - startMs)) * 1000, p50Ms: medianOf(lengthsMs)};
	});
	closeSync(file);
	rmSync(folder, {recursive: true});
	return {
		appendsPerSecond: Math.round(medianOf(rounds.map(({perSecond}) => perSecond))),
		p50Ms: round(medianOf(rounds.map(({p50Ms}) => p50Ms)), 3),
	};
};
