import {existsSync, writeFileSync} from 'node:fs';
import {request} from 'node:http';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {StreamMessage} from '../../source/api/messages.ts';
import type {Client} from '../../source/client/client.ts';
import {reduce} from '../../source/run/reduce.ts';
import type {RunState} from '../../source/run/state.ts';
import {isRunEnding, journalEventOf} from '../../source/run/wire.ts';
import {openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
let client: Client;

beforeAll(async () => {
	session = openSession();
	client = await session.client();
});

afterAll(() => session.close());

/** As much of an answer as the tests below look at. */
interface Answer {
	readonly openapi: string;
	readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const get = (route: string, method = 'GET', body?: string): Promise<{status: number; body: Answer}> =>
	new Promise((resolve, reject) => {
		const call = request(
			{socketPath: client.socketPath, path: route, method, headers: body ? {'content-type': 'application/json'} : {}},
			response => {
				let text = '';
				response.setEncoding('utf8').on('data', part => {
					text += part;
				});
				response.on('end', () => resolve({status: response.statusCode!, body: JSON.parse(text)}));
			},
		);
		call.on('error', reject);
		call.end(body);
	});

test('the OpenAPI document lists every route with its answers', async () => {
	const {status, body} = await get('/v1/openapi.json');
	expect(status).toBe(200);
	expect(body.openapi).toMatch(/^3\./);
	expect(Object.keys(body.paths).sort()).toEqual([
		'/v1/agents',
		'/v1/agents/check',
		'/v1/agents/route',
		'/v1/agents/troubles',
		'/v1/agents/{id}/disable',
		'/v1/agents/{id}/enable',
		'/v1/agents/{id}/prefer',
		'/v1/approvals',
		'/v1/approvals/{id}/approve',
		'/v1/approvals/{id}/reject',
		'/v1/costs',
		'/v1/costs/estimate',
		'/v1/costs/limits',
		'/v1/costs/summary',
		'/v1/daemon/backup',
		'/v1/daemon/drain',
		'/v1/daemon/logs',
		'/v1/daemon/stop',
		'/v1/deliveries',
		'/v1/deliveries/purge',
		'/v1/deliveries/replay',
		'/v1/deliveries/{id}',
		'/v1/events',
		'/v1/events/emit',
		'/v1/health',
		'/v1/openapi.json',
		'/v1/queues',
		'/v1/queues/{name}/dead',
		'/v1/queues/{name}/messages',
		'/v1/queues/{name}/purge',
		'/v1/queues/{name}/replay',
		'/v1/queues/{name}/worker',
		'/v1/runs',
		'/v1/runs/compact',
		'/v1/runs/prune',
		'/v1/runs/statistics',
		'/v1/runs/{id}',
		'/v1/runs/{id}/cancel',
		'/v1/runs/{id}/events',
		'/v1/runs/{id}/forecast',
		'/v1/runs/{id}/fork',
		'/v1/runs/{id}/pause',
		'/v1/runs/{id}/recording',
		'/v1/runs/{id}/resume',
		'/v1/runs/{id}/retry',
		'/v1/runs/{id}/rollback',
		'/v1/runs/{id}/signals',
		'/v1/runs/{id}/state',
		'/v1/runs/{id}/steps/{stepId}/cancel',
		'/v1/runs/{id}/steps/{stepId}/output',
		'/v1/runs/{id}/steps/{stepId}/request',
		'/v1/runs/{id}/steps/{stepId}/skip',
		'/v1/schedules',
		'/v1/schedules/{name}',
		'/v1/schedules/{name}/pause',
		'/v1/schedules/{name}/resume',
		'/v1/schedules/{name}/run',
		'/v1/status',
		'/v1/tools',
		'/v1/tools/call',
		'/v1/tools/info',
		'/v1/tools/list',
		'/v1/tools/serve',
		'/v1/triggers',
		'/v1/webhooks',
		'/v1/webhooks/start',
		'/v1/webhooks/stop',
		'/v1/webhooks/test',
		'/v1/workflows',
		'/v1/workflows/file',
		'/v1/workspaces',
		'/v1/workspaces/revoke',
		'/v1/workspaces/trust',
	]);
	for (const routes of Object.values(body.paths)) {
		for (const route of Object.values(routes)) {
			expect(route).toMatchObject({responses: {'4XX': expect.any(Object), '5XX': expect.any(Object)}});
		}
	}

	expect(body.paths['/v1/runs']!.post).toMatchObject({
		requestBody: {content: {'application/json': {schema: {properties: {workspace: expect.any(Object)}}}}},
	});
});

test('what the API refuses has a code, a sentence and a way on', async () => {
	expect(await get('/v1/nothing')).toMatchObject({
		status: 404,
		body: {error: {code: 'route.not-found', suggestion: expect.any(String)}},
	});
	expect(await get('/v1/runs/zzzz')).toMatchObject({status: 404, body: {error: {code: 'run.not-found'}}});
	expect(await get('/v1/runs', 'POST', '{')).toMatchObject({status: 400, body: {error: {code: 'request.invalid'}}});
	expect(await get('/v1/runs', 'POST', '{"file": 7}')).toMatchObject({
		status: 400,
		body: {error: {code: 'request.invalid', message: expect.stringContaining('file')}},
	});
	expect(await get('/v1/runs?limit=0')).toMatchObject({status: 400});
	expect(await get('/v1/approvals/%00/approve', 'POST', '{"origin":{"by":"a","via":"b"}}')).toMatchObject({
		status: 404,
	});
});

test('what a script was asked to do is its text, and the names of its environment, not their values', async () => {
	const text =
		'## a\n```sh run\necho hello\n```\n\n## b\n```yaml step\nenv: {MODE: quick}\n```\n```sh run\ntrue\n```\n';
	const runId = await session.start(session.write('asked.md', workflowOf('asked', text)));
	expect(await get(`/v1/runs/${runId}/steps/a/request`)).toMatchObject({
		body: {attempt: 1, text: expect.stringContaining('echo hello'), isWhole: true, environment: []},
	});
	expect(await get(`/v1/runs/${runId}/steps/b/request`)).toMatchObject({body: {environment: ['MODE']}});
	expect(await get(`/v1/runs/${runId}/steps/c/request`)).toMatchObject({status: 404});
});

test('names that every object has are no steps, and paths that cannot be are refused', async () => {
	const runId = await session.start(session.write('one.md', workflowOf('one', '## a\n```sh run\ntrue\n```\n')));
	for (const stepId of ['constructor', '__proto__', '..%2f..%2fa', '%00']) {
		expect(await get(`/v1/runs/${runId}/steps/${stepId}/output`)).toMatchObject({
			status: 404,
			body: {error: {code: 'step.not-found'}},
		});
	}

	for (const route of ['/v1/workspaces?path=%00', '/v1/workspaces?path=here', '/v1/agents?workspace=/%00']) {
		expect(await get(route)).toMatchObject({status: 400, body: {error: {code: 'request.invalid'}}});
	}
});

test('a HEAD opens no stream that nobody would end', async () => {
	const status = await new Promise(resolve => {
		const call = request({socketPath: client.socketPath, path: '/v1/events', method: 'HEAD'}, response => {
			response.resume();
			resolve(response.statusCode);
		});
		call.end();
	});
	expect(status).toBe(404);
});

test('a stream is a snapshot and then every event, without a gap; Last-Event-ID goes on where it was', async () => {
	const file = session.write(
		'gated.md',
		workflowOf('gated', '## a\n```sh run\nwhile [ ! -e gate ]; do sleep 0.02; done\n```\n## b\n```sh run\ntrue\n```\n'),
	);
	const runId = await session.start(file);
	const abort = new AbortController();
	let folded: RunState | undefined;
	let cursorAtCut = 0;
	for await (const message of client.events({signal: abort.signal})) {
		if (message.kind === 'snapshot') {
			folded = message.data.runs.find(run => run.id === runId) ?? folded;
			if (!message.data.isLast) continue;
			expect(folded?.phase).toBe('open');
			cursorAtCut = message.data.cursor;
			abort.abort();
		}
	}

	// While nobody listens, everything happens.
	writeFileSync(path.join(session.workspace, 'gate'), '');
	await until('the run to end', async () => (await client.run(runId)).endedAt !== null);
	const rest: StreamMessage[] = [];
	for await (const message of client.events({lastEventId: cursorAtCut})) {
		rest.push(message);
		if (message.kind === 'journal' && message.data.runId === runId && isRunEnding(message.data.type)) break;
	}

	expect(rest.map(message => message.kind)).not.toContain('snapshot');
	const events = rest.flatMap(message =>
		message.kind === 'journal' && message.data.runId === runId ? [message.data] : [],
	);
	for (const event of events) folded = reduce(folded, journalEventOf(event));
	expect(events.map(event => event.seq)).toEqual(Array.from(events, (_, index) => events[0]!.seq + index));
	expect(folded).toEqual(await client.runState(runId));
});

test('a cursor from another journal gets a snapshot, not silence', async () => {
	for await (const message of client.events({lastEventId: 999_999_999})) {
		expect(message.kind).toBe('snapshot');
		break;
	}
});

test('a hundred subscribers see the same events in the same order', async () => {
	const file = session.write(
		'many.md',
		workflowOf(
			'many',
			Array.from(
				{length: 5},
				(_, index) => `## s${index}\n\`\`\`yaml step\nneeds: []\n\`\`\`\n\`\`\`sh run\ntrue\n\`\`\`\n`,
			).join('\n'),
		),
	);
	const {cursor} = await client.health();
	const seen = Array.from({length: 100}, async () => {
		const cursors: number[] = [];
		for await (const message of client.events({lastEventId: cursor})) {
			if (message.kind !== 'journal') continue;
			cursors.push(message.data.cursor);
			if (isRunEnding(message.data.type)) return cursors;
		}

		return cursors;
	});
	await session.start(file);
	const all = await Promise.all(seen);
	expect(new Set(all.map(cursors => cursors.join())).size).toBe(1);
	expect(all[0]).toEqual(Array.from(all[0]!, (_, index) => cursor + 1 + index));
});

test('output is read by offset, followed as it grows, and ends with the step', async () => {
	const file = session.write(
		'talk.md',
		workflowOf(
			'talk',
			'## a\n```sh run\necho one; echo warn >&2; while [ ! -e go ]; do sleep 0.02; done; echo zwei-ü\n```\n',
		),
	);
	const runId = await session.start(file);
	await until('the first line', async () => (await client.output(runId, 'a')).stdoutBytes >= 4);
	const first = await client.output(runId, 'a');
	expect(first).toMatchObject({isEnded: false, attempt: 1});
	expect(first.chunks.find(chunk => chunk.stream === 'stdout')).toMatchObject({
		offset: 0,
		nextOffset: 4,
		text: 'one\n',
	});
	expect(first.chunks.find(chunk => chunk.stream === 'stderr')).toMatchObject({text: 'warn\n'});
	const followed: string[] = [];
	const following = (async () => {
		for await (const chunk of client.followOutput(runId, 'a', {stdout: 0, stderr: 5})) {
			followed.push(chunk.text);
			// It follows: only now may the script go on.
			writeFileSync(path.join(session.workspace, 'go'), '');
		}
	})();
	await following;
	expect(followed.join('')).toBe('one\nzwei-ü\n');
});

test('runs are listed newest first, in pages that do not overlap', async () => {
	const file = session.write('page.md', workflowOf('page', '## a\n```sh run\ntrue\n```\n'));
	const ids: string[] = [];
	for (let index = 0; index < 7; index++) ids.push(await session.start(file));
	const listed: string[] = [];
	for (let before: string | undefined; ; ) {
		const page = await client.runs({workflow: 'page', limit: 3, before});
		listed.push(...page.runs.map(run => run.id));
		if (page.next === null) break;
		before = page.next;
	}

	expect(listed).toEqual(ids.toReversed());
	expect((await client.runs({workflow: 'page'})).runs.map(run => run.number)).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

test('stopping does not wait for open streams', async () => {
	const other = openSession();
	try {
		const connected = await other.client();
		const {pid} = await connected.health();
		const streams = Array.from({length: 5}, async () => {
			for await (const _ of connected.events({mayStart: false})) {
				// Held open until the daemon goes.
			}
		});
		await connected.stopDaemon();
		await Promise.allSettled(streams);
		await until('the daemon to end', () => !existsSync(path.join(other.stateFolder, 'daemon.sock')), 5000);
		expect(pid).toBeGreaterThan(0);
	} finally {
		await other.close();
	}
});
