import {expect, test} from 'vitest';
import {failureIn, toolPlace} from '../calling.ts';
import {answerJson, documentWith, startServer} from './openapi-world.ts';

const issue = {type: 'object', required: ['id'], properties: {id: {type: 'integer'}}};
const document = (url: string) =>
	JSON.stringify(
		documentWith(
			{
				'/issues/{id}': {
					get: {
						operationId: 'read',
						responses: {200: {description: 'x', content: {'application/json': {schema: issue}}}},
					},
					patch: {
						operationId: 'change',
						security: [{token: []}],
						requestBody: {
							content: {
								'application/json': {
									schema: {
										type: 'object',
										properties: {title: {type: 'string'}, state: {type: 'string', default: 'open'}},
									},
								},
							},
						},
						responses: {200: {description: 'x', content: {'application/json': {schema: issue}}}},
					},
				},
			},
			{servers: [{url}], components: {securitySchemes: {token: {type: 'http', scheme: 'bearer'}}}},
		),
	);

const tool = `openapi:
  document: ./issues.json
  auth: {token: "\${{ secrets.TOKEN }}"}
`;

test('a tool file with a document beside it is called with its secret, and sends only what it is given', async () => {
	const server = await startServer((_, response) => response.writeHead(204).end());
	const {call} = toolPlace(tool, {'issues.json': document(server.url)});
	const {result, failure} = await call({
		operation: 'change',
		with: {id: '7', title: 'New'},
		secrets: {TOKEN: 's3cret'},
	});
	expect(failure).toBeUndefined();
	// The document tells of another answer: the server decides.
	expect(result).toEqual({outputs: {}, text: ''});
	expect(server.received).toMatchObject([
		{method: 'PATCH', url: '/issues/7', body: '{"title":"New"}', headers: {authorization: 'Bearer s3cret'}},
	]);
});

test('an answer that is not as the document says is an answer', async () => {
	const server = await startServer((_, response) => answerJson(response, {id: null, more: 1}));
	const {call} = toolPlace(tool, {'issues.json': document(server.url)});
	expect((await call({operation: 'read', with: {id: '7'}})).result?.outputs).toEqual({id: null, more: 1});
});

test('without its secret another implementation is asked, for nothing was sent', async () => {
	const server = await startServer((_, response) => answerJson(response, {id: 1}));
	const {call} = toolPlace(
		`implementations:
  - id: first
    openapi: {document: ./issues.json}
  - id: second
    openapi: {document: ./issues.json, auth: {token: abcd}}
`,
		{'issues.json': document(server.url)},
	);
	const report = await call({operation: 'change', with: {id: '7'}});
	expect(failureIn(report)).toBe('none');
	expect(report.tries.map(({implementation, failure}) => [implementation, failure?.code])).toEqual([
		['first', 'tool.unauthenticated'],
		['second', undefined],
	]);
	expect(server.received).toHaveLength(1);
});

test('a change that may have been made is not asked of another implementation', async () => {
	const server = await startServer((_, response, incoming) => {
		response.writeHead(200, {'content-type': 'application/json'}).write('{', () => incoming.socket.destroy());
	});
	const one = `openapi: {document: ./issues.json, auth: {token: abcd}}`;
	const {call} = toolPlace(`implementations:\n  - id: first\n    ${one}\n  - id: second\n    ${one}\n`, {
		'issues.json': document(server.url),
	});
	const report = await call({operation: 'change', with: {id: '7'}});
	expect(report.tries.map(({failure}) => failure?.code)).toEqual(['tool.unreachable']);
	expect((await call({operation: 'read', with: {id: '7'}})).tries).toHaveLength(2);
});
