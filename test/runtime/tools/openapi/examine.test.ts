import {expect, test} from 'vitest';
import {examineOpenapi} from '../../../../runtime/tools/openapi/examine.ts';
import {answerJson, documentWith, ok, startServer, writeDocument} from './openapi-world.ts';

const examine = (document: string, auth: Record<string, string> = {}) =>
	examineOpenapi(
		{kind: 'openapi', id: 'openapi', passEnv: [], document, auth},
		{folder: '/', resolve: text => text},
		AbortSignal.timeout(20_000),
	);

test('a tool is examined by its document: all that would keep its operations from being called, and nothing is sent', async () => {
	const server = await startServer((_, response) => answerJson(response, {}));
	const securitySchemes = {token: {type: 'http', scheme: 'bearer'}};
	const document = (servers: object[]) =>
		writeDocument(
			documentWith(
				{'/a': {get: {responses: ok}, post: {responses: ok}}},
				{servers, components: {securitySchemes}, security: [{token: []}]},
			),
		);
	expect(await examine(document([{url: server.url}]), {token: 'x'})).toEqual({
		title: 'Test',
		openapi: '3.0.3',
		operationCount: 2,
		problems: [],
	});
	const {problems} = await examine(document([{url: '/relative'}]), {tokn: 'x'});
	expect(problems.map(({code, suggestion}) => [code, suggestion])).toEqual([
		['tool.answer-invalid', 'Did you mean `token`?'],
		['tool.answer-invalid', 'Write `server: https://…` in the file of the tool.'],
		['tool.unauthenticated', expect.stringContaining('auth: { token: ')],
	]);
	expect(server.received).toEqual([]);
});

test('a document that cannot be read is the only problem', async () => {
	const {operationCount, problems} = await examine('/nowhere/api.yaml');
	expect([operationCount, problems.map(({code}) => code)]).toEqual([0, ['tool.unreachable']]);
});
