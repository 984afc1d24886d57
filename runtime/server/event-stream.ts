import type {ServerResponse} from 'node:http';
import type {Hint} from '../../source/api/messages.ts';
import {limits} from '../../source/limits.ts';
import {drained} from './drained.ts';

/** A comment now and then tells a dead connection from a quiet one. */
const heartbeatMs = 15_000;

/** One client's Server-Sent Events. */
export const openEventStream = (response: ServerResponse) => {
	response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
	response.flushHeaders();
	const heartbeat = setInterval(() => response.write(': \n\n'), heartbeatMs);
	const closers: (() => void)[] = [];
	let isClosed = false;
	response.on('close', () => {
		isClosed = true;
		clearInterval(heartbeat);
		for (const close of closers) close();
	});
	const write = (event: string, data: unknown, id: number | undefined) => {
		if (isClosed) return;
		response.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
	};

	return {
		isClosed: () => isClosed,
		end: () => response.destroy(),
		/** For what is there already: resolves when the client is ready for more, however slowly it reads. */
		async send(event: 'snapshot' | 'journal', data: unknown, id?: number): Promise<void> {
			write(event, data, id);
			await drained(response);
		},
		/** For what happens at this moment: nobody waits for the client. */
		push(event: 'journal', data: unknown, id: number): void {
			write(event, data, id);
			if (response.writableLength > limits.subscriberBytesMax) response.destroy();
		},
		hint(hint: Hint): void {
			if (isClosed || response.writableLength > limits.subscriberHintBytesMax) return;
			response.write(`event: hint\ndata: ${JSON.stringify(hint)}\n\n`);
		},
		onClose(closer: () => void): void {
			if (isClosed) closer();
			else closers.push(closer);
		},
	};
};

export type EventStream = ReturnType<typeof openEventStream>;
