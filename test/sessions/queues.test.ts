import {readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {mainEntry} from '../../source/install.ts';
import type {QueueBackendKind} from '../../source/workflow/queues.ts';
import {isMissing, startServer, type TestServer} from '../runtime/triggers/queue/servers.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
beforeEach(() => {
	session = openSession();
});
afterEach(() => session.close());

const aiworkflow = async (...args: readonly string[]) => {
	const {code, stdout, stderr} = await session.aiworkflow([...args, '--json']);
	return {code, told: JSON.parse(stdout || '{}'), stderr};
};

const arm = async (on: string, script: string, environment: Readonly<Record<string, string>> = {}) => {
	const settings = "env: { ID: '${{ trigger.messageId }}', BODY: '${{ trigger.body.n }}' }";
	const step = `## note\n\`\`\`yaml step\n${settings}\n\`\`\`\n\`\`\`sh run\n${script}\n\`\`\`\n`;
	session.write('.aiworkflow/workflows/mails.md', workflowOf('mails', step, `on:\n  queue: { name: mails, ${on} }\n`));
	const {code} = await session.aiworkflow(['trust', '--yes'], {environment});
	expect(code).toBe(0);
};

const queueView = async () => (await (await session.client()).queues({queue: 'mails'})).queues[0]!;
const runsOf = async () => (await (await session.client()).runs({workflow: 'mails', limit: 200})).runs;

test('a published message starts a tainted run; one that fails dies, is listed and comes back', {
	timeout: 60_000,
}, async () => {
	await arm('retries: 1, retry-delay: 1s', 'echo "$ID $BODY" >>trace; [ "$BODY" != bad ] || [ -e mended ]');
	const {code, told} = await aiworkflow('queue', 'publish', 'mails', '--data', '{"n":"good"}', '--id', 'a');
	expect({code, told}).toEqual({code: 0, told: {queue: 'mails', backend: 'embedded', id: 'a', isKnown: false}});
	await aiworkflow('queue', 'publish', 'mails', '--data', '{"n":"good"}', '--id', 'a');
	await aiworkflow('queue', 'publish', 'mails', '--data', '{"n":"bad"}', '--id', 'b', '--priority', 'high');
	await until('the dead letter', async () => (await queueView()).dead === 1);
	const trace = () => readFileSync(path.join(session.workspace, 'trace'), 'utf8').trim().split('\n');
	expect(trace().toSorted()).toEqual(['a good', 'b bad', 'b bad']);
	const [run] = await runsOf();
	expect(await (await session.client()).runState(run!.id)).toMatchObject({taint: 'queue mails'});
	const list = await aiworkflow('queue', 'dead', 'list', 'mails');
	expect(list.told.messages).toMatchObject([{id: 'b', body: {n: 'bad'}, priority: 'high', attempt: 2}]);
	session.write('mended', '');
	expect((await aiworkflow('queue', 'dead', 'replay', 'mails', 'b')).told).toEqual({queue: 'mails', count: 1});
	await until(
		'the run of what came back',
		async () => (await runsOf()).filter(each => each.status === 'completed').length === 2,
	);
	await until('the end of it', async () => (await queueView()).working === 0);
	expect(await queueView()).toMatchObject({ready: 0, delayed: 0, dead: 0});
});

test('a queue that is paused is kept over a restart, and consumed again when it is resumed', {
	timeout: 60_000,
}, async () => {
	await arm('concurrency: 2', 'true');
	expect((await aiworkflow('queue', 'worker', 'mails', '--pause')).told.queues[0].isPaused).toBe(true);
	await aiworkflow('queue', 'publish', 'mails', '--data', 'text');
	await session.aiworkflow(['daemon', 'restart']);
	expect(await queueView()).toMatchObject({ready: 1, working: 0, consumers: [{connection: 'paused'}]});
	await aiworkflow('queue', 'worker', 'mails', '--resume');
	await until('the run', async () => (await runsOf()).length === 1);
	const unknown = await session.aiworkflow(['queue', 'worker', 'mials', '--pause']);
	expect(unknown).toMatchObject({
		code: 3,
		stderr: expect.stringContaining('No armed trigger consumes a queue "mials".'),
	});
});

test('removing asks for a yes, a step may not do it, and what cannot be reached says so', {
	timeout: 60_000,
}, async () => {
	await arm('concurrency: 2', 'true');
	expect((await session.aiworkflow(['queue', 'purge', 'mails'])).code).toBe(2);
	const elsewhere = await session.aiworkflow(['queue', 'publish', 'x', '--url-env', 'Q'], {
		environment: {Q: 'redis://u:secret@127.0.0.1:1'},
	});
	expect(elsewhere).toMatchObject({code: 4, stderr: expect.stringContaining('The queues of Redis cannot be reached')});
	expect(elsewhere.stderr).not.toContain('secret');
	const wrong = await session.aiworkflow(['queue', 'publish', 'x', '--url-env', 'Q'], {
		environment: {Q: 'http://u:secret@h'},
	});
	expect(wrong).toMatchObject({code: 2, stderr: expect.not.stringContaining('secret')});
	const script =
		'AIWORKFLOW_HOME="$STATE" "$NODE" "$MAIN" queue purge mails --yes || code=$?; echo "code=${code:-0}" >>"$OUTPUT"';
	const settings = 'env: { NODE: "${{ inputs.node }}", MAIN: "${{ inputs.main }}", STATE: "${{ inputs.state }}" }';
	const file = session.write(
		'purges.md',
		workflowOf(
			'purges',
			`## purge\n\`\`\`yaml step\n${settings}\noutputs: { code: integer }\n\`\`\`\n\`\`\`sh run\n${script}\n\`\`\`\n`,
			'inputs:\n  node: { type: string, required: true }\n  main: { type: string, required: true }\n  state: { type: string, required: true }\n',
		),
	);
	const inputs = {node: process.execPath, main: mainEntry, state: session.stateFolder};
	const events = await session.finish(await session.start(file, {inputs}));
	expect(events.find(event => event.type === 'step.completed')?.body).toMatchObject({outputs: {code: 5}});
});

const killDaemon = async () => {
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
};

describe.each(['embedded', 'redis', 'rabbitmq'] as const)('messages of %s', (backend: QueueBackendKind) => {
	const isSkipped = backend !== 'embedded' && isMissing(backend);

	test.skipIf(isSkipped)('start one run each, although the daemon is killed twice', {timeout: 240_000}, async () => {
		const server: TestServer | undefined = backend === 'embedded' ? undefined : await startServer(backend);
		try {
			const url = server ? ', url: "${{ secrets.QUEUE_URL }}"' : '';
			await arm(`backend: ${backend}${url}, concurrency: 3`, 'echo "$ID" >>trace', server && {QUEUE_URL: server.url});
			const client = await session.client();
			const ids = Array.from({length: 24}, (_, index) => `m${index}`);
			const published = await Promise.all(ids.map(id => client.publishMessage('mails', {body: {n: id}, id})));
			expect(published.every(each => each.backend === backend && !each.isKnown)).toBe(true);
			await killDaemon();
			await until('some runs', async () => (await runsOf()).length >= 6, 60_000);
			await killDaemon();
			await until(
				'all runs',
				async () => (await runsOf()).filter(run => run.status === 'completed').length >= ids.length,
				120_000,
			);
			await until(
				'all to be done',
				async () => {
					const {ready, delayed, working, dead} = await queueView();
					return [ready, delayed, working, dead].every(count => count === 0);
				},
				60_000,
			);
			expect(await runsOf()).toHaveLength(ids.length);
			const trace = readFileSync(path.join(session.workspace, 'trace'), 'utf8').trim().split('\n');
			expect(trace.toSorted()).toEqual(ids.toSorted());
		} finally {
			await server?.close();
		}
	});
});
