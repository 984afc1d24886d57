import {connect} from 'amqplib';
import {Queue} from 'bullmq';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {systemClock} from '../../../../runtime/clock.ts';
import {until} from '../../../sessions/session.ts';
import {tester, typesIn} from '../trigger-world.ts';
import {createQueueWorld} from './queue-world.ts';
import {isMissing, startServer, type TestServer} from './servers.ts';

const testMs = 120_000;
const waitMs = 60_000;

describe.each(['redis', 'rabbitmq'] as const)('queues of %s', backend => {
	const isSkipped = isMissing(backend);
	let server: TestServer;
	let count = 0;
	beforeAll(async () => {
		if (!isSkipped) server = await startServer(backend);
	}, 180_000);
	afterAll(() => server?.close());

	/** One workflow that consumes a queue of its own. */
	const consuming = async (settings = 'retries: 1, retry-delay: 1s', isPaused = false) => {
		const world = createQueueWorld(systemClock);
		const queue = `mails-${++count}`;
		const on = `queue: { name: ${queue}, backend: ${backend}, url: "\${{ secrets.QUEUE_URL }}", ${settings} }`;
		world.workflow('mails', on);
		const open = async () => {
			const daemon = await world.openQueues();
			return {
				...daemon,
				put: (id: string, more: Parameters<typeof daemon.publish>[1] = {}) => daemon.publish(id, more, queue),
				counts: () => daemon.countsOf(queue),
				status: async () => (await daemon.queues.status(queue))[0]!,
				state: async () => (await daemon.queues.status(queue))[0]?.consumers[0]?.state,
			};
		};
		const daemon = await open();
		await daemon.arm({QUEUE_URL: server.url});
		if (isPaused) await daemon.queues.setPaused(queue, true, tester);
		const ids = () => world.started.map(({trigger}) => trigger.data.messageId);
		const runs = (runCount: number) => until(`${runCount} runs`, () => world.started.length >= runCount, waitMs);
		const counted = (wanted: object) =>
			until(
				`the counts ${JSON.stringify(wanted)}`,
				async () => {
					const counts = (await daemon.countsOf(queue)) as Record<string, unknown> | undefined;
					return Object.entries(wanted).every(([name, value]) => counts?.[name] === value);
				},
				waitMs,
			);
		return {...world, queue, daemon, open, ids, runs, counted};
	};

	test.skipIf(isSkipped)('a message starts one run and goes when it ended well', {timeout: testMs}, async () => {
		const {daemon, started, runs, queue, counted} = await consuming();
		expect(await daemon.put('a:1', {priority: 'critical', body: {to: 'ada'}})).toMatchObject({backend, id: 'a:1'});
		await runs(1);
		expect(started[0]).toMatchObject({taint: `queue ${queue}`});
		expect(started[0]!.trigger.data).toEqual({
			...{body: {to: 'ada'}, messageId: 'a:1', priority: 'critical', attempt: 1, queue},
		});
		expect(await daemon.status()).toMatchObject({consumers: [{workingCount: 1, state: {status: 'connected'}}]});
		daemon.end(started[0]!.id);
		await counted({ready: 0, delayed: 0, dead: 0});
		await daemon.put('a:1', {body: {to: 'ada'}});
		await daemon.put('b');
		await runs(2);
		expect(started[1]!.trigger.data.messageId).toBe('b');
	});

	test.skipIf(isSkipped)('the critical ones come first, one at a time', {timeout: testMs}, async () => {
		const {daemon, started, runs, ids, queue} = await consuming('concurrency: 1', true);
		for (const priority of ['low', 'normal', 'high', 'critical'] as const) await daemon.put(priority, {priority});
		await daemon.put('normal-2');
		await daemon.queues.setPaused(queue, false, tester);
		for (let index = 1; index <= 5; index++) {
			await runs(index);
			expect(started).toHaveLength(index);
			daemon.end(started[index - 1]!.id);
		}

		expect(ids()).toEqual(['critical', 'high', 'normal', 'normal-2', 'low']);
	});

	test.skipIf(isSkipped)(
		'a failed one is tried again, dies, is listed, and comes back',
		{timeout: testMs},
		async () => {
			const {daemon, started, runs, queue, counted} = await consuming();
			await daemon.put('a');
			await runs(1);
			const endedAtMs = Date.now();
			daemon.end(started[0]!.id, 'failed');
			await runs(2);
			expect(Date.now() - endedAtMs).toBeGreaterThanOrEqual(900);
			expect(started[1]!.trigger.data).toMatchObject({messageId: 'a', attempt: 2, body: {n: 'a'}});
			daemon.end(started[1]!.id, 'failed');
			await counted({ready: 0, delayed: 0, dead: 1});
			expect(typesIn(daemon.events)).toContain('message.buried');
			const [letter] = await daemon.queues.dead(queue, {});
			expect(letter).toMatchObject({id: 'a', body: {n: 'a'}, reason: 'Its run was failed.'});
			expect(letter!.diedAtMs).toBeGreaterThanOrEqual(endedAtMs - 1000);
			await expect(daemon.queues.replay(queue, ['z'], {})).rejects.toMatchObject({code: 'message.not-found'});
			expect(await daemon.queues.replay(queue, ['a'], {})).toBe(1);
			await runs(3);
			expect(started[2]!.trigger.data).toMatchObject({messageId: 'a', attempt: 1});
			daemon.end(started[2]!.id);
			await counted({ready: 0, delayed: 0, dead: 0});
		},
	);

	test.skipIf(isSkipped)('what expired dies, and what waits can be removed', {timeout: testMs}, async () => {
		const {daemon, started, queue, counted} = await consuming('concurrency: 1', true);
		await daemon.put('late', {ttlMs: 1});
		await daemon.queues.setPaused(queue, false, tester);
		await counted({dead: 1});
		expect(started).toEqual([]);
		expect(await daemon.queues.purge(queue, 'dead', {})).toBe(1);
		await daemon.queues.setPaused(queue, true, tester);
		await daemon.put('b');
		await daemon.put('c');
		await counted({ready: 2, dead: 0});
		expect(await daemon.queues.purge(queue, 'waiting', {})).toBe(2);
		await counted({ready: 0});
	});

	test.skipIf(isSkipped)('a daemon that was killed loses nothing and doubles nothing', {timeout: testMs}, async () => {
		const {daemon, open, started, runs, ids, endings} = await consuming('concurrency: 2');
		await daemon.put('under way');
		await daemon.put('ended');
		await daemon.put('waiting');
		await runs(2);
		daemon.pullPlug();
		await daemon.close();
		const ended = started.find(({trigger}) => trigger.data.messageId === 'ended')!;
		const underWay = started.find(({trigger}) => trigger.data.messageId === 'under way')!;
		endings.set(ended.id, {status: 'completed', runId: ended.id});
		const next = await open();
		await runs(3);
		next.end(underWay.id);
		next.end(started[2]!.id);
		await until(
			'all to be done',
			async () => {
				const {ready, delayed, dead} = (await next.counts()) ?? {ready: 1, delayed: 0, dead: 0};
				const {consumers} = await next.status();
				return ready + delayed + dead + consumers[0]!.workingCount === 0 && ((await next.counts())?.working ?? 0) === 0;
			},
			waitMs,
		);
		expect(ids().toSorted()).toEqual(['ended', 'under way', 'waiting']);
	});

	test.skipIf(isSkipped)('a server that was killed and comes back is found again', {timeout: testMs}, async () => {
		const {daemon, started, runs, ids, counted} = await consuming('concurrency: 1');
		await daemon.put('a');
		await runs(1);
		await daemon.put('b');
		await server.kill();
		await until('the loss to be seen', async () => (await daemon.state())?.status === 'waiting', waitMs);
		const {problem, consumers} = await daemon.status();
		expect(problem).toMatch(/^The queues of (Redis|RabbitMQ) cannot be reached: .*ECONNREFUSED/);
		expect(consumers[0]!.state.retryAtMs).toBeGreaterThan(Date.now() - 60_000);
		await expect(daemon.put('c')).rejects.toMatchObject({code: 'queue.unreachable', retryable: true});
		daemon.end(started[0]!.id);
		await server.start();
		await until('the connection', async () => (await daemon.state())?.status === 'connected', waitMs);
		await runs(2);
		daemon.end(started[1]!.id);
		await counted({ready: 0, delayed: 0, dead: 0});
		expect(ids()).toEqual(['a', 'b']);
	});

	test.skipIf(isSkipped)('what others publish in their own way is read', {timeout: testMs}, async () => {
		const {started, runs, queue, daemon} = await consuming('concurrency: 2');
		await until('the consumer', async () => (await daemon.state())?.status === 'connected');
		await foreign[backend](server.url, queue);
		await runs(2);
		const data = started.map(({trigger}) => trigger.data);
		expect(data.map(({body}) => body)).toEqual(
			expect.arrayContaining([{from: 'elsewhere'}, backend === 'redis' ? 5 : 'text']),
		);
		expect(new Set(data.map(({messageId}) => messageId)).size).toBe(2);
		expect(data[0]).toMatchObject({priority: 'normal', attempt: 1});
	});
});

/** As any other program would publish. */
const foreign = {
	async redis(url: string, name: string) {
		const client = new Redis(url, {maxRetriesPerRequest: null});
		const queue = new Queue(name, {connection: client});
		await queue.add('job', {from: 'elsewhere'});
		await queue.add('job', 5);
		await queue.close();
		client.disconnect();
	},
	async rabbitmq(url: string, name: string) {
		const connection = await connect(url);
		const channel = await connection.createConfirmChannel();
		channel.sendToQueue(name, Buffer.from('{"from":"elsewhere"}'));
		channel.sendToQueue(name, Buffer.from('text'), {messageId: 'text'});
		await channel.waitForConfirms();
		await connection.close();
	},
};
