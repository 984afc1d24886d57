import type {AddressInfo} from 'node:net';
import {createServer} from 'node:net';
import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {answerJson, atEnd, callTool, failureFrom, ok, openPaths, startServer} from './openapi-world.ts';

const paths = {'/': {get: {operationId: 'op', responses: ok}, post: {operationId: 'send', responses: ok}}};

/** A server of bytes that speaks no HTTP, or not to the end. */
const startSocket = async (answer: string, isClosed = true): Promise<string> => {
	const server = createServer(socket => {
		socket.on('error', () => {});
		socket.once('data', () => (isClosed ? socket.end(answer) : socket.write(answer)));
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	atEnd(() => server.close());
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('a call of a server that hangs ends with the reason of the signal', async () => {
	const abort = new AbortController();
	const server = await startServer(() => abort.abort(new Error('Enough.')));
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op', {}, {signal: abort.signal})).rejects.toThrow('Enough.');
});

test('a call of a server that hangs in the middle of its answer ends with the reason of the signal', async () => {
	const abort = new AbortController();
	const server = await startServer((_, response) => {
		response.writeHead(200, {'content-type': 'application/json'}).write('{"a":');
		setImmediate(() => abort.abort(new Error('Enough.')));
	});
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op', {}, {signal: abort.signal})).rejects.toThrow('Enough.');
});

test('a signal that has aborted sends nothing', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op', {}, {signal: AbortSignal.abort(new Error('Before.'))})).rejects.toThrow('Before.');
	expect(server.received).toEqual([]);
});

test('a server that dies in the middle of its answer is unreachable', async () => {
	const server = await startServer((_, response, incoming) => {
		response.writeHead(200, {'content-type': 'application/json', 'content-length': 1000});
		response.write('{"a":', () => incoming.socket.destroy());
	});
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op')).rejects.toMatchObject({code: 'tool.unreachable', retryable: true});
});

test('a server that closes the connection without an answer is unreachable', async () => {
	const tool = await openPaths(await startSocket(''), paths);
	await expect(callTool(tool, 'op')).rejects.toMatchObject({code: 'tool.unreachable'});
});

test('a server that does not run, or has no address, is unreachable', async () => {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	await new Promise(resolve => server.close(resolve));
	const refused = await failureFrom(callTool(await openPaths(`http://127.0.0.1:${port}`, paths), 'op'));
	expect(refused).toMatchObject({code: 'tool.unreachable', retryable: true});
	expect(refused.message).toBe(`"op" at http://127.0.0.1:${port} does not take connections (ECONNREFUSED).`);
	const unknown = await failureFrom(callTool(await openPaths('http://nowhere.invalid', paths), 'op'));
	expect(unknown).toMatchObject({code: 'tool.unreachable'});
});

test('what is not HTTP is no answer', async () => {
	const tool = await openPaths(await startSocket('SSH-2.0-OpenSSH_9.6\r\n'), paths);
	await expect(callTool(tool, 'op')).rejects.toMatchObject({code: 'tool.answer-invalid'});
});

test('what says it is JSON and is not is no answer, and its beginning is told', async () => {
	const server = await startServer((_, response) =>
		response.writeHead(200, {'content-type': 'application/json'}).end('<html>Sorry</html>'),
	);
	const failure = await failureFrom(callTool(await openPaths(server.url, paths), 'op'));
	expect(failure.code).toBe('tool.answer-invalid');
	expect(failure.message).toContain('<html>Sorry');
});

test('a flood is cut off at the limit and the connection closed', async () => {
	let isClosed = false;
	const server = await startServer((_, response) => {
		response.writeHead(200, {'content-type': 'application/json'});
		const chunk = Buffer.alloc(1024 * 1024, 'a');
		const pour = () => {
			while (!isClosed && response.write(chunk));
		};
		response.on('drain', pour);
		response.on('close', () => {
			isClosed = true;
		});
		pour();
	});
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op')).rejects.toMatchObject({code: 'tool.answer-too-large'});
	await expect.poll(() => isClosed, {timeout: 10_000}).toBe(true);
});

test('a flood that is small until it is unpacked is cut off as well', async () => {
	const bomb = gzipSync(Buffer.alloc(limits.toolAnswerBytesMax + 1, 'a'));
	const server = await startServer((_, response) =>
		response.writeHead(200, {'content-type': 'text/plain', 'content-encoding': 'gzip'}).end(bomb),
	);
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op')).rejects.toMatchObject({code: 'tool.answer-too-large'});
});

test('what cannot be unpacked is no answer', async () => {
	const server = await startServer((_, response) =>
		response.writeHead(200, {'content-type': 'text/plain', 'content-encoding': 'gzip'}).end('not packed'),
	);
	const tool = await openPaths(server.url, paths);
	await expect(callTool(tool, 'op')).rejects.toMatchObject({code: 'tool.answer-invalid'});
});

test('redirects are followed on the same server, and not for ever', async () => {
	const server = await startServer(({url, method}, response) => {
		if (url === '/' && method === 'GET') response.writeHead(302, {location: '/there'}).end();
		else if (url === '/') response.writeHead(307, {location: '/loop'}).end();
		else if (url === '/loop') response.writeHead(307, {location: '/loop'}).end();
		else answerJson(response, {url, method});
	});
	const tool = await openPaths(server.url, paths);
	expect((await callTool(tool, 'op')).outputs).toEqual({url: '/there', method: 'GET'});
	await expect(callTool(tool, 'send')).rejects.toMatchObject({code: 'tool.failed'});
	expect(server.received.filter(({url}) => url === '/loop').length).toBe(limits.openapiRedirectsMax);
});

test('a redirect to another server is not followed', async () => {
	const other = await startServer((_, response) => answerJson(response, {}));
	const server = await startServer((_, response) => response.writeHead(302, {location: `${other.url}/steal`}).end());
	const tool = await openPaths(server.url, paths);
	const failure = await failureFrom(callTool(tool, 'op'));
	expect(failure).toMatchObject({code: 'tool.failed'});
	expect(failure.message).toContain(other.url);
	expect(other.received).toEqual([]);
});
