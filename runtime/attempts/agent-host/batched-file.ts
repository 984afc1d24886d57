import {writeSync} from 'node:fs';

/** Text on its way to a file: many small pieces become few writes, none of them late. */
export interface BatchedFile {
	append(text: string): void;
	flush(): void;
	/** Bytes given so far, written or not. */
	sizeBytes(): number;
}

const batchCharactersMax = 64 * 1024;
const delayMs = 40;

/** @param write Called with whole pieces, in order. */
export const createBatchedFile = (write: (text: string) => void): BatchedFile => {
	let pieces: string[] = [];
	let characters = 0;
	let sizeBytes = 0;
	let timer: NodeJS.Timeout | undefined;
	const flush = () => {
		clearTimeout(timer);
		timer = undefined;
		if (pieces.length === 0) return;
		const text = pieces.join('');
		pieces = [];
		characters = 0;
		write(text);
	};

	return {
		append(text) {
			pieces.push(text);
			characters += text.length;
			sizeBytes += Buffer.byteLength(text);
			if (characters >= batchCharactersMax) flush();
			else timer ??= setTimeout(flush, delayMs);
		},
		flush,
		sizeBytes: () => sizeBytes,
	};
};

/** Writes all of it: `writeSync` alone may write less. */
export const writeFully = (descriptor: number, text: string): void => {
	const bytes = Buffer.from(text);
	for (let start = 0; start < bytes.length; ) start += writeSync(descriptor, bytes, start);
};
