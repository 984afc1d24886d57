import {createHmac} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, beforeEach, expect, onTestFinished, test} from 'vitest';
import type {DeliveryView} from '../../source/client/client.ts';
import type {WireEvent} from '../../source/run/events.ts';
import {openReceiver, refuse} from '../runtime/outbox/receiver.ts';
import {isAlive, openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;
beforeEach(() => {
	session = openSession();
	Object.assign(session.environment, {HOOK_TOKEN: 'the-token-of-the-hook', HOOK_KEY: 'whsec_c2lnbmluZy1rZXk='});
});
afterEach(() => session.close());

const receiver = async (...parameters: Parameters<typeof openReceiver>) => {
	const opened = await openReceiver(...parameters);
	onTestFinished(() => opened.close());
	return opened;
};

const step = (id: string, settings: string) => `## ${id}\n\`\`\`yaml step\n${settings}\n\`\`\`\n\n`;
const start = (name: string, body: string, frontmatter = '', more: Parameters<Session['start']>[1] = {}) =>
	session.start(session.write(`${name}.md`, workflowOf(name, body, frontmatter)), more);
const outputsOf = (events: readonly WireEvent[], id: string) =>
	events.find(
		(event): event is Extract<WireEvent, {type: 'step.completed'}> =>
			event.type === 'step.completed' && event.body.stepId === id,
	)?.body.outputs;
const json = async (...args: string[]) => {
	const {code, stdout, stderr} = await session.aiworkflow([...args, '--json']);
	return {code, stderr, document: stdout === '' ? undefined : JSON.parse(stdout)};
};

const deliveries = async (): Promise<readonly DeliveryView[]> =>
	(await (await session.client()).deliveries()).deliveries;
const settled = (status: DeliveryView['status'], count = 1) =>
	until(`${count} ${status}`, async () => (await deliveries()).filter(each => each.status === status).length >= count);

const killDaemon = async () => {
	const {pid} = await (await session.client()).health();
	process.kill(pid, 'SIGKILL');
	await until('the daemon to be gone', () => !isAlive(pid));
};

/** Whether a text is anywhere in the journal's database or in the log of the daemon. */
const isWritten = (text: string): boolean =>
	readdirSync(session.stateFolder)
		.filter(name => /^journal\.db|\.log/.test(name))
		.some(name => readFileSync(path.join(session.stateFolder, name), 'latin1').includes(text));

test('a webhook that fails five times is tried again over a killed daemon, lands once, and its secrets stay unwritten', {
	timeout: 60_000,
}, async () => {
	const {url, received} = await receiver((response, count) =>
		refuse(response, count < 5 ? 503 : 200, {'retry-after': '1'}),
	);
	const runId = await start(
		'release',
		step(
			'tell',
			`webhook:\n  url: ${url}/hook/\${{ secrets.HOOK_TOKEN }}\n  headers: { authorization: "Bearer \${{ secrets.HOOK_TOKEN }}" }\n  secret: \${{ secrets.HOOK_KEY }}\n  event: released\n  json: { run: "\${{ run.number }}", tags: [a, "\${{ run.workflow }}"] }`,
		),
	);
	const events = await session.finish(runId);
	const {delivery, status} = outputsOf(events, 'tell') as {delivery: string; status: string};
	expect(status).toBe('queued');
	await until('two tries', () => received.length >= 2);
	await killDaemon();
	await settled('delivered');
	expect(received.length).toBeGreaterThanOrEqual(6);
	expect(received.at(-1)).toMatchObject({
		method: 'POST',
		path: '/hook/the-token-of-the-hook',
		headers: {authorization: 'Bearer the-token-of-the-hook', 'webhook-id': delivery, 'x-aiworkflow-event': 'released'},
	});
	expect(new Set(received.map(({headers}) => headers['webhook-id']))).toEqual(new Set([delivery]));
	expect(JSON.parse(received[0]!.body)).toEqual({run: 1, tags: ['a', 'release']});
	const {headers, body} = received.at(-1)!;
	const signed = `${delivery}.${headers['webhook-timestamp']}.${body}`;
	const signature = createHmac('sha256', 'signing-key').update(signed).digest('base64');
	expect(headers['webhook-signature']).toBe(`v1,${signature}`);
	expect(await deliveries()).toMatchObject([{id: delivery, to: url, step: 'tell', httpStatus: 200}]);
	expect(isWritten(delivery)).toBe(true);
	expect(isWritten('the-token-of-the-hook')).toBe(false);
	expect(isWritten('whsec_')).toBe(false);
});

test('a daemon that is killed between queueing and sending loses nothing, and sends it under its id', {
	timeout: 60_000,
}, async () => {
	const gone = await openReceiver();
	await gone.close();
	const runId = await start(
		'late',
		step('each', `foreach: [a, b, c]\nwebhook: { url: "${gone.url}", body: "item \${{ item }}" }`),
	);
	await session.finish(runId);
	await killDaemon();
	const {received} = await receiver(response => response.end(), gone.port);
	await session.client();
	await settled('delivered', 3);
	expect(received.map(({body}) => body).sort()).toEqual(['item a', 'item b', 'item c']);
	expect(new Set(received.map(({headers}) => headers['webhook-id'])).size).toBe(3);
	expect(received[0]!.headers['content-type']).toBe('text/plain; charset=utf-8');
});

test('one that always fails rests with the dead letters, is shown, replayed under its id, and delivered', {
	timeout: 60_000,
}, async () => {
	let isWell = false;
	const {url, received} = await receiver(response => refuse(response, isWell ? 200 : 500, {'retry-after': '1'}));
	await session.finish(
		await start(
			'alarm',
			step('tell', `webhook: { url: "${url}/x", max: 2, headers: { x-key: "\${{ secrets.HOOK_TOKEN }}" }, json: [1] }`),
		),
	);
	await settled('dead');
	const listed = await json('webhook', 'dead', 'list');
	expect(listed).toMatchObject({code: 0, document: {deliveries: [{status: 'dead', tries: 2, httpStatus: 500}]}});
	const {id} = listed.document.deliveries[0];
	const shown = await session.aiworkflow(['webhook', 'dead', 'show', id.slice(0, 12)]);
	expect(shown.code).toBe(0);
	expect(shown.stdout).toContain(`request   POST ${url}/x`);
	expect(shown.stdout).toContain('x-key: ${{ secrets.HOOK_TOKEN }}');
	expect((await session.aiworkflow(['webhook', 'deliveries'])).stdout).toContain('0 queued, 0 delivered, 1 dead');
	isWell = true;
	expect(await json('webhook', 'dead', 'replay', '--all', '--workflow', 'other')).toMatchObject({document: {ids: []}});
	expect(await json('webhook', 'dead', 'replay', id)).toMatchObject({code: 0, document: {ids: [id]}});
	await settled('delivered');
	expect(received.map(({headers}) => headers['webhook-id'])).toEqual([id, id, id]);
	expect(await deliveries()).toMatchObject([{status: 'delivered', tries: 1, replays: 1}]);
});

test('commands about dead letters say what they were not given', async () => {
	expect((await json('webhook', 'dead', 'replay')).code).toBe(2);
	expect((await json('webhook', 'dead', 'show', 'msg_none')).code).toBe(3);
	expect((await json('webhook', 'dead', 'purge', '--all')).code).toBe(2);
	expect(await json('webhook', 'dead', 'purge', '--all', '--yes')).toMatchObject({code: 0, document: {ids: []}});
	expect((await json('webhook', 'deliveries', '--status', 'lost')).code).toBe(2);
});

test('a step that waits for its delivery ends with it, well or not, and a retry tries the same one anew', {
	timeout: 60_000,
}, async () => {
	const {url, received} = await receiver((response, _, {path: asked}) =>
		refuse(
			response,
			asked === '/gone' || (asked === '/second' && received.length === 1) ? 410 : asked === '/late' ? 503 : 201,
		),
	);
	const awaited = (id: string, more = '') =>
		step(id, `needs: []\ncontinue-on-error: true\nwebhook: { url: "${url}/${id}", await: true }\n${more}`);
	const second = await session.finish(
		await start('second', awaited('second', 'retry: { max: 1, delay: 1s, backoff: constant }')),
	);
	expect(outputsOf(second, 'second')).toMatchObject({status: 'delivered', httpStatus: 201, attempts: 1});
	expect(new Set(received.map(({headers}) => headers['webhook-id'])).size).toBe(1);
	const events = await session.finish(
		await start('waiting', `${awaited('well')}${awaited('gone')}${awaited('late', 'timeout: 1s')}`),
	);
	expect(outputsOf(events, 'well')).toMatchObject({status: 'delivered', httpStatus: 201, attempts: 1});
	const failures = events.flatMap(event => (event.type === 'step.failed' ? [event.body.failure.code] : []));
	expect(failures.sort()).toEqual(['attempt.timed-out', 'webhook.undeliverable']);
	expect(JSON.parse(received.find(({path: asked}) => asked === '/well')!.body)).toMatchObject({
		type: 'step.reached',
		data: {run: {workflow: 'waiting', number: 1}, step: {id: 'well'}},
	});
});

test('a step that waits goes on waiting when the daemon was killed', {timeout: 60_000}, async () => {
	const {url, received} = await receiver((response, count) =>
		refuse(response, count < 2 ? 503 : 200, {'retry-after': '2'}),
	);
	const runId = await start('patient', step('tell', `webhook: { url: "${url}", await: true }`));
	await until('the first try', () => received.length === 1);
	await killDaemon();
	expect(outputsOf(await session.finish(runId), 'tell')).toMatchObject({status: 'delivered', attempts: 3});
});

test('a replay sends nothing to anybody', async () => {
	const {url, received} = await receiver();
	const runId = await start('rehearsed', step('tell', `webhook: { url: "${url}", await: true }`), '', {
		agents: ['replay'],
	});
	expect(outputsOf(await session.finish(runId), 'tell')).toEqual({delivery: null, status: 'not-sent'});
	session.write(
		'recordings/rehearsed.yaml',
		'version: 1\nanswers:\n  - {step: tell, kind: webhook, outputs: {status: delivered, httpStatus: 202}, text: told}\n',
	);
	const again = await session.start(path.join(session.workspace, 'rehearsed.md'), {agents: ['replay']});
	expect(outputsOf(await session.finish(again), 'tell')).toEqual({status: 'delivered', httpStatus: 202});
	expect(await deliveries()).toEqual([]);
	expect(received).toEqual([]);
});

test('those that settings name are told of runs and questions, once, and only by settings that a person trusts', {
	timeout: 60_000,
}, async () => {
	const {url, received} = await receiver();
	session.write(
		'.aiworkflow/aiworkflow.yaml',
		`webhooks:\n  - url: ${url}/told/\${{ secrets.HOOK_TOKEN }}\n    secret: \${{ secrets.HOOK_KEY }}\n    workflows: ["ask*"]\n    on: [approval.requested, run.failed]\n`,
	);
	const ask = '## sure\n```yaml step\napproval: {}\n```\nShip it?\n\n';
	const untrusted = await start('ask-first', ask);
	const client = await session.client();
	await until('the question', async () => (await client.approvals()).approvals.length === 1);
	await client.cancelRun(untrusted, {origin: {by: 'tester', via: 'api'}});
	await session.finish(untrusted);
	expect(await deliveries()).toEqual([]);
	expect((await session.aiworkflow(['trust', '--yes'])).code).toBe(0);
	await session.finish(await start('other', '## fails\n```sh run\nexit 1\n```\n'));
	const runId = await start('ask-again', `${ask}## fails\n\`\`\`sh run\nexit 1\n\`\`\`\n`);
	await settled('delivered');
	await killDaemon();
	const [approval] = (await (await session.client()).approvals()).approvals;
	await session.aiworkflow(['approvals', 'approve', approval!.id]);
	await session.finish(runId);
	await settled('delivered', 2);
	expect(received.map(({path: asked}) => asked)).toEqual([
		'/told/the-token-of-the-hook',
		'/told/the-token-of-the-hook',
	]);
	const [question, failed] = received.map(({body}) => JSON.parse(body));
	expect(question).toMatchObject({
		type: 'approval.requested',
		data: {
			run: {id: runId, workflow: 'ask-again', status: 'waiting'},
			approval: {id: approval!.id, question: 'Ship it?'},
		},
	});
	expect(failed).toMatchObject({type: 'run.failed', data: {run: {id: runId, status: 'failed'}, failure: {}}});
	expect(received[0]!.headers['webhook-signature']).toMatch(/^v1,/);
	expect(isWritten('the-token-of-the-hook')).toBe(false);
});
