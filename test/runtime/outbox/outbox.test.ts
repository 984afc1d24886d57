import {createHmac} from 'node:crypto';
import {expect, onTestFinished, test} from 'vitest';
import {limits} from '../../../source/limits.ts';
import type {JournalEvent} from '../../../source/run/events.ts';
import {until} from '../../sessions/session.ts';
import {createOutboxWorld, deliveryTo} from './outbox-world.ts';
import {openReceiver, refuse} from './receiver.ts';

const receiver = async (...parameters: Parameters<typeof openReceiver>) => {
	const opened = await openReceiver(...parameters);
	onTestFinished(() => opened.close());
	return opened;
};

const origin = {by: 'tester', via: 'api'};
const burialIn = (events: readonly JournalEvent[]) => events.find(event => event.type === 'webhook.buried')!.body;

test('what is queued is sent once, and nothing of it is left in memory or to do', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver();
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(`${url}/hook?a=1`));
	await world.happened('webhook.delivered');
	expect(received).toMatchObject([{method: 'POST', path: '/hook?a=1', body: '{"n":1}'}]);
	expect(received[0]!.headers).toMatchObject({'webhook-id': 'msg_1', 'content-type': 'application/json'});
	expect(outbox.find('msg_1')).toMatchObject({status: 'delivered', tries: 1, httpStatus: 200});
	expect(outbox.find('msg_1')).not.toHaveProperty('request');
	expect(world.timers()).toEqual([]);
	expect(world.defects).toEqual([]);
});

test('one that fails five times is tried at growing distances, over restarts of the daemon, and lands once', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver((response, count) => refuse(response, count < 5 ? 503 : 200));
	const waits: number[] = [];
	for (let tries = 1; tries <= 5; tries++) {
		// Each try is another daemon's.
		const daemon = world.open();
		daemon.outbox.begin();
		if (tries === 1) daemon.outbox.queue(deliveryTo(url));
		await world.happened('webhook.deferred', tries);
		await until('the next try to be planned', () => world.timers().length === 1);
		const [waitMs] = world.timers();
		waits.push(waitMs!);
		daemon.close();
		world.advance(waitMs!);
	}

	const last = world.open();
	last.outbox.begin();
	await world.happened('webhook.delivered');
	expect(waits).toEqual([5000, 15_000, 45_000, 135_000, 405_000]);
	expect(received).toHaveLength(6);
	expect(new Set(received.map(({headers}) => headers['webhook-id']))).toEqual(new Set(['msg_1']));
	expect(last.outbox.find('msg_1')).toMatchObject({status: 'delivered', tries: 6});
});

test('before its moment nothing is sent, whatever else is', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver((response, count) => refuse(response, count === 0 ? 500 : 200));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url));
	await world.happened('webhook.deferred');
	world.advance(4999);
	outbox.queue(deliveryTo(url, {id: 'msg_2'}));
	await world.happened('webhook.delivered');
	expect(received.map(({headers}) => headers['webhook-id'])).toEqual(['msg_1', 'msg_2']);
	world.advance(1);
	await world.happened('webhook.delivered', 2);
	expect(received).toHaveLength(3);
});

test('a receiver that says when to come back is left alone until then', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver(response => refuse(response, 429, {'retry-after': '120'}));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url));
	await world.happened('webhook.deferred');
	await until('the next try to be planned', () => world.timers().length === 1);
	expect(world.timers()).toEqual([120_000]);
});

test('one that always fails becomes a dead letter; a replay sends it again under its id, with new tries', async () => {
	const world = createOutboxWorld();
	let isWell = false;
	const {url, received} = await receiver(response => refuse(response, isWell ? 204 : 500, {}, 'out of order'));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url, {triesMax: 2}));
	await world.happened('webhook.deferred');
	await until('the next try to be planned', () => world.timers().length === 1);
	world.advance(5000);
	await world.happened('webhook.buried');
	expect(outbox.list({status: 'dead'})).toMatchObject([{id: 'msg_1', tries: 2, httpStatus: 500}]);
	expect(outbox.find('msg_1')!.failure).toEqual({
		code: 'webhook.refused',
		message: `${url} answered 500: out of order. It was tried 2 times, as often as it may be.`,
		suggestion: 'See what its receiver says, then `aiworkflow webhook dead replay`.',
	});
	isWell = true;
	expect(await outbox.replay({workflow: 'another'}, origin)).toEqual([]);
	expect(await outbox.replay({ids: ['msg_1']}, origin)).toEqual(['msg_1']);
	await world.happened('webhook.delivered');
	expect(received.map(({headers}) => headers['webhook-id'])).toEqual(['msg_1', 'msg_1', 'msg_1']);
	expect(outbox.find('msg_1')).toMatchObject({status: 'delivered', tries: 1, replays: 1});
});

test('dead letters are removed, and nothing else is', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver((response, _, {path}) => refuse(response, path === '/gone' ? 410 : 200));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(`${url}/gone`));
	outbox.queue(deliveryTo(url, {id: 'msg_2'}));
	await world.happened('webhook.buried');
	await world.happened('webhook.delivered');
	expect(await outbox.purge({}, origin)).toEqual(['msg_1']);
	expect(outbox.list({}).map(({id}) => id)).toEqual(['msg_2']);
});

test.for([
	[410, 'webhook.refused', 'Nobody wants it there any more: remove the webhook, or give it another address.'],
	[404, 'webhook.refused', 'See what its receiver says, then `aiworkflow webhook dead replay`.'],
	[307, 'webhook.redirected', 'Write the new address under `url:`.'],
] as const)('an answer of %i is final', async ([status, code, suggestion]) => {
	const world = createOutboxWorld();
	const elsewhere = await receiver();
	const {url, received} = await receiver(response => refuse(response, status, {location: `${elsewhere.url}/new`}));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url));
	await world.happened('webhook.buried');
	expect(outbox.find('msg_1')).toMatchObject({status: 'dead', tries: 1, failure: {code, suggestion}});
	expect(received).toHaveLength(1);
	expect(elsewhere.received).toEqual([]);
});

test.for([408, 425, 429, 500, 599])('an answer of %i may be another one later', async status => {
	const world = createOutboxWorld();
	const {url} = await receiver(response => refuse(response, status));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url));
	await world.happened('webhook.deferred');
	expect(outbox.find('msg_1')).toMatchObject({status: 'queued', tries: 1, httpStatus: status});
});

test('a receiver that never answers is given up on for now, and one that is not there is tried again', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver(() => {});
	const closed = await openReceiver();
	await closed.close();
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url));
	outbox.queue(deliveryTo(closed.url, {id: 'msg_2'}));
	await world.happened('webhook.deferred');
	expect(outbox.find('msg_2')!.failure!.message).toContain('ECONNREFUSED');
	await until('the request to arrive', () => received.length === 1);
	world.advance(limits.deliveryAnswerMs);
	await until('the first to be deferred', () => outbox.find('msg_1')!.tries === 1);
	expect(outbox.find('msg_1')!.failure).toMatchObject({
		code: 'webhook.unreachable',
		message: `${url} could not be reached: no answer within 15 s.`,
	});
});

test('a receiver that hangs holds up itself alone, and gets only a few requests at once', async () => {
	const world = createOutboxWorld();
	const slow = await receiver(() => {});
	const quick = await receiver();
	const {outbox} = world.open();
	outbox.begin();
	for (let index = 0; index < 200; index++) outbox.queue(deliveryTo(slow.url, {id: `msg_slow${index}`}));
	for (let index = 0; index < 20; index++) outbox.queue(deliveryTo(quick.url, {id: `msg_quick${index}`}));
	await world.happened('webhook.delivered', 20);
	expect(slow.received).toHaveLength(limits.deliveriesPerHostMax);
	expect(quick.atOnce()).toBeLessThanOrEqual(limits.deliveriesPerHostMax);
});

test('what was not sent in its time is given up, and may be sent all the same', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver();
	const first = world.open();
	first.outbox.queue(deliveryTo(url, {expiresMs: 60_000}));
	await first.journal.durable();
	first.close();
	world.advance(60_001);
	const {outbox} = world.open();
	outbox.begin();
	await world.happened('webhook.buried');
	expect(outbox.find('msg_1')!.failure!.code).toBe('webhook.expired');
	expect(received).toEqual([]);
	await outbox.replay({}, origin);
	await world.happened('webhook.delivered');
	expect(received).toHaveLength(1);
});

test('no try is planned for after its time', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver(response => refuse(response, 500));
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url, {expiresMs: 4000}));
	await world.happened('webhook.buried');
	expect(outbox.find('msg_1')!.failure!.message).toBe(
		`${url} answered 500. The 4.0s in which it was wanted are over before another try.`,
	);
});

test('what was never committed is never sent; what was is sent by the next daemon, under its id', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver();
	const first = world.open();
	// Nothing is sent here: it ends between the commit and the sending.
	first.outbox.queue(deliveryTo(url));
	await first.journal.durable();
	first.pullThePlug();
	first.outbox.queue(deliveryTo(url, {id: 'msg_2'}));
	await expect(first.journal.durable()).rejects.toThrow();
	first.close();
	const second = world.open();
	second.outbox.begin();
	// The step that queued it is not known to have ended, and queues it again.
	second.outbox.queue(deliveryTo(url));
	await world.happened('webhook.delivered');
	expect(received.map(({headers}) => headers['webhook-id'])).toEqual(['msg_1']);
	expect(world.typesOf()).toEqual(['webhook.queued', 'webhook.delivered']);
	expect(second.outbox.find('msg_2')).toBeUndefined();
});

test('ten thousand that wait cost one timer, and no look at them', async () => {
	const world = createOutboxWorld();
	const {outbox, journal, table} = world.open();
	for (let index = 0; index < 10_000; index++)
		outbox.queue(deliveryTo(`http://127.0.0.1:9/${index}`, {id: `msg_${index}`}));
	journal.project(() => {
		for (let index = 0; index < 10_000; index++)
			table.defer(`msg_${index}`, {tries: 1, nextAtMs: world.clock.now() + 3_600_000 + index});
	});
	await journal.durable();
	await until('the timer', () => world.timers().length > 0);
	expect(world.timers()).toEqual([3_600_000]);
	const startMs = performance.now();
	outbox.begin();
	await new Promise(resolve => setImmediate(resolve));
	await new Promise(resolve => setImmediate(resolve));
	expect(performance.now() - startMs).toBeLessThan(500);
	expect(world.timers()).toEqual([3_600_000]);
});

test('a signature is what anybody computes who has the secret', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver();
	const {outbox} = world.open();
	outbox.begin();
	const {request} = deliveryTo(url);
	outbox.queue(deliveryTo(url, {request: {...request, secretName: 'KEY', event: 'deployed'}}));
	await world.happened('webhook.delivered');
	const [{headers, body}] = received as [(typeof received)[number]];
	const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
	const expected = createHmac('sha256', 'the-signing-key').update(signed).digest('base64');
	expect(headers['webhook-signature']).toBe(`v1,${expected}`);
	expect(headers['x-aiworkflow-event']).toBe('deployed');
});

test('a secret is put in when it is sent, and is in no event, no row and no reason, though its receiver says it back', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver((response, _, {headers, path}) =>
		refuse(response, 400, {}, `I do not know ${path} ${headers.authorization} ${headers['x-both']}`),
	);
	const {outbox} = world.open();
	outbox.begin();
	const {host} = new URL(url);
	outbox.queue(
		deliveryTo(url, {
			request: {
				...deliveryTo(url).request,
				url: ['http://me:', {secret: 'TOKEN'}, `@${host}/`, {secret: 'TOKEN'}],
				headers: {'x-both': ['Bearer ', {secret: 'TOKEN'}]},
			},
		}),
	);
	await world.happened('webhook.buried');
	const basic = Buffer.from('me:a-very-secret-token').toString('base64');
	expect(received).toMatchObject([
		{path: '/a-very-secret-token', headers: {authorization: `Basic ${basic}`, 'x-both': 'Bearer a-very-secret-token'}},
	]);
	expect(burialIn(world.events).failure.message).toMatch(/I do not know \/?\*\*\* \*\*\* \*\*\*/);
	for (const place of [world.bytes(), JSON.stringify(world.events)]) {
		expect(place).not.toContain('a-very-secret-token');
		expect(place).not.toContain(basic);
	}
});

test('a secret that is not there, or that is no header, keeps it from being sent', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver();
	const {outbox} = world.open();
	outbox.begin();
	const {request} = deliveryTo(url);
	outbox.queue(deliveryTo(url, {request: {...request, secretName: 'OTHER'}}));
	outbox.queue(deliveryTo(url, {id: 'msg_2', request: {...request, headers: {'x-a': ['one\ntwo']}}}));
	await world.happened('webhook.buried', 2);
	expect(outbox.find('msg_1')!.failure!.message).toContain('had no OTHER in their environment');
	expect(outbox.find('msg_2')!.failure!.message).toContain('The header `x-a`');
	expect(received).toEqual([]);
});

test('what was delivered is forgotten after a while', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver();
	const {outbox} = world.open();
	outbox.begin();
	outbox.queue(deliveryTo(url));
	await world.happened('webhook.delivered');
	world.advance(limits.deliveredKeptMs + 1);
	outbox.queue(deliveryTo(url, {id: 'msg_2'}));
	await world.happened('webhook.delivered', 2);
	expect(outbox.list({}).map(({id}) => id)).toEqual(['msg_2']);
});

test('many dead letters are replayed in several commits, and all of them are sent', async () => {
	const world = createOutboxWorld();
	let isWell = false;
	const {url, received} = await receiver(response => refuse(response, isWell ? 200 : 410));
	const {outbox} = world.open();
	outbox.begin();
	const count = limits.deadLettersAtOnce + 5;
	for (let index = 0; index < count; index++) outbox.queue(deliveryTo(url, {id: `msg_${index}`}));
	await world.happened('webhook.buried', count);
	isWell = true;
	received.length = 0;
	expect(await outbox.replay({}, origin)).toHaveLength(count);
	await world.happened('webhook.delivered', count);
	expect(new Set(received.map(({headers}) => headers['webhook-id'])).size).toBe(count);
	expect(outbox.counts()).toEqual({queued: 0, delivered: count, dead: 0});
});
