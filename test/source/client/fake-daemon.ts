import {mkdtempSync, rmSync} from 'node:fs';
import http from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void;

export interface FakeDaemon {
	readonly stateFolder: string;
	readonly socketPath: string;
	/** `GET /v1/runs`, in order. */
	readonly requests: string[];
	/** Ends every connection at once and closes the socket, leaving its file behind as a kill does. */
	readonly kill: () => Promise<void>;
	readonly close: () => Promise<void>;
}

/** An HTTP server on a Unix socket that answers health and leaves the rest to the test. */
export const startFakeDaemon = async (handle: Handler, stateFolder = temporaryFolder()): Promise<FakeDaemon> => {
	const socketPath = path.join(stateFolder, 'daemon.sock');
	const requests: string[] = [];
	const server = http.createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		if (request.url === '/v1/health') {
			response.end(JSON.stringify({status: 'ok', pid: process.pid, version: '0.1.0', socket: socketPath}));
			return;
		}

		requests.push(`${request.method} ${request.url}`);
		handle(request, response, body);
	});
	rmSync(socketPath, {force: true});
	await new Promise<void>(resolve => server.listen(socketPath, resolve));
	const close = () =>
		new Promise<void>(resolve => {
			server.close(() => resolve());
			server.closeAllConnections();
		});
	onTestFinished(close);
	const kill = async () => {
		await close();
		const {writeFileSync} = await import('node:fs');
		writeFileSync(socketPath, '');
	};

	return {stateFolder, socketPath, requests, kill, close};
};

export const temporaryFolder = (): string => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-'));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
};
