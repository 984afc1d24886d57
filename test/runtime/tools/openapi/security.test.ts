import {expect, test} from 'vitest';
import {answerJson, callTool, failureFrom, ok, openPaths, startServer} from './openapi-world.ts';

const securitySchemes = {
	key: {type: 'apiKey', in: 'header', name: 'X-Api-Key'},
	query: {type: 'apiKey', in: 'query', name: 'api_key'},
	cookie: {type: 'apiKey', in: 'cookie', name: 'session'},
	basic: {type: 'http', scheme: 'Basic'},
	bearer: {type: 'http', scheme: 'bearer'},
	oauth: {type: 'oauth2', flows: {clientCredentials: {tokenUrl: 'https://x.example/t', scopes: {}}}},
	openid: {type: 'openIdConnect', openIdConnectUrl: 'https://x.example/o'},
	digest: {type: 'http', scheme: 'digest'},
};

const start = async (
	security: object[],
	auth: Record<string, string | {username: string; password: string}>,
	secrets: Record<string, string> = {},
) => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const paths = {'/': {get: {operationId: 'op', security, responses: ok}}};
	const tool = await openPaths(server.url, paths, {components: {securitySchemes}}, {settings: {auth}, secrets});
	return {server, tool};
};

test.each([
	['key', '${{ secrets.T }}', {url: '/', 'x-api-key': 'to&ken'}],
	['query', '${{ secrets.T }}', {url: '/?api_key=to%26ken'}],
	['cookie', '${{ secrets.T }}', {url: '/', cookie: 'session=to%26ken'}],
	['basic', {username: 'me', password: '${{ secrets.T }}'}, {url: '/', authorization: `Basic ${btoa('me:to&ken')}`}],
	['basic', 'me:${{ secrets.T }}', {url: '/', authorization: `Basic ${btoa('me:to&ken')}`}],
	['bearer', '${{ secrets.T }}', {url: '/', authorization: 'Bearer to&ken'}],
	['oauth', 'Bearer ${{ secrets.T }}', {url: '/', authorization: 'Bearer to&ken'}],
	['openid', '${{ secrets.T }}', {url: '/', authorization: 'Bearer to&ken'}],
] as const)('the scheme %s is sent with its value %j', async (name, value, expected) => {
	const {server, tool} = await start([{[name]: []}], {[name]: value}, {T: 'to&ken'});
	await callTool(tool, 'op');
	const [{url, headers} = {url: '', headers: {}}] = server.received;
	expect({url, ...headers}).toMatchObject(expected);
});

test('of several ways the first with a value is taken, and all schemes of it', async () => {
	const {server, tool} = await start([{bearer: []}, {key: [], query: []}, {}], {key: 'one1', query: 'two2'});
	await callTool(tool, 'op');
	expect(server.received[0]).toMatchObject({url: '/?api_key=two2', headers: {'x-api-key': 'one1'}});
});

test('an operation that anybody may call is called without a value, and one may not have to say who it is', async () => {
	const {server, tool} = await start([{bearer: []}, {}], {});
	await callTool(tool, 'op');
	expect(server.received[0]?.headers.authorization).toBeUndefined();
});

test('a missing value is told with the words to write, before anything is sent', async () => {
	const {server, tool} = await start([{bearer: []}], {});
	const failure = await failureFrom(callTool(tool, 'op'));
	expect(failure).toMatchObject({
		code: 'tool.unauthenticated',
		message:
			'"op" needs the security scheme "bearer" (http bearer), and the tool has no value for it. Nothing was sent.',
		suggestion:
			'Write `auth: { bearer: "${{ secrets.TOKEN }}" }` in the file of the tool, with the names of your secrets.',
	});
	expect(server.received).toEqual([]);
	const empty = await start([{basic: []}], {basic: {username: '', password: '${{ secrets.NONE }}'}});
	await expect(callTool(empty.tool, 'op')).rejects.toMatchObject({
		code: 'tool.unauthenticated',
		suggestion: expect.stringContaining('{ username: NAME, password: "${{ secrets.PASSWORD }}" }'),
	});
	expect(empty.server.received).toEqual([]);
});

test('a scheme that is not supported says so', async () => {
	const {tool} = await start([{digest: []}], {digest: 'x'});
	const failure = await failureFrom(callTool(tool, 'op'));
	expect(failure).toMatchObject({code: 'tool.unauthenticated'});
	expect(failure.message).toContain('"digest" (http digest), which is not supported');
});

test('a name in `auth:` that the document does not have is told when the tool is opened', async () => {
	await expect(start([], {baerer: 'x'})).rejects.toMatchObject({
		code: 'tool.answer-invalid',
		suggestion: 'Did you mean `bearer`?',
	});
});

test('no message repeats a secret, in whatever form the server does', async () => {
	const server = await startServer(({url, headers}, response) =>
		answerJson(response, {detail: `Bad: ${headers.authorization} ${url} hunter2 & co`}, 400),
	);
	const paths = {'/': {get: {operationId: 'op', security: [{basic: [], query: []}], responses: ok}}};
	const auth = {basic: {username: 'me', password: 'hunter2'}, query: 'k e y 1'};
	const tool = await openPaths(server.url, paths, {components: {securitySchemes}}, {settings: {auth}});
	const {message} = await failureFrom(callTool(tool, 'op'));
	expect(message).toContain('Bad: Basic *** /?api_key=*** *** & co');
});

test('an invalid header is told without its value', async () => {
	const {tool} = await start([{key: []}], {key: 'abc\ndefgh'});
	const failure = await failureFrom(callTool(tool, 'op'));
	expect(failure.message).not.toContain('defgh');
	expect(failure).toMatchObject({code: 'tool.unauthenticated'});
});
