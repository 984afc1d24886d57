import {describe, expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {eventually, tester, typesIn} from '../trigger-world.ts';
import {createQueueWorld} from './queue-world.ts';

/** One workflow that consumes `mails`. */
const consuming = async (settings = 'retries: 1, retry-delay: 30s', more = '') => {
	const world = createQueueWorld();
	world.workflow('mails', `queue: { name: mails, ${settings} }${more}`);
	const daemon = await world.openQueues();
	await daemon.arm();
	const bodies = () => world.started.map(({trigger}) => trigger.data.messageId);
	return {...world, daemon, bodies};
};

describe('a message', () => {
	test('starts one tainted run, which reads it as `trigger`, and goes when the run ended well', async () => {
		const {daemon, started} = await consuming();
		await daemon.publish('a', {priority: 'high', body: {to: 'ada'}});
		await eventually('the run', () => started.length === 1);
		expect(started[0]).toMatchObject({taint: 'queue mails', origin: {by: 'queue mails', via: 'trigger'}});
		expect(started[0]!.trigger.data).toEqual({
			...{body: {to: 'ada'}, messageId: 'a', priority: 'high', attempt: 1, queue: 'mails'},
		});
		expect(await daemon.countsOf()).toEqual({ready: 0, delayed: 0, working: 1, dead: 0});
		daemon.end(started[0]!.id);
		await eventually(
			'the end of it',
			() => daemon.database.prepare("SELECT 1 FROM queue_messages WHERE status = 'done'").get() !== undefined,
		);
		expect(await daemon.countsOf()).toEqual({ready: 0, delayed: 0, working: 0, dead: 0});
	});

	test('is published once under one id, before and after it is done', async () => {
		const {daemon, started} = await consuming();
		const both = await Promise.all([daemon.publish('a'), daemon.publish('a')]);
		expect(both.map(({isKnown}) => isKnown)).toEqual([false, true]);
		await eventually('the run', () => started.length === 1);
		daemon.end(started[0]!.id);
		expect(await daemon.publish('a')).toMatchObject({isKnown: true, id: 'a'});
		await daemon.publish('b');
		await eventually('the run of the other', () => started.length === 2);
		expect(started[1]!.trigger.data.messageId).toBe('b');
	});

	test('comes by priority, then by age, and never more at once than the trigger takes', async () => {
		const {daemon, started, bodies} = await consuming('concurrency: 2');
		await daemon.publish('first');
		await eventually('the first run', () => started.length === 1);
		await daemon.queues.setPaused('mails', true, tester);
		await daemon.publish('low', {priority: 'low'});
		await daemon.publish('normal');
		await daemon.publish('critical', {priority: 'critical'});
		await daemon.publish('high', {priority: 'high'});
		await daemon.publish('high-2', {priority: 'high'});
		await daemon.queues.setPaused('mails', false, tester);
		for (let count = 2; count <= 6; count++) {
			await eventually(`run ${count}`, () => started.length === count);
			expect(daemon.desk.openRunsOf(daemon.arming.all()[0]!.key).length).toBeLessThanOrEqual(2);
			daemon.end(started[count - 2]!.id);
		}

		expect(bodies()).toEqual(['first', 'critical', 'high', 'high-2', 'normal', 'low']);
	});

	test('is tried again after the delay of the trigger, and is a dead letter after its last try', async () => {
		const {daemon, started, advance} = await consuming();
		await daemon.publish('a');
		await eventually('the run', () => started.length === 1);
		daemon.end(started[0]!.id, 'failed');
		await eventually(
			'the wait',
			() => daemon.database.prepare('SELECT 1 FROM queue_messages WHERE attempt = 2').get() !== undefined,
		);
		expect(await daemon.countsOf()).toMatchObject({ready: 0, delayed: 1});
		advance(29_999);
		expect(started).toHaveLength(1);
		await eventually('its timer', () => {
			advance(1);
			return started.length === 2;
		});
		expect(started[1]!.trigger.data.attempt).toBe(2);
		expect(started[1]!.id).not.toBe(started[0]!.id);
		daemon.end(started[1]!.id, 'failed');
		await eventually('its death', () => typesIn(daemon.events).includes('message.buried'));
		const [letter] = await daemon.queues.dead('mails', {});
		expect(letter).toMatchObject({id: 'a', attempt: 2, body: {n: 'a'}, reason: 'Its run was failed.'});
	});

	test('comes back from the dead letters as a first attempt, in a run of its own', async () => {
		const {daemon, started} = await consuming('retries: 0');
		await daemon.publish('a');
		await eventually('the run', () => started.length === 1);
		daemon.end(started[0]!.id, 'failed');
		await eventually('its death', () => typesIn(daemon.events).includes('message.buried'));
		await expect(daemon.queues.replay('mails', ['b'], {})).rejects.toThrow('Queue mails has no such dead letter: b.');
		await eventually(
			'the letter',
			() => daemon.database.prepare("SELECT 1 FROM queue_messages WHERE status = 'dead'").get() !== undefined,
		);
		expect(await daemon.queues.replay('mails', ['a'], {})).toBe(1);
		await eventually('the run', () => started.length === 2);
		expect(started[1]!.trigger.data).toMatchObject({messageId: 'a', attempt: 1});
		expect(await daemon.queues.dead('mails', {})).toEqual([]);
	});

	test('whose time is over before its run began is a dead letter', async () => {
		const {daemon, started, advance} = await consuming();
		await daemon.queues.setPaused('mails', true, tester);
		await daemon.publish('late', {ttlMs: 60_000});
		await daemon.publish('in time', {ttlMs: 600_000});
		advance(60_000);
		await daemon.queues.setPaused('mails', false, tester);
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.trigger.data.messageId).toBe('in time');
		expect(await daemon.queues.dead('mails', {})).toMatchObject([
			{id: 'late', reason: 'It expired before its run began.'},
		]);
	});

	test('that is worked on for too long has its run cancelled, and is tried again', async () => {
		const {daemon, started, cancelled, advance} = await consuming('visibility: 10m, retries: 1, retry-delay: 1s');
		await daemon.publish('a');
		await eventually('the run', () => started.length === 1);
		await eventually('the cancelling', () => {
			advance(60_000);
			return cancelled.length === 1;
		});
		expect(cancelled).toEqual([started[0]!.id]);
		daemon.end(started[0]!.id, 'cancelled');
		await eventually('the next run', () => {
			advance(1000);
			return started.length === 2;
		});
		expect(started[1]!.trigger.data.attempt).toBe(2);
	});

	test('whose run a person cancelled is a dead letter at once', async () => {
		const {daemon, started} = await consuming('retries: 5');
		await daemon.publish('a');
		await eventually('the run', () => started.length === 1);
		daemon.end(started[0]!.id, 'cancelled');
		await eventually('its death', () => typesIn(daemon.events).includes('message.buried'));
		expect(started).toHaveLength(1);
	});

	test('that the condition of the trigger does not want goes without a run', async () => {
		const world = createQueueWorld();
		world.workflow('mails', "queue:\n  name: mails\n  if: trigger.body.n == 'wanted'");
		const daemon = await world.openQueues();
		await daemon.arm();
		await daemon.publish('unwanted');
		await daemon.publish('wanted');
		await eventually('the run', () => world.started.length === 1);
		expect(world.started[0]!.trigger.data.messageId).toBe('wanted');
		expect(await daemon.countsOf()).toMatchObject({ready: 0, delayed: 0, dead: 0});
	});

	test('too large, or without a proper id, is refused', async () => {
		const {daemon} = await consuming();
		const body = 'x'.repeat(limits.queueMessageBytesMax);
		await expect(daemon.publish('a', {body})).rejects.toMatchObject({code: 'queue.message-too-large'});
		await expect(daemon.publish('')).rejects.toMatchObject({code: 'usage.invalid'});
		await expect(daemon.publish('a', {}, 'no/name')).rejects.toThrow('"no/name" cannot be the name of a queue.');
	});

	test('goes to one of several workflows that consume its queue', async () => {
		const world = createQueueWorld();
		world.workflow('one', 'queue: mails');
		world.workflow('two', 'queue: mails');
		const daemon = await world.openQueues();
		await daemon.arm();
		for (const id of ['a', 'b', 'c', 'd']) await daemon.publish(id);
		await eventually('two runs', () => world.started.length === 2);
		for (const {id} of [...world.started]) daemon.end(id);
		await eventually('four runs', () => world.started.length === 4);
		expect(new Set(world.started.map(({trigger}) => trigger.data.messageId)).size).toBe(4);
	});
});

describe('a daemon that was killed', () => {
	test('before the run began: the message starts it after the restart, once', async () => {
		const {daemon, started, openQueues, workspace} = await consuming();
		await daemon.queues.setPaused('mails', true, tester);
		await daemon.publish('a');
		daemon.pullPlug();
		await daemon.close();
		expect(started).toEqual([]);
		const next = await openQueues();
		expect((await next.queues.status())[0]).toMatchObject({queue: 'mails', isPaused: true, counts: {ready: 1}});
		await next.queues.setPaused('mails', false, tester);
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.workspace).toBe(workspace);
	});

	test('while the run was under way: it is waited for, not begun again, and counts as one of those at once', async () => {
		const {daemon, started, openQueues, defects} = await consuming('concurrency: 1');
		await daemon.publish('a');
		await eventually('the run', () => started.length === 1);
		await daemon.publish('b', {priority: 'critical'});
		daemon.pullPlug();
		await daemon.close();
		const next = await openQueues();
		await eventually(
			'the message',
			() => (next.database.prepare('SELECT count(*) AS c FROM queue_messages').get() as {c: number}).c === 2,
		);
		expect(started).toHaveLength(1);
		next.end(started[0]!.id);
		await eventually('the other run', () => started.length === 2);
		expect(started.map(({trigger}) => trigger.data.messageId)).toEqual(['a', 'b']);
		expect(defects).toEqual([]);
	});

	test('after the run ended and before the message went: it goes, without another run', async () => {
		const {daemon, started, endings, openQueues} = await consuming();
		await daemon.publish('a');
		await eventually('the run', () => started.length === 1);
		daemon.pullPlug();
		await daemon.close();
		endings.set(started[0]!.id, {status: 'completed', runId: started[0]!.id});
		const next = await openQueues();
		await eventually(
			'the end of it',
			() => next.database.prepare("SELECT 1 FROM queue_messages WHERE status = 'done'").get() !== undefined,
		);
		expect(started).toHaveLength(1);
	});
});
