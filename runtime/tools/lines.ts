import type {Readable} from 'node:stream';

interface LineHandlers {
	/** Of one line, and of what comes before its end. */
	readonly bytesMax: number;
	onLine(line: string): void;
	/** Nothing is read any more. */
	onTooLong(): void;
}

/** Reads lines, and holds no more of one than it may be long. */
export const readLines = (stream: Readable, {bytesMax, onLine, onTooLong}: LineHandlers): void => {
	let pieces: Buffer[] = [];
	let size = 0;
	let isOver = false;
	const take = (piece: Buffer): boolean => {
		size += piece.length;
		if (size <= bytesMax) return pieces.push(piece) > 0;
		isOver = true;
		pieces = [];
		onTooLong();
		return false;
	};

	stream.on('data', (chunk: Buffer) => {
		let at = 0;
		for (let end = chunk.indexOf(10); end !== -1 && !isOver; end = chunk.indexOf(10, at)) {
			if (!take(chunk.subarray(at, end))) return;
			const line = Buffer.concat(pieces).toString('utf8');
			pieces = [];
			size = 0;
			at = end + 1;
			onLine(line);
		}

		if (!isOver && at < chunk.length) take(chunk.subarray(at));
	});
	// What reads from something that died ends by other means.
	stream.on('error', () => {});
};
