import {type FileHandle, open} from 'node:fs/promises';
import {StringDecoder} from 'node:string_decoder';
import type {OutputChunk} from '../../source/api/messages.ts';
import {limits} from '../../source/limits.ts';
import {createMasker} from '../../source/mask.ts';

/** Reads one output file of an attempt piece by piece; secrets are masked across pieces, UTF-8 is never cut. */
export interface OutputReader {
	/** @param isLast Whether nothing more will come, so that nothing is held back. */
	read(isLast: boolean): Promise<OutputChunk[]>;
	sizeBytes(): Promise<number>;
}

export const createOutputReader = (
	stream: OutputChunk['stream'],
	file: string,
	startOffset: number,
	secrets: readonly string[],
): OutputReader => {
	const decoder = new StringDecoder('utf8');
	const masker = createMasker(secrets);
	let readOffset = startOffset;
	/** Where the text handed out so far ends. */
	let shownOffset = startOffset;
	return {
		async read(isLast) {
			const {bytes, sizeBytes} = await readAt(file, readOffset);
			readOffset += bytes.length;
			const isAtEnd = isLast && readOffset >= sizeBytes;
			let text = masker.push(decoder.write(bytes));
			if (isAtEnd) text += masker.push(decoder.end()) + masker.end();
			if (text === '') return [];
			const offset = shownOffset;
			// Whoever goes on from there later reads again what was held back.
			shownOffset = readOffset - masker.heldBytes() - pendingBytesOf(decoder);
			return [{stream, offset, nextOffset: shownOffset, text}];
		},
		sizeBytes: async () => (await readAt(file, Number.MAX_SAFE_INTEGER)).sizeBytes,
	};
};

/** Bytes of a character that is not complete yet; `lastNeed` and `lastTotal` are not in the types. */
const pendingBytesOf = (decoder: StringDecoder): number => {
	const {lastNeed, lastTotal} = decoder as unknown as {lastNeed: number; lastTotal: number};
	return lastNeed > 0 ? lastTotal - lastNeed : 0;
};

const readAt = async (file: string, offset: number): Promise<{bytes: Buffer; sizeBytes: number}> => {
	let handle: FileHandle | undefined;
	try {
		handle = await open(file, 'r');
		const {size: sizeBytes} = await handle.stat();
		const lengthBytes = Math.min(Math.max(sizeBytes - offset, 0), limits.outputChunkBytesMax);
		if (lengthBytes === 0) return {bytes: Buffer.alloc(0), sizeBytes};
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(lengthBytes), 0, lengthBytes, offset);
		return {bytes: buffer.subarray(0, bytesRead), sizeBytes};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {bytes: Buffer.alloc(0), sizeBytes: 0};
		throw error;
	} finally {
		await handle?.close();
	}
};
