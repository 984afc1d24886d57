import {expect, test} from 'vitest';
import {answerJson, callTool, ok, openPaths, startServer} from './openapi-world.ts';

const list = ['blue', 'a b', 'x,y'];
const object = {R: 100, G: 'a b'};

interface Case {
	readonly in: 'path' | 'query' | 'header' | 'cookie';
	readonly style?: string;
	readonly explode?: boolean;
	readonly allowReserved?: boolean;
	readonly value: unknown;
	readonly sent: string;
}

const cases: readonly Case[] = [
	{in: 'path', value: 'a/b', sent: '/at/a%2Fb'},
	{in: 'path', value: list, sent: '/at/blue,a%20b,x%2Cy'},
	{in: 'path', value: object, sent: '/at/R,100,G,a%20b'},
	{in: 'path', explode: true, value: object, sent: '/at/R=100,G=a%20b'},
	{in: 'path', style: 'label', value: 5, sent: '/at/.5'},
	{in: 'path', style: 'label', value: list, sent: '/at/.blue,a%20b,x%2Cy'},
	{in: 'path', style: 'label', explode: true, value: list, sent: '/at/.blue.a%20b.x%2Cy'},
	{in: 'path', style: 'label', explode: true, value: object, sent: '/at/.R=100.G=a%20b'},
	{in: 'path', style: 'matrix', value: 5, sent: '/at/;v=5'},
	{in: 'path', style: 'matrix', value: list, sent: '/at/;v=blue,a%20b,x%2Cy'},
	{in: 'path', style: 'matrix', explode: true, value: list, sent: '/at/;v=blue;v=a%20b;v=x%2Cy'},
	{in: 'path', style: 'matrix', explode: true, value: object, sent: '/at/;R=100;G=a%20b'},
	{in: 'path', style: 'matrix', value: object, sent: '/at/;v=R,100,G,a%20b'},
	{in: 'query', value: 'a&b=c d', sent: 'v=a%26b%3Dc%20d'},
	{in: 'query', value: list, sent: 'v=blue&v=a%20b&v=x%2Cy'},
	{in: 'query', explode: false, value: list, sent: 'v=blue,a%20b,x%2Cy'},
	{in: 'query', value: object, sent: 'R=100&G=a%20b'},
	{in: 'query', explode: false, value: object, sent: 'v=R,100,G,a%20b'},
	{in: 'query', style: 'spaceDelimited', explode: false, value: list, sent: 'v=blue%20a%20b%20x%2Cy'},
	{in: 'query', style: 'pipeDelimited', explode: false, value: list, sent: 'v=blue%7Ca%20b%7Cx%2Cy'},
	{in: 'query', style: 'pipeDelimited', explode: true, value: list, sent: 'v=blue&v=a%20b&v=x%2Cy'},
	{
		in: 'query',
		style: 'deepObject',
		explode: true,
		value: {...object, in: {deep: 1}, many: [1, 2]},
		sent: 'v%5BR%5D=100&v%5BG%5D=a%20b&v%5Bin%5D%5Bdeep%5D=1&v%5Bmany%5D=1&v%5Bmany%5D=2',
	},
	{in: 'query', allowReserved: true, value: 'a/b?c:d&e', sent: 'v=a/b?c:d%26e'},
	{in: 'query', value: [], sent: ''},
	{in: 'header', value: list, sent: 'blue,a b,x,y'},
	{in: 'header', value: object, sent: 'R,100,G,a b'},
	{in: 'header', explode: true, value: object, sent: 'R=100,G=a b'},
	{in: 'cookie', value: 'a;b', sent: 'v=a%3Bb'},
	{in: 'cookie', explode: false, value: list, sent: 'v=blue,a%20b,x%2Cy'},
];

test.each(cases)('a parameter in $in, style $style, explode $explode, is sent as $sent', async each => {
	const {value, sent, ...said} = each;
	const server = await startServer((_, response) => answerJson(response, {}));
	const parameters = [{name: 'v', required: said.in === 'path', schema: {}, ...said}];
	const path = said.in === 'path' ? '/at/{v}' : '/at';
	const tool = await openPaths(server.url, {[path]: {get: {operationId: 'op', parameters, responses: ok}}});
	await callTool(tool, 'op', {v: value});
	const [{url, headers} = {url: '', headers: {} as Record<string, unknown>}] = server.received;
	const [pathname, query = ''] = [url.split('?')[0], url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''];
	expect({path: pathname, query, header: headers.v, cookie: headers.cookie}[said.in]).toBe(sent);
});

test('a parameter whose content is JSON is sent as one JSON text', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const parameters = [{name: 'filter', in: 'query', content: {'application/json': {schema: {type: 'object'}}}}];
	const tool = await openPaths(server.url, {'/at': {get: {operationId: 'op', parameters, responses: ok}}});
	await callTool(tool, 'op', {filter: {a: [1]}});
	expect(server.received[0]?.url).toBe('/at?filter=%7B%22a%22%3A%5B1%5D%7D');
});

test('a value in the path cannot lead to another address', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const tool = await openPaths(server.url, {'/items/{id}': {delete: {operationId: 'remove', responses: ok}}});
	for (const id of ['', '.', '..']) {
		await expect(callTool(tool, 'remove', {id})).rejects.toMatchObject({code: 'tool.arguments-invalid'});
	}

	await callTool(tool, 'remove', {id: '../admin'});
	expect(server.received.map(({url}) => url)).toEqual(['/items/..%2Fadmin']);
});

test('a header cannot bring another one with it', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const parameters = [{name: 'x-note', in: 'header', schema: {type: 'string'}}];
	const tool = await openPaths(server.url, {'/': {get: {operationId: 'op', parameters, responses: ok}}});
	await expect(callTool(tool, 'op', {'x-note': 'a\r\nx-admin: 1'})).rejects.toMatchObject({
		code: 'tool.arguments-invalid',
	});
	expect(server.received).toEqual([]);
});
