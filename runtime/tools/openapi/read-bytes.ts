import {failureOfConnection} from './connection.ts';

/** More came than was allowed. */
export class TooManyBytes extends Error {
	/** What came before that. */
	readonly read: Uint8Array;

	constructor(read: Uint8Array) {
		super('More bytes than allowed.');
		this.read = read;
	}
}

/**
 * The body of an answer, within a limit that holds while it arrives and after it was unpacked.
 *
 * @param who For messages: the server or the document.
 * @throws TooManyBytes
 * @throws AiworkflowError `tool.unreachable`, `tool.answer-invalid`; the reason of the signal where that aborts.
 */
export const readBytes = async (
	response: Response,
	bytesMax: number,
	who: string,
	signal: AbortSignal,
): Promise<Uint8Array> => {
	const chunks: Uint8Array[] = [];
	let sizeBytes = 0;
	try {
		for await (const chunk of response.body ?? []) {
			sizeBytes += chunk.length;
			// Leaving the loop closes the connection.
			if (sizeBytes > bytesMax) throw new TooManyBytes(Buffer.concat(chunks));
			chunks.push(chunk);
		}
	} catch (error) {
		if (error instanceof TooManyBytes) throw error;
		throw failureOfConnection(error, who, 'ended its answer in the middle', signal);
	}

	return Buffer.concat(chunks);
};
