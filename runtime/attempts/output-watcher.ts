import {stat} from 'node:fs/promises';
import {limits} from '../../source/limits.ts';
import type {AttemptContext} from '../engine/parts.ts';
import type {Supervised} from './supervised.ts';

export interface OutputGrowth {
	readonly runId: string;
	readonly stepId: string;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	readonly stdoutBytes: number;
	readonly stderrBytes: number;
}

interface Watched {
	readonly context: Pick<AttemptContext, 'runId' | 'stepId' | 'item'>;
	readonly supervised: Pick<Supervised, 'stdoutFile' | 'stderrFile'>;
	readonly onTooLarge: () => void;
	readonly idle?: Idle;
	/** Of `performance.now()`: when it last grew. */
	grewAtMs: number;
	stdoutBytes: number;
	stderrBytes: number;
	isBusy: boolean;
}

/** How long an attempt may be silent, and what happens then. */
export interface Idle {
	readonly timeoutMs: number;
	readonly onIdle: () => void;
}

/** How often the output files of running attempts are measured; one timer for all, none while nothing runs. */
const intervalMs = 100;

/** Tells of output that grew, and of output over its limit, by looking at the files: the processes may not be ours. */
export const createOutputWatcher = (onGrowth: (growth: OutputGrowth) => void) => {
	const watched = new Set<Watched>();
	let timer: NodeJS.Timeout | undefined;

	const measure = async (each: Watched) => {
		if (each.isBusy) return;
		each.isBusy = true;
		const [stdoutBytes, stderrBytes] = await Promise.all([
			sizeOf(each.supervised.stdoutFile),
			sizeOf(each.supervised.stderrFile),
		]);
		each.isBusy = false;
		if (!watched.has(each)) return;
		if (stdoutBytes === each.stdoutBytes && stderrBytes === each.stderrBytes) {
			if (each.idle && performance.now() - each.grewAtMs >= each.idle.timeoutMs) each.idle.onIdle();
			return;
		}

		each.grewAtMs = performance.now();
		each.stdoutBytes = stdoutBytes;
		each.stderrBytes = stderrBytes;
		onGrowth({...each.context, stdoutBytes, stderrBytes});
		if (Math.max(stdoutBytes, stderrBytes) > limits.outputBytesMax) each.onTooLarge();
	};

	const measureAll = () => {
		for (const each of watched) void measure(each);
	};

	return {
		/** @param idle After a restart of the daemon the silence counts from there. */
		watch(
			{runId, stepId, item}: AttemptContext,
			supervised: Supervised,
			onTooLarge: () => void,
			idle?: Idle,
		): () => void {
			const context = item === undefined ? {runId, stepId} : {runId, stepId, item};
			const sizes = {stdoutBytes: 0, stderrBytes: 0};
			const each: Watched = {
				context,
				supervised,
				onTooLarge,
				idle,
				...sizes,
				grewAtMs: performance.now(),
				isBusy: false,
			};
			watched.add(each);
			timer ??= setInterval(measureAll, intervalMs);
			return () => {
				watched.delete(each);
				if (watched.size > 0) return;
				clearInterval(timer);
				timer = undefined;
			};
		},
	};
};

export type OutputWatcher = ReturnType<typeof createOutputWatcher>;

const sizeOf = async (file: string): Promise<number> => {
	try {
		return (await stat(file)).size;
	} catch {
		return 0;
	}
};
