import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;
let server: Awaited<ReturnType<typeof startIssues>>;

beforeEach(async () => {
	session = openSession();
	server = await startIssues();
	session.write('.aiworkflow/tools/issues.openapi.json', JSON.stringify(documentOf(server.url)));
	session.write(
		'.aiworkflow/tools/issues.yaml',
		'openapi:\n  document: ./issues.openapi.json\n  auth: {token: "${{ secrets.ISSUES_TOKEN }}"}\n',
	);
});

afterEach(async () => {
	await session.close();
	await server.close();
});

/** A server of issues; who adds one needs the token. */
const startIssues = async () => {
	const received: {readonly method?: string; readonly url?: string; readonly key?: unknown; readonly body: string}[] =
		[];
	const http = createServer(async (request, response) => {
		let body = '';
		for await (const chunk of request) body += chunk;
		received.push({method: request.method, url: request.url, key: request.headers['idempotency-key'], body});
		const isAllowed = request.method === 'GET' || request.headers.authorization === 'Bearer s3cret-token';
		const answer = request.method === 'GET' ? [{id: 1, title: 'First'}] : {id: 2, ...JSON.parse(body || '{}')};
		response
			.writeHead(isAllowed ? 200 : 401, {'content-type': 'application/json'})
			.end(JSON.stringify(isAllowed ? answer : {title: 'Who are you?'}));
	});
	await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
	const {port} = http.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		close: () => new Promise(resolve => http.close(resolve)),
	};
};

const documentOf = (url: string) => ({
	openapi: '3.1.0',
	info: {title: 'Issues', version: '1'},
	servers: [{url}],
	components: {securitySchemes: {token: {type: 'http', scheme: 'bearer'}}},
	paths: {
		'/issues': {
			get: {
				operationId: 'list',
				summary: 'Lists issues.',
				parameters: [{name: 'limit', in: 'query', schema: {type: 'integer', maximum: 9}}],
				responses: {200: {description: 'Issues.', content: {'application/json': {schema: {type: 'array', items: {}}}}}},
			},
			post: {
				operationId: 'add',
				security: [{token: []}],
				requestBody: {
					required: true,
					content: {
						'application/json': {
							schema: {type: 'object', required: ['title'], properties: {title: {type: 'string'}}},
						},
					},
				},
				responses: {200: {description: 'The issue.'}},
			},
		},
	},
});

test('a server described by OpenAPI is looked at and called, once its workspace is trusted', async () => {
	const refused = await session.aiworkflow(['tools', 'call', 'issues.list', '--json']);
	expect(JSON.parse(refused.stdout || refused.stderr)).toMatchObject({error: {code: 'workspace.untrusted'}});
	expect(server.received).toEqual([]);
	await session.aiworkflow(['trust', '--yes']);

	const info = await session.aiworkflow(['tools', 'info', 'issues']);
	expect(info.stderr).toBe('');
	expect(info.stdout).toContain('Lists issues.');
	expect(server.received).toEqual([]);

	const called = await session.aiworkflow(['tools', 'call', 'issues.list', '--argument', 'limit=5']);
	expect(called).toMatchObject({code: 0, stdout: '[{"id":1,"title":"First"}]\n'});
	expect(server.received).toMatchObject([{method: 'GET', url: '/issues?limit=5'}]);
	const invalid = await session.aiworkflow(['tools', 'call', 'issues.list', '--argument', 'limit=50', '--json']);
	expect(JSON.parse(invalid.stdout || invalid.stderr)).toMatchObject({error: {code: 'tool.arguments-invalid'}});
	expect(server.received).toHaveLength(1);
});

test('a step calls it with the key of the step, and its answer is the outputs', async () => {
	await session.aiworkflow(['trust', '--yes']);
	const file = session.write(
		'add.md',
		workflowOf(
			'add',
			[
				'## add\n```yaml step\ntool: issues.add\nwith: {title: "From a workflow"}\noutputs: {id: integer, title: string}\n```\n',
				'## tell\n```sh run\necho "issue $ID"\n```\n```yaml step\nenv: {ID: "${{ steps.add.outputs.id }}"}\n```\n',
			].join('\n'),
			'secrets: [ISSUES_TOKEN]\n',
		),
	);
	const run = await session.aiworkflow(['run', file, '--json'], {environment: {ISSUES_TOKEN: 's3cret-token'}});
	expect([run.code, run.stderr]).toEqual([0, '']);
	expect(server.received).toMatchObject([
		{method: 'POST', url: '/issues', key: expect.stringMatching(/./), body: '{"title":"From a workflow"}'},
	]);
	expect(run.stdout).toContain('"id":2');
	expect(run.stdout).not.toContain('s3cret-token');
});
