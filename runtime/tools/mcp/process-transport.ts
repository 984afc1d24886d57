import type {Transport} from '@modelcontextprotocol/sdk/shared/transport.js';
import {type JSONRPCMessage, JSONRPCMessageSchema} from '@modelcontextprotocol/sdk/types.js';
import type {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {Child} from '../child.ts';
import {toolAnswerInvalid, toolAnswerTooLarge} from '../failures.ts';
import {readLines} from '../lines.ts';

export interface ProcessTransport extends Transport {
	/** Why it was ended before anybody asked for it. */
	failure(): AiworkflowError | undefined;
}

/** What a message may have around the answer in it. */
const envelopeBytes = 64 * 1024;

/**
 * Messages of a server over its standard streams. Bytes are counted before anything is parsed; a server that goes on
 * with what is no message is ended, one that prints a line by mistake is not.
 */
export const createProcessTransport = (tool: string, child: Child): ProcessTransport => {
	/** Ids of requests that wait for an answer. */
	const pending = new Set<string | number>();
	let failure: AiworkflowError | undefined;
	let bytesSinceRequest = 0;
	let isClosed = false;
	let nonsense: NodeJS.Timeout | undefined;

	const fail = (error: AiworkflowError) => {
		failure ??= error;
		void transport.close();
	};

	const doubt = (line: string) => {
		if (nonsense || pending.size === 0) return;
		const what = `writes what is no message: ${JSON.stringify(line.slice(0, 80))}`;
		nonsense = setTimeout(() => fail(toolAnswerInvalid(tool, what, child.lastWords())), limits.toolNonsenseMs);
	};

	const take = (line: string) => {
		const message = messageIn(line);
		if (!message) return doubt(line);
		if (isAnswer(message) && !pending.delete(message.id!)) return doubt(line);
		clearTimeout(nonsense);
		nonsense = undefined;
		transport.onmessage?.(message);
	};

	const close = () => {
		if (isClosed) return;
		isClosed = true;
		clearTimeout(nonsense);
		transport.onclose?.();
	};

	const transport: ProcessTransport = {
		failure: () => failure,
		async start() {
			child.stdout.on('data', (chunk: Buffer) => {
				bytesSinceRequest += chunk.length;
				if (bytesSinceRequest > 2 * limits.toolAnswerBytesMax) fail(toolAnswerTooLarge(tool));
			});
			readLines(child.stdout, {
				bytesMax: limits.toolAnswerBytesMax + envelopeBytes,
				onLine: line => line.trim() !== '' && take(line),
				onTooLong: () => fail(toolAnswerTooLarge(tool)),
			});
			void child.ended.then(close);
		},
		async send(message) {
			if ('id' in message && 'method' in message) {
				pending.add(message.id);
				bytesSinceRequest = 0;
			}

			if ('method' in message && message.method === 'notifications/cancelled')
				pending.delete((message.params as {requestId?: string | number}).requestId ?? '');
			child.stdin.write(`${JSON.stringify(message)}\n`);
		},
		async close() {
			child.stdin.end();
			child.stdout.destroy();
			close();
			await child.end();
		},
	};
	return transport;
};

const messageIn = (line: string): JSONRPCMessage | undefined => {
	try {
		return JSONRPCMessageSchema.parse(JSON.parse(line));
	} catch {
		return undefined;
	}
};

const isAnswer = (message: JSONRPCMessage): message is Extract<JSONRPCMessage, {id?: string | number}> =>
	!('method' in message);
