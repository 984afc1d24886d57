import type {Readable} from 'node:stream';

/** One message of an agent; longer ones are skipped, as nothing sensible is that large. */
export const lineBytesMax = 32 * 1024 * 1024;
const newline = 0x0a;

/** Lines of a stream of bytes; `undefined` in place of one that is too long. */
export async function* readLines(stdout: Readable): AsyncGenerator<string | undefined> {
	let parts: Buffer[] = [];
	let sizeBytes = 0;
	const take = () => {
		const line = sizeBytes > lineBytesMax ? undefined : Buffer.concat(parts).toString('utf8');
		parts = [];
		sizeBytes = 0;
		return line;
	};

	try {
		for await (const chunk of stdout as AsyncIterable<Buffer>) {
			let start = 0;
			for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
				const part = chunk.subarray(start, end);
				start = end + 1;
				sizeBytes += part.length;
				parts.push(part);
				yield take();
			}

			const rest = chunk.subarray(start);
			sizeBytes += rest.length;
			if (sizeBytes <= lineBytesMax) parts.push(rest);
			else parts = [];
		}
	} catch (error) {
		// Destroyed by us when the agent is ended.
		if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
	}

	if (sizeBytes > 0) yield take();
}
