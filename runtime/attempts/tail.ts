import {closeSync, fstatSync, openSync, readSync} from 'node:fs';

/** @returns The last lines of a file, at most so many bytes, trimmed; empty where there is no file. */
export const tailOf = (file: string, bytesMax: number): string => {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(file, 'r');
		const {size} = fstatSync(descriptor);
		const buffer = Buffer.alloc(Math.min(size, bytesMax));
		readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
		const text = buffer.toString('utf8');
		// A cut line at the start says less than none.
		return (size > bytesMax ? text.slice(text.indexOf('\n') + 1) : text).trim();
	} catch {
		return '';
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
};
