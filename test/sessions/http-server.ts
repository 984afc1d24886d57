import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface Received {
	readonly method: string;
	readonly url: string;
	readonly headers: IncomingMessage['headers'];
	readonly body: string;
}

export type Answer = (received: Received, response: ServerResponse) => void;

/** A real server on loopback that keeps what it is asked. */
export const serve = async (answer: Answer) => {
	const received: Received[] = [];
	const server: Server = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', text => {
			body += text;
		});
		request.on('end', () => {
			const {method = '', url = '', headers} = request;
			const one = {method, url, headers, body};
			received.push(one);
			answer(one, response);
		});
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		host: `127.0.0.1:${port}`,
		received,
		/** Of requests whose path begins so. */
		of: (path: string) => received.filter(({url}) => url.startsWith(path)),
		close() {
			server.closeAllConnections();
			return new Promise<void>(resolve => server.close(() => resolve()));
		},
	};
};

export const json = (response: ServerResponse, value: unknown, status = 200) => {
	response.writeHead(status, {'content-type': 'application/json'});
	response.end(JSON.stringify(value));
};
