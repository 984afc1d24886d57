import type {ServerResponse} from 'node:http';
import type {Hint} from '../../source/api/messages.ts';
import {limits} from '../../source/limits.ts';

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
	return {
		send(event: 'snapshot' | 'journal', data: unknown, id?: number): void {
			if (isClosed) return;
			response.write(`event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`);
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
