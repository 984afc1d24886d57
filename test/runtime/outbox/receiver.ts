import {createServer, type IncomingHttpHeaders, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface Received {
	readonly method: string;
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** A real server that takes webhooks, and answers each as the test wants. */
export interface Receiver {
	readonly url: string;
	readonly port: number;
	readonly received: Received[];
	/** How many requests were under way at once, at most. */
	readonly atOnce: () => number;
	close(): Promise<void>;
}

/** @param answer What it says to the request of that number, from 0. Doing nothing leaves the sender waiting. */
export const openReceiver = async (
	answer: (response: ServerResponse, count: number, request: Received) => void = response => response.end(),
	port = 0,
): Promise<Receiver> => {
	const received: Received[] = [];
	let [open, most] = [0, 0];
	const server = createServer((request, response) => {
		open++;
		most = Math.max(most, open);
		response.on('close', () => {
			open--;
		});
		let body = '';
		request.setEncoding('utf8').on('data', chunk => {
			body += chunk;
		});
		request.on('end', () => {
			const {method = '', url = '', headers} = request;
			const taken = {method, path: url, headers, body};
			received.push(taken);
			answer(response, received.length - 1, taken);
		});
	});
	await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
	const {port: actual} = server.address() as AddressInfo;
	return {
		...{url: `http://127.0.0.1:${actual}`, port: actual, received, atOnce: () => most},
		async close() {
			server.closeAllConnections();
			await new Promise(resolve => server.close(resolve));
		},
	};
};

export const refuse = (response: ServerResponse, status: number, headers: Record<string, string> = {}, body = '') => {
	response.writeHead(status, headers).end(body);
};
