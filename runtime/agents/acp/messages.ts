import type {Readable, Writable} from 'node:stream';
import type {AnyMessage, Stream} from '@agentclientprotocol/sdk';
import {recordOf} from './failures.ts';

/** One message; larger ones are skipped, as nothing sensible is that large. */
const messageBytesMax = 32 * 1024 * 1024;
const newline = 0x0a;

export interface MessageTap {
	/** Sees every `session/update`, in order and before anything that came after it. */
	onUpdate(params: unknown): void;
	/** A line that is no message: banners and logs some agents print on standard output. */
	onJunk(line: string): void;
	/** Awaited before more is read, so that a fast agent waits for us instead of filling memory. */
	drained(): Promise<void>;
}

/**
 * The agent's standard streams as messages for the SDK. Updates are taken out on the way: the SDK handles notifications
 * asynchronously, and the last words of a turn must not come after its end. Bytes that are no UTF-8 are replaced.
 */
export const messageStream = (stdin: Writable, stdout: Readable, tap: MessageTap): Stream => {
	const messages = readMessages(stdout, tap);
	return {
		readable: new ReadableStream<AnyMessage>(
			{
				async pull(controller) {
					const {value, done} = await messages.next();
					if (done) controller.close();
					else controller.enqueue(value);
				},
				cancel: () => void messages.return(undefined),
			},
			{highWaterMark: 0},
		),
		writable: new WritableStream<AnyMessage>({
			write: message =>
				new Promise<void>(resolve => {
					if (stdin.destroyed || stdin.writableEnded) resolve();
					else stdin.write(`${JSON.stringify(message)}\n`, () => resolve());
				}),
		}),
	};
};

async function* readMessages(stdout: Readable, tap: MessageTap): AsyncGenerator<AnyMessage, undefined> {
	for await (const line of readLines(stdout)) {
		if (line === undefined) {
			tap.onJunk(`(a line of more than ${messageBytesMax} bytes was skipped)`);
			continue;
		}

		const message = parseMessage(line);
		if (!message) {
			if (line.trim()) tap.onJunk(line);
		} else if (message.method === 'session/update' && !('id' in message)) {
			tap.onUpdate(message.params);
			await tap.drained();
		} else {
			yield message as unknown as AnyMessage;
		}
	}

	return undefined;
}

const parseMessage = (line: string): Readonly<Record<string, unknown>> | undefined => {
	if (!line.trimStart().startsWith('{')) return undefined;
	try {
		const message = recordOf(JSON.parse(line));
		return message?.jsonrpc === '2.0' ? message : undefined;
	} catch {
		return undefined;
	}
};

/** Lines of a stream of bytes; `undefined` in place of one that is too long. */
async function* readLines(stdout: Readable): AsyncGenerator<string | undefined> {
	let parts: Buffer[] = [];
	let sizeBytes = 0;
	const take = () => {
		const line = sizeBytes > messageBytesMax ? undefined : Buffer.concat(parts).toString('utf8');
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
			if (sizeBytes <= messageBytesMax) parts.push(rest);
			else parts = [];
		}
	} catch (error) {
		// Destroyed by us when the agent is ended.
		if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
	}

	if (sizeBytes > 0) yield take();
}
