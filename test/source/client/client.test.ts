import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test, vi} from 'vitest';
import type {OutputChunk, StreamMessage} from '../../../source/client/client.ts';
import {connect} from '../../../source/client/connect.ts';
import type {AiworkflowError} from '../../../source/errors.ts';
import {originOf} from '../../../source/origin.ts';
import {startFakeDaemon, temporaryFolder} from './fake-daemon.ts';

const failureOf = async (promise: Promise<unknown>): Promise<AiworkflowError> =>
	promise.then(
		() => expect.unreachable('it should have failed'),
		error => error,
	);

test('an answer is read as JSON, and queries leave out what is not given', async () => {
	const daemon = await startFakeDaemon((_, response) => response.end('{"runs":[],"next":null}'));
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	expect(await client.runs({status: 'failed,running', limit: 3, workflow: undefined})).toEqual({runs: [], next: null});
	expect(daemon.requests).toEqual(['GET /v1/runs?status=failed%2Crunning&limit=3']);
});

test('ids are escaped, bodies are JSON, and the caller says who it is', async () => {
	vi.stubEnv('AIWORKFLOW_RUN_ID', 'r1');
	vi.stubEnv('AIWORKFLOW_STEP_ID', 'ship');
	let seen: Record<string, unknown> = {};
	const daemon = await startFakeDaemon(({headers}, response, body) => {
		seen = {headers, body: JSON.parse(body)};
		response.end('{"id":"a/b"}');
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	await client.approve('a/b', {origin: originOf('command'), comment: 'grün'});
	vi.unstubAllEnvs();
	expect(daemon.requests).toEqual(['POST /v1/approvals/a%2Fb/approve']);
	expect(seen).toMatchObject({
		headers: {'x-aiworkflow-pid': String(process.pid), 'x-aiworkflow-inside': 'r1/ship'},
		body: {comment: 'grün', origin: {via: 'command', pid: process.pid}},
	});
});

test('a failure of the daemon keeps its code, its words and its diagnostics', async () => {
	const diagnostics = [{code: 'needs.unknown', severity: 'error', message: 'm', file: 'f', line: 1, column: 2}];
	const daemon = await startFakeDaemon((_, response) => {
		response.statusCode = 400;
		response.end(JSON.stringify({error: {code: 'workflow.invalid', message: 'bad', suggestion: 'mend', diagnostics}}));
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	expect(await failureOf(client.run('x'))).toMatchObject({
		code: 'workflow.invalid',
		message: 'bad',
		suggestion: 'mend',
		diagnostics,
	});
});

test('an answer that no daemon gives is told as one', async () => {
	const daemon = await startFakeDaemon(({url}, response) => {
		response.statusCode = url === '/v1/runs/a' ? 502 : 200;
		response.end('<html>\n  <b>Bad gateway</b>');
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const failure = await failureOf(client.run('a'));
	expect(failure.code).toBe('daemon.unintelligible');
	expect(failure.message).toContain('answered GET /v1/runs/a with status 502');
	expect(failure.message).toContain('<html> <b>Bad gateway</b>');
	expect((await failureOf(client.run('b'))).message).toContain('status 200');
});

test('a connection that breaks in the middle of an answer is told', async () => {
	const daemon = await startFakeDaemon((_, response) => {
		response.writeHead(200, {'content-length': '100'});
		response.write('{"id":');
		setTimeout(() => response.destroy(), 20);
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	expect(await failureOf(client.run('a'))).toMatchObject({
		code: 'daemon.unreachable',
		message: expect.stringContaining('the connection broke'),
	});
});

test('without a daemon, and none to be started, it says so', async () => {
	const stateFolder = temporaryFolder();
	const failure = await failureOf(connect({stateFolder, start: false}));
	expect(failure.code).toBe('daemon.unreachable');
	expect(failure.message).toBe(`The daemon at ${stateFolder}/daemon.sock does not answer: nothing listens there.`);
});

test('events come as they are sent, whatever the chunks; unknown kinds are left out', async () => {
	const daemon = await startFakeDaemon(({headers}, response) => {
		response.writeHead(200, {'content-type': 'text/event-stream'});
		const bytes = Buffer.from(
			`: \n\nevent: novelty\ndata: {}\n\nevent: journal\nid: 8\ndata: {"cursor":8,"after":"${headers['last-event-id']}","text":"漢"}\n\n`,
		);
		let at = 0;
		const timer = setInterval(() => {
			response.write(bytes.subarray(at, at + 17));
			at += 17;
			if (at >= bytes.length) {
				clearInterval(timer);
				response.end();
			}
		}, 1);
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const messages: StreamMessage[] = [];
	for await (const message of client.events({runId: 'r 1', lastEventId: 7})) messages.push(message);
	expect(daemon.requests).toEqual(['GET /v1/events?runId=r+1']);
	expect(messages).toEqual([{kind: 'journal', data: {cursor: 8, after: '7', text: '漢'}}]);
});

test('a signal ends the events in order, a broken connection does not', async () => {
	const daemon = await startFakeDaemon(({url}, response) => {
		response.writeHead(200);
		response.write('event: journal\ndata: {"cursor":1}\n\n');
		if (url?.includes('broken')) setTimeout(() => response.destroy(), 20);
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const leave = new AbortController();
	let count = 0;
	for await (const _ of client.events({signal: leave.signal})) {
		count++;
		leave.abort();
	}

	expect(count).toBe(1);
	const broken = async () => {
		for await (const _ of client.events({runId: 'broken'}));
	};

	expect(await failureOf(broken())).toMatchObject({code: 'daemon.unreachable'});
});

test('followed output ends at its last line', async () => {
	const daemon = await startFakeDaemon((_, response) => {
		response.write('{"stream":"stdout","offset":0,"nextOffset":3,"text":"a\\nb"}\n{"stre');
		response.write('am":"stderr","offset":0,"nextOffset":1,"text":"!"}\n{"end":true}\n');
		// The connection stays open: the line says that it is over.
	});
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const chunks: OutputChunk[] = [];
	for await (const chunk of client.followOutput('r', 's', {stdout: 5})) chunks.push(chunk);
	expect(daemon.requests).toEqual(['GET /v1/runs/r/steps/s/output?stdout=5&follow=true']);
	expect(chunks.map(({stream, text}) => [stream, text])).toEqual([
		['stdout', 'a\nb'],
		['stderr', '!'],
	]);
});

test('a client outlives its daemon: the next request starts another one', async () => {
	const daemon = await startFakeDaemon((_, response) => response.end('{"id":"first"}'));
	const entry = scriptedDaemon(`
		const {createServer} = await import('node:http');
		const server = createServer((request, response) => response.end(JSON.stringify({id: 'second', state: process.argv[3]})));
		server.listen(process.argv[3] + '/daemon.sock');
		setTimeout(() => process.exit(), 2000);
	`);
	const client = await connect({stateFolder: daemon.stateFolder, daemonEntry: entry});
	expect(await client.run('x')).toEqual({id: 'first'});
	await daemon.close();
	const [one, two] = await Promise.all([client.run('x'), client.run('y')]);
	expect(one).toEqual({id: 'second', state: daemon.stateFolder});
	expect(two).toEqual(one);
});

test('a daemon that cannot start says why in its own words', async () => {
	const entry = scriptedDaemon(`
		console.error('a warning of Node.js');
		console.error(JSON.stringify({code: 'journal.corrupted', message: 'The journal is damaged.', suggestion: 'Restore it.'}));
		process.exit(1);
	`);
	const failure = await failureOf(connect({stateFolder: temporaryFolder(), daemonEntry: entry}));
	expect(failure).toMatchObject({code: 'journal.corrupted', suggestion: 'Restore it.'});
});

test('a daemon that dies without a word is told with its last one', async () => {
	const entry = scriptedDaemon('throw new Error("oh no")');
	const failure = await failureOf(connect({stateFolder: temporaryFolder(), daemonEntry: entry}));
	expect(failure.code).toBe('daemon.unreachable');
	expect(failure.message).toContain('it ended with code 1 while starting');
});

test('a daemon that lost the race is no failure: the winner is waited for', async () => {
	const stateFolder = temporaryFolder();
	const entry = scriptedDaemon(`
		console.error(JSON.stringify({code: 'daemon.already-running', message: 'Another one runs.'}));
		process.exit(1);
	`);
	const connecting = connect({stateFolder, daemonEntry: entry});
	setTimeout(() => void startFakeDaemon((_, response) => response.end('{"id":"winner"}'), stateFolder), 300);
	expect(await (await connecting).run('x')).toEqual({id: 'winner'});
});

test('a daemon started from inside a step does not inherit that step', async () => {
	const stateFolder = temporaryFolder();
	const entry = scriptedDaemon(`
		const names = Object.keys(process.env).filter(name => /^(AIWORKFLOW_|INPUT_|OUTPUT)/.test(name)).sort();
		console.error(JSON.stringify({code: 'test', message: names.join() + ' ' + process.cwd()}));
		process.exit(1);
	`);
	const environment = {
		PATH: process.env.PATH,
		AIWORKFLOW_HOME: stateFolder,
		AIWORKFLOW_RUN_ID: 'r',
		AIWORKFLOW_STEP_ID: 's',
		INPUT_X: '1',
		OUTPUT: '/x',
	};
	const failure = await failureOf(connect({environment, daemonEntry: entry}));
	expect(failure.message).toBe('AIWORKFLOW_HOME /');
});

const scriptedDaemon = (code: string): string => {
	const folder = temporaryFolder();
	mkdirSync(folder, {recursive: true});
	const file = path.join(folder, 'daemon.mjs');
	writeFileSync(file, code);
	return file;
};

test('a request over the limit is refused with a sentence, before anything is sent', async () => {
	const daemon = await startFakeDaemon((_, response) => response.end('{}'));
	const client = await connect({stateFolder: daemon.stateFolder, start: false});
	const failure = await failureOf(
		client.signalRun('r1', {name: 'go', data: 'a'.repeat(5_000_000), origin: originOf('command')}),
	);
	expect(failure).toMatchObject({
		code: 'request.invalid',
		message: 'The request has 5.0 MB; the limit is 4.2 MB.',
		suggestion: 'Write large values to a file and give its path.',
	});
	expect(daemon.requests).toEqual([]);
});
