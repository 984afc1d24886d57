import {spawn} from 'node:child_process';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import {afterAll, expect, test} from 'vitest';
import {everything, failureIn, toolPlace} from './calling.ts';

const ends: (() => void)[] = [];
afterAll(() => {
	for (const end of ends) end();
});

type Answer = (
	message: {readonly id: number; readonly method: string},
	response: ServerResponse,
	request: IncomingMessage,
) => void;

const hello = {protocolVersion: '2025-06-18', capabilities: {tools: {}}, serverInfo: {name: 'bad', version: '1'}};
const tools = [{name: 'work', inputSchema: {type: 'object'}}];

const json = (response: ServerResponse, body: unknown) =>
	response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify(body));
const events = (response: ServerResponse) => response.writeHead(200, {'content-type': 'text/event-stream'});

/** A server that speaks the protocol up to the call. */
const serverWith = async (answer: Answer, atStart?: Answer): Promise<string> => {
	const server = createServer(async (request, response) => {
		if (request.method !== 'POST') return response.writeHead(405).end();
		const message = JSON.parse(await text(request)) as {id: number; method: string};
		if (atStart) return atStart(message, response, request);
		if (message.method === 'initialize') return json(response, {jsonrpc: '2.0', id: message.id, result: hello});
		if (message.method === 'tools/list') return json(response, {jsonrpc: '2.0', id: message.id, result: {tools}});
		if (message.id === undefined) return response.writeHead(202).end();
		return answer(message, response, request);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	ends.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
};

const outcomeOf = async (answer: Answer, atStart?: Answer, more = '') =>
	failureIn(await toolPlace(`mcp: { url: "${await serverWith(answer, atStart)}" }\n${more}`).call({operation: 'work'}));

test('a real server at an address answers', async () => {
	const port = 20_000 + (process.pid % 20_000);
	const server = spawn('node', [everything, 'streamableHttp'], {
		env: {...process.env, PORT: String(port)},
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	ends.push(() => server.kill('SIGKILL'));
	await new Promise<void>(resolve => {
		server.stderr.on('data', chunk => /listening/i.test(String(chunk)) && resolve());
	});
	const {call} = toolPlace(`mcp: { url: "http://127.0.0.1:${port}/mcp" }`);
	expect((await call({operation: 'echo', with: {message: 'hi'}})).result?.text).toBe('Echo: hi');
	const {result} = await call({operation: 'get-structured-content', with: {location: 'New York'}});
	expect(result?.outputs).toMatchObject({conditions: expect.any(String)});
});

test('headers hold secrets of the one who calls', async () => {
	const url = await serverWith(({id}, response, request) =>
		json(response, {jsonrpc: '2.0', id, result: {content: [{type: 'text', text: request.headers.authorization}]}}),
	);
	const {call} = toolPlace(`mcp: { url: "${url}", headers: { authorization: "Bearer \${{ secrets.T }}" } }`);
	expect((await call({operation: 'work', secrets: {T: 's3'}})).result?.text).toBe('Bearer s3');
});

test('what a server at an address does wrong is a failure with a name', async () => {
	const never: Answer = () => {};
	expect(await outcomeOf(never, (_, response) => response.writeHead(401).end())).toMatch(/^tool.unauthenticated/);
	expect(await outcomeOf((_, response) => response.writeHead(503).end())).toMatch(/^tool.unreachable: .*503/);
	expect(await outcomeOf((_, response) => response.writeHead(400).end('no, thanks'))).toMatch(
		/^tool.failed: .*no, thanks/,
	);
	expect(await outcomeOf((_, response) => response.destroy())).toMatch(/^tool.unreachable/);
	expect(await outcomeOf((_, response) => json(response, 'hello'))).toMatch(/^tool.answer-invalid/);
	expect(
		await outcomeOf((_, response) => response.writeHead(200, {'content-type': 'text/html'}).end('<h1>Hello')),
	).toMatch(/^tool.answer-invalid/);
	expect(await outcomeOf((_, response) => events(response).end())).toMatch(/^tool.unreachable: .*broke off/);
	expect(
		await outcomeOf((_, response) => {
			events(response).write(': wait\n\n');
			setTimeout(() => response.destroy(), 100);
		}),
	).toMatch(/^tool.unreachable: .*broke off/);
	expect(await outcomeOf((_, response) => events(response).end('data: {"what": 1}\n\n'))).toMatch(
		/^tool.answer-invalid/,
	);
	expect(await outcomeOf(never, undefined, 'timeout: 300ms')).toMatch(/^tool.unreachable: .*did not answer within/);
	expect(
		await outcomeOf(({id}, response) =>
			json(response, {jsonrpc: '2.0', id, result: {content: [{type: 'text', text: 'x'.repeat(20_000_000)}]}}),
		),
	).toMatch(/^tool.answer-too-large/);
	expect(
		await outcomeOf((_, response) => {
			events(response);
			const more = () => {
				while (!response.destroyed && response.write(`data: ${'x'.repeat(1_000_000)}\n\n`));
				response.once('drain', more);
			};
			more();
		}),
	).toMatch(/^tool.answer-too-large/);
}, 60_000);

test('a limit says when it is over', async () => {
	const url = await serverWith((_, response) => response.writeHead(429, {'retry-after': '60'}).end());
	const {failure} = await toolPlace(`mcp: { url: "${url}" }`).call({operation: 'work'});
	expect(failure).toMatchObject({code: 'tool.rate-limited', retryable: true});
	expect(failure!.resetAtMs! - Date.now()).toBeGreaterThan(50_000);
});

test('nobody there is known before anything was sent, so that another implementation is asked', async () => {
	const {call} = toolPlace(`implementations:
  - { id: gone, mcp: { url: "http://127.0.0.1:1/mcp" } }
  - { id: there, script: { command: [echo, '{}'], operations: { work: {} } } }
`);
	expect((await call()).tries.map(({implementation}) => implementation)).toEqual(['gone', 'there']);
});
