import type {Readable, Writable} from 'node:stream';
import type {AnyMessage, Stream} from '@agentclientprotocol/sdk';
import {lineBytesMax, readLines} from '../read-lines.ts';
import {recordOf} from './failures.ts';

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
			tap.onJunk(`(a line of more than ${lineBytesMax} bytes was skipped)`);
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
