import {expect, test} from 'vitest';
import {nextLink} from '../../../../runtime/tools/openapi/pages.ts';
import {limits} from '../../../../source/limits.ts';
import {answerJson, callTool, failureFrom, openPaths, startServer} from './openapi-world.ts';

const answer = (schema: object, more: object = {}) => ({
	200: {description: 'x', content: {'application/json': {schema}}, ...more},
});
const list = {type: 'array', items: {type: 'integer'}};
const page = {type: 'object', properties: {data: list}};
const cursor = [{name: 'cursor', in: 'query', schema: {type: 'string'}}];

/** Three pages of two, the next one told as the test wants. */
const startPages = (next: (at: number, url: URL) => {readonly link?: string; readonly body?: unknown}) =>
	startServer(({url}, response) => {
		const at = Number(new URL(url, 'http://x').searchParams.get('cursor') ?? 0);
		const items = [at * 2, at * 2 + 1];
		const {link, body = items} = next(at, new URL(url, 'http://x'));
		const filled = JSON.parse(JSON.stringify(body).replace('"ITEMS"', JSON.stringify(items)));
		answerJson(response, filled, 200, link ? {link} : {});
	});
const all = [0, 1, 2, 3, 4, 5];

test('all pages are read by their `Link` header, and only when that is asked for', async () => {
	const server = await startPages(at => ({
		link: `</list?cursor=0>; rel="first"${at < 2 ? `, </list?cursor=${at + 1}>; rel="next"` : ''}`,
	}));
	const tool = await openPaths(server.url, {'/list': {get: {operationId: 'list', responses: answer(list)}}});
	expect((await callTool(tool, 'list')).outputs).toEqual({result: [0, 1]});
	expect(server.received.length).toBe(1);
	expect(await callTool(tool, 'list', {'all-pages': true})).toEqual({outputs: {result: all}, text: '[0,1,2,3,4,5]'});
	expect(server.received.length).toBe(4);
});

test('all pages are read by a link of the document', async () => {
	const server = await startPages(at => ({body: {data: 'ITEMS', next: at < 2 ? String(at + 1) : null, total: 6}}));
	const links = {next: {operationId: 'list', parameters: {cursor: '$response.body#/next'}}};
	const tool = await openPaths(server.url, {
		'/list': {get: {operationId: 'list', parameters: cursor, responses: answer(page, {links})}},
	});
	const {outputs} = await callTool(tool, 'list', {'all-pages': true});
	expect(outputs).toEqual({data: all, next: null, total: 6});
	expect(server.received.map(({url}) => url)).toEqual(['/list', '/list?cursor=1', '/list?cursor=2']);
});

test.each([
	['x-pagination', {next: '/meta/next', parameter: 'cursor', items: '/data/rows'}],
	['x-pagination', {next: '/meta/url', items: 'data/rows'}],
	['x-ms-pageable', {nextLinkName: 'nextLink', itemName: 'value'}],
])('all pages are read by `%s` %j', async (name, said) => {
	const server = await startPages(at => {
		const isLast = at === 2;
		const url = isLast ? '' : `/list?cursor=${at + 1}`;
		if (name === 'x-ms-pageable') return {body: {value: 'ITEMS', other: [1], ...(isLast ? {} : {nextLink: url})}};
		return {body: {data: {rows: 'ITEMS'}, other: [1], meta: {next: isLast ? null : at + 1, url}}};
	});
	const tool = await openPaths(server.url, {
		'/list': {get: {operationId: 'list', [name]: said, parameters: cursor, responses: answer({type: 'object'})}},
	});
	const {outputs} = await callTool(tool, 'list', {'all-pages': true});
	expect(outputs.value ?? (outputs.data as {rows: unknown}).rows).toEqual(all);
});

test('the next page is asked for with the key in its address, and with the same headers', async () => {
	const server = await startPages(at => ({link: at < 2 ? `</list?cursor=${at + 1}>; rel=next` : undefined}));
	const securitySchemes = {key: {type: 'apiKey', in: 'query', name: 'key'}, bearer: {type: 'http', scheme: 'bearer'}};
	const tool = await openPaths(
		server.url,
		{'/list': {get: {operationId: 'list', security: [{key: [], bearer: []}], responses: answer(list)}}},
		{components: {securitySchemes}},
		{settings: {auth: {key: 'abcd', bearer: 'token'}}},
	);
	await callTool(tool, 'list', {'all-pages': true});
	expect(server.received.map(({url}) => url)).toEqual([
		'/list?key=abcd',
		'/list?cursor=1&key=abcd',
		'/list?cursor=2&key=abcd',
	]);
	expect(server.received.every(({headers}) => headers.authorization === 'Bearer token')).toBe(true);
});

test('a next page at another server is not asked for', async () => {
	const other = await startServer((_, response) => answerJson(response, []));
	const server = await startPages(() => ({link: `<${other.url}/list>; rel="next"`}));
	const tool = await openPaths(server.url, {'/list': {get: {operationId: 'list', responses: answer(list)}}});
	const failure = await failureFrom(callTool(tool, 'list', {'all-pages': true}));
	expect(failure).toMatchObject({code: 'tool.answer-invalid'});
	expect(failure.message).toContain(other.url);
	expect(other.received).toEqual([]);
});

test('pages that lead in a circle, or without end, are given up', async () => {
	const circle = await startPages(at => ({link: `</list?cursor=${(at + 1) % 2}>; rel="next"`}));
	const paths = {'/list': {get: {operationId: 'list', responses: answer(list)}}};
	await expect(callTool(await openPaths(circle.url, paths), 'list', {'all-pages': true})).rejects.toMatchObject({
		code: 'tool.answer-invalid',
	});
	const endless = await startPages(at => ({link: `</list?cursor=${at + 1}>; rel="next"`}));
	await expect(callTool(await openPaths(endless.url, paths), 'list', {'all-pages': true})).rejects.toMatchObject({
		code: 'tool.answer-too-large',
	});
	expect(endless.received.length).toBe(limits.openapiPagesMax);
});

test('the limit of an answer is one for all pages together', async () => {
	const filler = 'x'.repeat(limits.toolAnswerBytesMax / 4);
	const server = await startPages(at => ({link: `</list?cursor=${at + 1}>; rel="next"`, body: [filler]}));
	const tool = await openPaths(server.url, {'/list': {get: {operationId: 'list', responses: answer(list)}}});
	await expect(callTool(tool, 'list', {'all-pages': true})).rejects.toMatchObject({code: 'tool.answer-too-large'});
	expect(server.received.length).toBe(4);
});

test('what has no pages does not take the argument', async () => {
	const server = await startPages(() => ({}));
	const tool = await openPaths(server.url, {
		'/list': {get: {operationId: 'list', responses: answer({type: 'object'})}},
	});
	await expect(callTool(tool, 'list', {'all-pages': true})).rejects.toMatchObject({code: 'tool.arguments-invalid'});
});

test('a `Link` header is read with several relations, words and forms', () => {
	expect(nextLink('</a>; rel="prev", </b,c;d>; title="x; rel=y"; rel="last next"')).toBe('/b,c;d');
	expect(nextLink('</a>; rel=next')).toBe('/a');
	expect(nextLink('</a>; rel="nextish"')).toBeUndefined();
	expect(nextLink(null)).toBeUndefined();
});

test('a link to another operation is no next page, and a parameter that is not there is told', async () => {
	const server = await startPages(() => ({}));
	const at = (more: object, links: object) => ({
		'/list': {get: {operationId: 'list', parameters: cursor, ...more, responses: answer(page, {links})}},
	});
	const other = {next: {operationId: 'read', parameters: {cursor: '$response.body#/next'}}};
	const tool = await openPaths(server.url, at({}, other));
	const [operation] = await tool.operations(AbortSignal.timeout(1000));
	expect(Object.keys(operation?.inputSchema.properties as object)).toEqual(['cursor']);
	const failure = await failureFrom(openPaths(server.url, at({'x-pagination': {next: '/n', parameter: 'page'}}, {})));
	expect(failure).toMatchObject({code: 'tool.answer-invalid', message: expect.stringContaining('`parameter: page`')});
});
