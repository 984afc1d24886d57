import {closeSync, type FSWatcher, openSync, readSync, watch} from 'node:fs';

/** Follows a file that another process appends lines to. */
export interface LineFollower {
	/** Resolves when what was there at the beginning has been handed over. */
	readonly caughtUp: Promise<void>;
	/** Hands over the rest and ends. @throws Whatever `onLines` threw, now or before. */
	finish(): Promise<void>;
}

/** Should the file system not tell of a change. */
const pollMs = 500;
/** From a change to the look at it: many small appends become one reading. */
const settleMs = 15;
const chunkBytes = 256 * 1024;
const newline = 0x0a;

/**
 * @param onLines Gets whole lines, in order, one call at a time; `firstIndex` counts lines from 0. A last line without its
 * newline is left until it is whole.
 */
export const followLines = (
	file: string,
	onLines: (lines: readonly string[], firstIndex: number) => Promise<void>,
): LineFollower => {
	const descriptor = openSync(file, 'a+', 0o600);
	const chunk = Buffer.alloc(chunkBytes);
	let offset = 0;
	let index = 0;
	let rest = Buffer.alloc(0);
	let isEnded = false;
	let settle: NodeJS.Timeout | undefined;

	const readOn = async () => {
		for (;;) {
			const size = readSync(descriptor, chunk, 0, chunk.length, offset);
			if (size === 0) return;
			offset += size;
			const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
			const end = bytes.lastIndexOf(newline) + 1;
			rest = Buffer.from(bytes.subarray(end));
			if (end === 0) continue;
			const lines = bytes.toString('utf8', 0, end - 1).split('\n');
			const firstIndex = index;
			index += lines.length;
			await onLines(lines, firstIndex);
		}
	};

	// One reading after the other; the first failure ends them all.
	let reading = readOn();
	const caughtUp = reading;
	caughtUp.catch(() => {});
	const look = () => {
		settle = undefined;
		if (isEnded) return;
		reading = reading.then(readOn);
		reading.catch(() => {});
	};

	const touch = () => {
		settle ??= setTimeout(look, settleMs);
	};

	const watcher = watchIfPossible(file, touch);
	const poll = setInterval(touch, pollMs);
	return {
		caughtUp,
		async finish() {
			isEnded = true;
			clearInterval(poll);
			clearTimeout(settle);
			watcher?.close();
			try {
				await reading;
				await readOn();
			} finally {
				closeSync(descriptor);
			}
		},
	};
};

const watchIfPossible = (file: string, onChange: () => void): FSWatcher | undefined => {
	try {
		return watch(file, onChange).on('error', () => {});
	} catch {
		// No watches left: the poll is enough.
		return undefined;
	}
};
