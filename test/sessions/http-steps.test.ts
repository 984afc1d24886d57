import {existsSync, readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {WireEvent} from '../../source/run/events.ts';
import {bodiesOf, failureIn, outputsOf} from './bodies.ts';
import {json, serve} from './http-server.ts';
import {openSession, type Session, typesOf, until, workflowOf} from './session.ts';

let session: Session;
let server: Awaited<ReturnType<typeof serve>>;
let other: Awaited<ReturnType<typeof serve>>;
const held: (() => void)[] = [];

beforeAll(async () => {
	session = openSession();
	session.environment.TOKEN = 'sesame-4711';
	other = await serve((_, response) => json(response, {from: 'other'}));
	server = await serve((request, response) => {
		const {pathname} = new URL(request.url, 'http://x');
		const [, name, rest] = pathname.split('/');
		const before = server.of(pathname).length - 1;
		if (name === 'json') json(response, {items: [{id: 1}, {id: 2}]});
		else if (name === 'empty') response.writeHead(204).end();
		else if (name === 'status') json(response, {why: 'so'}, Number(rest));
		else if (name === 'busy')
			before < 1 ? response.writeHead(429, {'retry-after': '1'}).end('later') : json(response, {tries: before + 1});
		else if (name === 'flaky') before < 1 ? response.writeHead(500).end('oops') : json(response, {tries: before + 1});
		else if (name === 'moved') response.writeHead(302, {location: '/json'}).end();
		else if (name === 'away') response.writeHead(Number(rest), {location: `${other.url}/there`}).end();
		else if (name === 'circle') response.writeHead(302, {location: '/circle'}).end();
		else if (name === 'break') response.destroy();
		else if (name === 'endless') {
			response.writeHead(200, {'content-type': 'text/plain'});
			const more = () => {
				while (response.write('x'.repeat(65_536)));
			};
			response.on('drain', more);
			more();
		} else if (name === 'bomb') {
			response.writeHead(200, {'content-encoding': 'gzip', 'content-type': 'text/plain'});
			response.end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
		} else if (name === 'large') response.end('y'.repeat(2 * 1024 * 1024));
		else if (name === 'hang') held.push(() => json(response, {at: 'last'}));
		else if (name === 'nonsense') {
			response.writeHead(200, {'content-type': 'application/json'}).end('{"a":');
		} else if (name === 'echo-secret') json(response, {you: request.headers.authorization});
		else json(response, {method: request.method, body: request.body});
	});
});

afterAll(async () => {
	await session.close();
	await server.close();
	await other.close();
});

const run = async (name: string, settings: string, more = ''): Promise<WireEvent[]> => {
	const file = session.write(`${name}.md`, workflowOf(name, `## a\n\`\`\`yaml step\n${settings}\n\`\`\`\n${more}`));
	return session.finish(await session.start(file));
};

test('an answer is status, headers and what its JSON says; the text is as it came', async () => {
	const events = await run('get', `http: { url: "${server.url}/json", query: { tag: [a, "b c"], none: null } }`);
	expect(outputsOf(events)).toMatchObject({
		status: 200,
		headers: {'content-type': 'application/json'},
		body: {items: [{id: 1}, {id: 2}]},
	});
	expect(bodiesOf(events, 'step.completed')[0]?.text).toMatchObject({
		preview: '{"items":[{"id":1},{"id":2}]}',
	});
	expect(server.of('/json').at(-1)?.url).toBe('/json?tag=a&tag=b+c');
	expect(bodiesOf(events, 'attempt.started')[0]?.target).toBe(`GET ${server.host}/json`);
});

test('nothing is null, and what calls itself JSON and is none is text', async () => {
	expect(outputsOf(await run('empty', `http: ${server.url}/empty`))).toMatchObject({status: 204, body: null});
	expect(outputsOf(await run('nonsense', `http: ${server.url}/nonsense`))).toMatchObject({body: '{"a":'});
});

test.each([
	['json', 'json: { a: 1, list: ["${{ run.workflow }}"] }', 'application/json', '{"a":1,"list":["send-json"]}'],
	['form', 'form: { a: 1, b: "x y" }', 'application/x-www-form-urlencoded', 'a=1&b=x+y'],
	['text', 'body: "plain ${{ run.workflow }}"', 'text/plain; charset=utf-8', 'plain send-text'],
])('a body as %s is sent as what it is', async (kind, body, type, text) => {
	const events = await run(`send-${kind}`, `http:\n  url: ${server.url}/send-${kind}\n  ${body}`);
	expect(outputsOf(events)).toMatchObject({body: {method: 'POST', body: text}});
	const [sent] = server.of(`/send-${kind}`);
	expect(sent?.headers['content-type']).toBe(type);
	// The same on every attempt: a server may tell that it is the same again.
	expect(sent?.headers['idempotency-key']).toMatch(/^[a-z0-9]+\/a$/);
});

test.each([
	['bearer: "${{ secrets.TOKEN }}"', 'authorization', 'Bearer sesame-4711'],
	['basic: { username: me, password: "${{ secrets.TOKEN }}" }', 'authorization', `Basic ${btoa('me:sesame-4711')}`],
	['header: { X-Api-Key: "${{ secrets.TOKEN }}" }', 'x-api-key', 'sesame-4711'],
])('auth %s is sent, and is in nothing that is kept', async (auth, header, value) => {
	const name = `auth-${auth.split(':')[0]}`;
	const events = await run(name, `http:\n  url: ${server.url}/${name}\n  auth: { ${auth} }`);
	expect(events.at(-1)?.type).toBe('run.completed');
	expect(server.of(`/${name}`)[0]?.headers[header]).toBe(value);
	expect(JSON.stringify(events)).not.toContain('sesame-4711');
	const folder = path.join(session.stateFolder, 'runs', events[0]!.runId!, 'steps/a/1');
	expect(readdirSync(folder)).not.toContain('request.json');
	for (const file of readdirSync(folder)) expect(readFileSync(path.join(folder, file), 'utf8')).not.toContain('sesame');
});

test('a secret that comes back in an answer does not become an output', async () => {
	const events = await run(
		'leak',
		`http: { url: "${server.url}/echo-secret", auth: { bearer: "\${{ secrets.TOKEN }}" } }`,
	);
	expect(failureIn(events)).toMatchObject({code: 'output.secret'});
	expect(JSON.stringify(events)).not.toContain('sesame-4711');
});

test('an unexpected status is a failure with what the server said, and the step after it can look at it', async () => {
	const next =
		'## b\n```yaml step\nif: always()\nenv: { S: "${{ steps.a.outputs.status }} ${{ steps.a.outputs.body.why }}" }\n```\n```sh run\nprintf "%s" "$S"\n```\n';
	const events = await run('teapot', `continue-on-error: true\nhttp: ${server.url}/status/418`, next);
	expect(failureIn(events)).toMatchObject({
		code: 'http.failed',
		message: `GET ${server.host}/status/418 answered 418 I'm a Teapot: {"why":"so"}`,
		retryable: false,
	});
	expect(bodiesOf(events, 'step.completed').at(-1)?.text).toMatchObject({preview: '418 so'});
	expect(
		outputsOf(await run('expected', `http: { url: "${server.url}/status/404", expect: [2xx, 404] }`)),
	).toMatchObject({
		status: 404,
	});
});

test('a server that asks for patience is asked again after the wait that it names', async () => {
	const events = await run('busy', `retry: { max: 2, delay: 10ms }\nhttp: { url: "${server.url}/busy", json: {} }`);
	expect(outputsOf(events)).toMatchObject({body: {tries: 2}});
	const [failed] = bodiesOf(events, 'attempt.failed');
	expect(failed?.failure).toMatchObject({code: 'http.failed', resetAtMs: expect.any(Number)});
	const [first, second] = server.of('/busy');
	expect(first?.headers['idempotency-key']).toBe(second?.headers['idempotency-key']);
	const [, again] = events.filter(({type}) => type === 'attempt.started');
	expect(Date.parse(again!.at)).toBeGreaterThanOrEqual(failed!.retryAtMs);
});

test('retry repeats a GET that failed, and a POST only where it is told to', async () => {
	expect(outputsOf(await run('flaky-get', `retry: 2\nhttp: ${server.url}/flaky/get`))).toMatchObject({
		body: {tries: 2},
	});
	const post = `http: { url: "${server.url}/flaky/post", json: {} }`;
	expect(failureIn(await run('flaky-post', `retry: 2\n${post}`))).toMatchObject({
		code: 'http.failed',
		retryable: false,
	});
	expect(server.of('/flaky/post')).toHaveLength(1);
	const events = await run('flaky-post-on', `retry: { max: 2, on: [http.failed] }\n${post}`);
	expect(outputsOf(events)).toMatchObject({body: {tries: 2}});
});

test('a connection that breaks off is not repeated where something may have been done', async () => {
	const events = await run('break', `retry: 2\nhttp: { url: "${server.url}/break/post", json: {} }`);
	expect(failureIn(events)).toMatchObject({
		code: 'http.unreachable',
		message: `POST ${server.host}/break/post got no answer: the connection broke off.`,
	});
	expect(server.of('/break/post')).toHaveLength(1);
});

test('a server that is not there is said to be not there, for any method', async () => {
	const gone = await serve(() => {});
	await gone.close();
	const events = await run('gone', `retry: { max: 1, delay: 10ms }\nhttp: { url: "${gone.url}/x", json: {} }`);
	expect(typesOf(events)).toContain('attempt.failed');
	expect(failureIn(events)).toMatchObject({
		code: 'http.unreachable',
		message: `POST ${gone.host}/x got no answer: nothing listens at ${gone.host}.`,
		retryable: true,
	});
});

test('redirects are followed on the same server; another one gets no secrets, and no body', async () => {
	const auth = 'auth: { header: { X-Api-Key: "${{ secrets.TOKEN }}" } }\n  headers: { X-Own: "1" }';
	expect(outputsOf(await run('moved', `http:\n  url: ${server.url}/moved\n  ${auth}`))).toMatchObject({status: 200});
	expect(server.of('/json').at(-1)?.headers).toMatchObject({'x-api-key': 'sesame-4711', 'x-own': '1'});
	expect(outputsOf(await run('away', `http:\n  url: ${server.url}/away/302\n  ${auth}`))).toMatchObject({
		body: {from: 'other'},
	});
	expect(other.received.at(-1)?.headers).not.toHaveProperty('x-api-key');
	expect(other.received.at(-1)?.headers).not.toHaveProperty('x-own');
	const before = other.received.length;
	const refused = await run('away-body', `http: { url: "${server.url}/away/307", json: { a: 1 } }`);
	expect(failureIn(refused)).toMatchObject({
		code: 'http.failed',
		message: expect.stringContaining('not meant for that server'),
	});
	expect(other.received).toHaveLength(before);
	expect(failureIn(await run('circle', `http: ${server.url}/circle`))?.message).toContain('10 redirects');
	const stay = await run('stay', `http: { url: "${server.url}/moved", follow-redirects: false, expect: 302 }`);
	expect(outputsOf(stay)).toMatchObject({status: 302, headers: {location: '/json'}});
});

test.each(['endless', 'bomb'])('an answer that is %s is cut off at the limit', {timeout: 60_000}, async what => {
	expect(failureIn(await run(what, `http: ${server.url}/${what}`))).toMatchObject({
		code: 'http.answer-too-large',
		message: `GET ${server.host}/${what} answers with more than 8.4 MB.`,
	});
});

test('an answer that outputs cannot hold says so', async () => {
	expect(failureIn(await run('large', `http: ${server.url}/large`))).toMatchObject({code: 'outputs.too-large'});
});

test('declared outputs are checked', async () => {
	const settings = `http: ${server.url}/json\noutputs: { body: { type: object, properties: { items: { type: string } } } }`;
	expect(failureIn(await run('declared', settings))).toMatchObject({
		code: 'output.invalid',
		message: expect.stringContaining('`body.items`'),
	});
});

test('the daemon is killed in the middle of a request: it is neither sent again nor lost', async () => {
	const file = session.write(
		'kill.md',
		workflowOf('kill', `## a\n\`\`\`yaml step\nhttp: { url: "${server.url}/hang/kill", json: {} }\n\`\`\`\n`),
	);
	const runId = await session.start(file);
	await until('the request', () => server.of('/hang/kill').length === 1);
	process.kill(Number(readFileSync(path.join(session.stateFolder, 'daemon.pid'), 'utf8')), 'SIGKILL');
	await session.client();
	held.pop()!();
	const events = await session.finish(runId);
	expect(outputsOf(events)).toMatchObject({body: {at: 'last'}});
	expect(server.of('/hang/kill')).toHaveLength(1);
	expect(typesOf(events).filter(type => type === 'attempt.started')).toHaveLength(1);
});

test('a process that vanishes is an attempt that vanished, and on-interrupt decides', async () => {
	const file = session.write(
		'vanish.md',
		workflowOf(
			'vanish',
			`## a\n\`\`\`yaml step\non-interrupt: retry\nhttp: { url: "${server.url}/hang/vanish", json: {} }\n\`\`\`\n`,
		),
	);
	const runId = await session.start(file);
	await until('the request', () => server.of('/hang/vanish').length === 1);
	const claim = readFileSync(path.join(session.stateFolder, 'runs', runId, 'steps/a/1/claim'), 'utf8');
	process.kill(-Number(claim.split('\n')[0]), 'SIGKILL');
	await until('the second request', () => server.of('/hang/vanish').length === 2);
	held.pop()!();
	const events = await session.finish(runId);
	expect(typesOf(events)).toContain('attempt.interrupted');
	expect(events.at(-1)?.type).toBe('run.completed');
	const [first, second] = server.of('/hang/vanish');
	expect(first?.headers['idempotency-key']).toBe(second?.headers['idempotency-key']);
});

test('a timeout ends the request, and cancelling the run does', async () => {
	expect(failureIn(await run('slow', `timeout: 1s\nhttp: ${server.url}/hang/slow`))).toMatchObject({
		code: 'attempt.timed-out',
		message: 'The http step was ended: it took longer than its timeout of 1.0s.',
	});
	const file = session.write(
		'stop.md',
		workflowOf('stop', `## a\n\`\`\`yaml step\nhttp: ${server.url}/hang/stop\n\`\`\`\n`),
	);
	const runId = await session.start(file);
	await until('the request', () => server.of('/hang/stop').length === 1);
	await (await session.client()).cancelRun(runId, {origin: {by: 'tester', via: 'api'}});
	expect((await session.finish(runId)).at(-1)?.type).toBe('run.cancelled');
	expect(existsSync(path.join(session.stateFolder, 'runs', runId, 'steps/a/1/request.json'))).toBe(false);
});

test('lines and tables say what was asked, without what may be secret', async () => {
	session.write(
		'said.md',
		workflowOf(
			'said',
			`## a\n\`\`\`yaml step\nhttp: { url: "${server.url}/json", query: { token: "\${{ secrets.TOKEN }}" } }\n\`\`\`\n`,
		),
	);
	const {stdout} = await session.aiworkflow(['run', 'said.md']);
	expect(stdout).toContain(`http GET ${server.host}/json 200`);
	const id = /(\S+)$/m.exec(stdout)![1]!;
	const shown = await session.aiworkflow(['runs', 'show', id]);
	expect(shown.stdout).toContain(`GET ${server.host}/json 200`);
	expect(stdout + shown.stdout).not.toContain('sesame');
});

test('foreach, cache and repeat work as for scripts', async () => {
	const each = await run(
		'each',
		`foreach: [1, 2, 3]\nhttp: { url: "${server.url}/each", query: { n: "\${{ item }}" } }`,
	);
	expect(
		server
			.of('/each')
			.map(({url}) => url)
			.sort(),
	).toEqual(['/each?n=1', '/each?n=2', '/each?n=3']);
	expect(each.at(-1)?.type).toBe('run.completed');
	const cached = `cache: true\nhttp: { url: "${server.url}/cached", auth: { bearer: "\${{ secrets.TOKEN }}" } }`;
	await run('cached', cached);
	const again = await run('cached', cached);
	expect(server.of('/cached')).toHaveLength(1);
	expect(bodiesOf(again, 'step.completed')[0]?.cached).toBeDefined();
	const repeat = `repeat: { until: "steps.a.outputs.body.tries == 2", max: 3 }\nhttp: { url: "${server.url}/flaky/repeat", expect: [200, 500] }`;
	expect((await run('repeated', repeat)).at(-1)?.type).toBe('run.completed');
	expect(server.of('/flaky/repeat')).toHaveLength(2);
});

test('a run is retried from the request that failed, and forked from the step after it', async () => {
	const after = '## b\n```yaml step\ntransform: steps.a.outputs.body.tries\n```\n';
	const failed = await run('again', `http: ${server.url}/flaky/again`, after);
	expect(failed.at(-1)?.type).toBe('run.failed');
	const {runId} = failed[0]!;
	const client = await session.client();
	const again = {environment: session.environment as Record<string, string>, origin: {by: 'tester', via: 'api'}};
	await client.retryRun(runId!, again);
	await until('the retry', async () => (await client.run(runId!)).status === 'completed');
	expect((await client.run(runId!)).steps[1]?.outputs).toEqual({result: 2});
	const fork = await client.forkRun(runId!, {from: 'b', ...again});
	const events = await session.finish(fork.runId);
	expect(bodiesOf(events, 'step.completed')[0]).toMatchObject({stepId: 'b', outputs: {result: 2}});
	expect(server.of('/flaky/again')).toHaveLength(2);
});
