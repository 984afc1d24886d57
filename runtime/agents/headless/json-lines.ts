import type {Readable} from 'node:stream';
import {recordOf} from '../acp/failures.ts';
import {lineBytesMax, readLines} from '../read-lines.ts';

export type JsonLine = Readonly<Record<string, unknown>>;

export interface JsonLineTap {
	onMessage(message: JsonLine): void;
	/** A line that is no JSON object: banners and logs that some agents print between. */
	onJunk(line: string): void;
	/** Awaited after each line, so that a fast agent waits for us instead of filling memory. */
	drained(): Promise<void>;
}

/** Reads an agent's standard output, one JSON object a line, to its end. Bytes that are no UTF-8 are replaced. */
export const followJsonLines = async (stdout: Readable, tap: JsonLineTap): Promise<void> => {
	for await (const line of readLines(stdout)) {
		const message = line === undefined ? undefined : parseLine(line);
		if (message) tap.onMessage(message);
		else if (line === undefined) tap.onJunk(`(a line of more than ${lineBytesMax} bytes was skipped)`);
		else if (line.trim()) tap.onJunk(line);
		await tap.drained();
	}
};

const parseLine = (line: string): JsonLine | undefined => {
	if (!line.trimStart().startsWith('{')) return undefined;
	try {
		return recordOf(JSON.parse(line));
	} catch {
		return undefined;
	}
};

/** @returns The objects of a list; none for anything else. */
export const recordsOf = (list: unknown): JsonLine[] =>
	Array.isArray(list) ? list.map(recordOf).filter(each => each !== undefined) : [];
