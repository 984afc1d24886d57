import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {answerJson, callTool, failureFrom, ok, openPaths, startServer, temporaryFolder} from './openapi-world.ts';

const operation = (content: object, more: object = {}) => ({
	post: {operationId: 'send', requestBody: {required: true, content}, responses: ok, ...more},
});
const object = {
	type: 'object',
	properties: {name: {type: 'string'}, tags: {type: 'array', items: {type: 'string'}}, nested: {type: 'object'}},
};

const sentWith = async (content: object, given: Record<string, unknown>, workspace?: string) => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const tool = await openPaths(server.url, {'/': operation(content)}, {}, {workspace});
	await callTool(tool, 'send', given);
	return server.received[0]!;
};

test('a JSON body is sent with the type that the document says', async () => {
	const sent = await sentWith({'application/merge-patch+json': {schema: object}}, {name: 'é', nested: {a: [1]}});
	expect(sent.headers['content-type']).toBe('application/merge-patch+json');
	expect(JSON.parse(sent.body)).toEqual({name: 'é', nested: {a: [1]}});
});

test('a form is sent with its properties encoded, lists and objects as `encoding` says', async () => {
	const form = 'application/x-www-form-urlencoded';
	const plain = await sentWith({[form]: {schema: object}}, {name: 'a&b c', tags: ['x', 'y'], nested: {a: 1}});
	expect(plain.headers['content-type']).toBe(form);
	expect(plain.body).toBe('name=a%26b%20c&tags=x&tags=y&nested=%7B%22a%22%3A1%7D');
	const encoding = {tags: {style: 'form', explode: false}, nested: {style: 'deepObject', explode: true}};
	const said = await sentWith({[form]: {schema: object, encoding}}, {tags: ['x', 'y'], nested: {a: 1}});
	expect(said.body).toBe('tags=x,y&nested%5Ba%5D=1');
});

test('a text is sent as it is', async () => {
	const sent = await sentWith({'text/markdown': {schema: {type: 'string'}}}, {body: '# Héllo'});
	expect([sent.headers['content-type'], sent.body]).toEqual(['text/markdown', '# Héllo']);
});

const multipart = {
	'multipart/form-data': {
		schema: {
			type: 'object',
			required: ['file'],
			properties: {title: {type: 'string'}, file: {type: 'string', format: 'binary'}, meta: {type: 'object'}},
		},
		encoding: {file: {contentType: 'image/png'}},
	},
};

test('a form of parts is sent with texts, JSON, and files of the workspace', async () => {
	const workspace = temporaryFolder();
	writeFileSync(path.join(workspace, 'logo.png'), 'the picture');
	const {headers, body} = await sentWith(multipart, {title: 'A', file: 'logo.png', meta: {a: 1}}, workspace);
	expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
	expect(body).toMatch(/name="title"\r\n\r\nA\r\n/);
	expect(body).toMatch(/name="file"; filename="logo.png"\r\nContent-Type: image\/png\r\n\r\nthe picture\r\n/);
	expect(body).toMatch(/name="meta"; filename="blob"\r\nContent-Type: application\/json\r\n\r\n\{"a":1\}\r\n/);
});

test('a body of another type is a file of the workspace', async () => {
	const workspace = temporaryFolder();
	writeFileSync(path.join(workspace, 'a.zip'), 'packed');
	const sent = await sentWith(
		{'application/zip': {schema: {type: 'string', format: 'binary'}}},
		{body: 'a.zip'},
		workspace,
	);
	expect([sent.headers['content-type'], sent.body]).toEqual(['application/zip', 'packed']);
});

test('no file from outside of the workspace is sent, by no path and no link', async () => {
	const folder = temporaryFolder();
	const workspace = path.join(folder, 'workspace');
	mkdirSync(workspace);
	writeFileSync(path.join(folder, 'key'), 'secret');
	symlinkSync(path.join(folder, 'key'), path.join(workspace, 'link'));
	const server = await startServer((_, response) => answerJson(response, {}));
	const tool = await openPaths(server.url, {'/': operation(multipart)}, {}, {workspace});
	for (const file of ['../key', 'link', path.join(folder, 'key'), '/etc/passwd', 'missing', '.']) {
		await expect(callTool(tool, 'send', {file})).rejects.toMatchObject({code: 'tool.arguments-invalid'});
	}

	expect(server.received).toEqual([]);
});

test('arguments that do not fit are told before anything is sent', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const parameters = [
		{name: 'limit', in: 'query', schema: {type: 'integer', maximum: 10}},
		{name: 'state', in: 'query', required: true, schema: {type: 'string', enum: ['open', 'closed']}},
	];
	const tool = await openPaths(server.url, {'/': {get: {operationId: 'list', parameters, responses: ok}}});
	const unknown = await failureFrom(callTool(tool, 'list', {limt: 1, state: 'open'}));
	expect(unknown).toMatchObject({code: 'tool.arguments-invalid', suggestion: 'Did you mean `limit`?'});
	const invalid = await failureFrom(callTool(tool, 'list', {limit: 50}));
	expect(invalid.message).toContain('`limit` must be <= 10');
	expect(invalid.message).toContain('`state` is missing');
	await expect(callTool(tool, 'lst')).rejects.toMatchObject({
		code: 'tool.operation-unknown',
		suggestion: 'Did you mean `list`?',
	});
	expect(server.received).toEqual([]);
});

test('what comes back becomes outputs: objects as they are, other things as `result`, nothing as nothing', async () => {
	const server = await startServer(({url}, response) => {
		if (url === '/object') answerJson(response, {a: 1});
		else if (url === '/list') answerJson(response, [1, 2]);
		else if (url === '/problem')
			answerJson(response, {b: 1}, 200, {'content-type': 'application/hal+json; charset=utf-8'});
		else if (url === '/text')
			response.writeHead(200, {'content-type': 'text/plain; charset=iso-8859-1'}).end(Buffer.from([0xe9]));
		else if (url === '/small') response.writeHead(200, {'content-type': 'image/png'}).end(Buffer.from([1, 2, 3]));
		else if (url === '/large')
			response.writeHead(200, {'content-type': 'image/png'}).end(Buffer.alloc(limits.openapiBinaryBytesMax + 1));
		else response.writeHead(204).end();
	});
	const names = ['object', 'list', 'problem', 'text', 'small', 'large', 'nothing'];
	const paths = Object.fromEntries(names.map(name => [`/${name}`, {get: {operationId: name, responses: ok}}]));
	const tool = await openPaths(server.url, paths);
	const answers = await Promise.all(names.filter(name => name !== 'large').map(name => callTool(tool, name)));
	expect(answers).toEqual([
		{outputs: {a: 1}, text: '{"a":1}'},
		{outputs: {result: [1, 2]}, text: '[1,2]'},
		{outputs: {b: 1}, text: '{"b":1}'},
		{outputs: {result: 'é'}, text: 'é'},
		{outputs: {base64: 'AQID', contentType: 'image/png', sizeBytes: 3}, text: '3 bytes of image/png'},
		{outputs: {}, text: ''},
	]);
	const large = await failureFrom(callTool(tool, 'large'));
	expect(large).toMatchObject({code: 'tool.answer-too-large'});
	expect(large.message).toContain('image/png');
});

test.each([
	[400, 'tool.failed', false],
	[401, 'tool.unauthenticated', false],
	[403, 'tool.unauthenticated', false],
	[404, 'tool.failed', false],
	[408, 'tool.failed', true],
	[429, 'tool.rate-limited', true],
	[500, 'tool.failed', true],
	[502, 'tool.unreachable', true],
	[503, 'tool.unreachable', true],
	[504, 'tool.unreachable', true],
] as const)('an answer of %i is %s', async (status, code, retryable) => {
	const problem = {title: 'Not so', detail: 'The name is taken.', status};
	const server = await startServer((_, response) =>
		answerJson(response, problem, status, {'content-type': 'application/problem+json'}),
	);
	const failure = await failureFrom(
		callTool(await openPaths(server.url, {'/': {get: {operationId: 'op', responses: ok}}}), 'op'),
	);
	expect(failure).toMatchObject({code, retryable});
	expect(failure.message).toMatch(
		new RegExp(`^"op" at ${server.url} answered ${status} .*: Not so: The name is taken\\.$`),
	);
});

test('a limit says when it resets, in seconds or as a date', async () => {
	let after = '120';
	const server = await startServer((_, response) =>
		answerJson(response, {message: 'Slow down'}, 429, {'retry-after': after}),
	);
	const tool = await openPaths(server.url, {'/': {get: {operationId: 'op', responses: ok}}});
	const beforeMs = Date.now();
	const {resetAtMs} = await failureFrom(callTool(tool, 'op'));
	expect(resetAtMs).toBeGreaterThanOrEqual(beforeMs + 120_000);
	expect(resetAtMs).toBeLessThan(Date.now() + 121_000);
	after = 'Wed, 21 Oct 2037 07:28:00 GMT';
	expect((await failureFrom(callTool(tool, 'op'))).resetAtMs).toBe(Date.parse(after));
});

test('what an error page says is cut short', async () => {
	const server = await startServer((_, response) =>
		response.writeHead(500, {'content-type': 'text/plain'}).end('x'.repeat(1_000_000)),
	);
	const failure = await failureFrom(
		callTool(await openPaths(server.url, {'/': {get: {operationId: 'op', responses: ok}}}), 'op'),
	);
	expect((failure.message as string).length).toBeLessThan(700);
	expect(failure.message).toContain('xxx');
});

test('the key of a step is sent where repeating would do it twice, unless the call has one', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const own = [{name: 'Idempotency-Key', in: 'header', required: true, schema: {type: 'string'}}];
	const tool = await openPaths(server.url, {
		'/': Object.fromEntries(
			['get', 'post', 'patch', 'put', 'delete'].map(method => [method, {operationId: method, responses: ok}]),
		),
		'/own': {put: {operationId: 'own', parameters: own, responses: ok}},
	});
	for (const name of ['get', 'post', 'patch', 'put', 'delete', 'own'])
		await callTool(tool, name, {}, {idempotencyKey: 'k1'});
	await callTool(tool, 'own', {'Idempotency-Key': 'mine'}, {idempotencyKey: 'k1'});
	const keys = server.received.map(({headers}) => headers['idempotency-key']);
	expect(keys).toEqual([undefined, 'k1', 'k1', undefined, undefined, 'k1', 'mine']);
});

test('the server is that of the operation, its path or the document, with variables; `server:` replaces all', async () => {
	const [first, second, third] = await Promise.all(
		[1, 2, 3].map(() => startServer(({url}, response) => answerJson(response, {url}))),
	);
	const port = new URL(first!.url).port;
	const servers = [
		{url: 'http://127.0.0.1:{port}/{version}/', variables: {port: {default: port}, version: {default: 'v2'}}},
	];
	const paths = {
		'/a': {get: {operationId: 'a', responses: ok}},
		'/b': {
			servers: [{url: second!.url}],
			get: {operationId: 'b', responses: ok},
			post: {operationId: 'c', servers: [{url: third!.url}], responses: ok},
		},
	};
	const tool = await openPaths('', paths, {servers});
	for (const name of ['a', 'b', 'c']) await callTool(tool, name);
	expect([first, second, third].map(each => each!.received.map(({url}) => url))).toEqual([['/v2/a'], ['/b'], ['/b']]);
	const chosen = await openPaths('', paths, {servers}, {settings: {server: `${second!.url}/base`}});
	for (const name of ['a', 'b', 'c']) await callTool(chosen, name);
	expect(second!.received.slice(1).map(({url}) => url)).toEqual(['/base/a', '/base/b', '/base/b']);
});

test('a document in a file that does not say where its server is asks for it', async () => {
	const tool = await openPaths('/api', {'/': {get: {operationId: 'op', responses: ok}}});
	await expect(callTool(tool, 'op')).rejects.toMatchObject({
		code: 'tool.answer-invalid',
		suggestion: 'Write `server: https://…` in the file of the tool.',
	});
});

test('a server whose address has a password in it is not called', async () => {
	const tool = await openPaths('http://me:hunter2@127.0.0.1:9', {'/': {get: {operationId: 'op', responses: ok}}});
	const failure = await failureFrom(callTool(tool, 'op'));
	expect(failure).toMatchObject({code: 'tool.answer-invalid'});
	expect(failure.message).not.toContain('hunter2');
});
