import {expect, onTestFinished, test} from 'vitest';
import type {AttemptContext} from '../../../runtime/engine/parts.ts';
import {createWebhookExecutor} from '../../../runtime/outbox/executor.ts';
import {createOutboxWorld, deliveryTo} from './outbox-world.ts';
import {openReceiver, refuse} from './receiver.ts';

const receiver = async (...parameters: Parameters<typeof openReceiver>) => {
	const opened = await openReceiver(...parameters);
	onTestFinished(() => opened.close());
	return opened;
};

const contextOf = (url: string, more: Partial<AttemptContext> = {}, isAwaited = false): AttemptContext =>
	({
		...{runId: 'run1', stepId: 'notify', stepKey: 'notify', generation: 1, attempt: 1, workspace: '/work'},
		definition: {name: 'deploy'},
		step: {kind: 'webhook', id: 'notify', isAwaited},
		outgoing: deliveryTo(url).request,
		...more,
	}) as AttemptContext;

const report = async () => {};
const executorOf = ({outbox, journal}: ReturnType<ReturnType<typeof createOutboxWorld>['open']>, world: World) =>
	createWebhookExecutor({outbox, journal, clock: world.clock, recorded: async () => undefined});
type World = ReturnType<typeof createOutboxWorld>;

test('a daemon that ended between the commit of the webhook and the end of its step finds it, and queues nothing twice', async () => {
	const world = createOutboxWorld();
	const {url, received} = await receiver();
	const first = world.open();
	// Its outcome never reaches the journal.
	await executorOf(first, world).start(contextOf(url), report).outcome;
	first.close();
	const second = world.open();
	second.outbox.begin();
	const {status} = await executorOf(second, world).reattach(contextOf(url), report).outcome;
	expect(status).toBe('completed');
	await world.happened('webhook.delivered');
	expect(received).toHaveLength(1);
	expect(world.typesOf().filter(type => type === 'webhook.queued')).toHaveLength(1);
});

test('an attempt that queued nothing before the daemon ended had not begun; the next one queues it', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver();
	const executor = executorOf(world.open(), world);
	expect(await executor.reattach(contextOf(url), report).outcome).toEqual({
		status: 'interrupted',
		reason: 'never-claimed',
	});
	expect(await executor.start(contextOf(url, {attempt: 2}), report).outcome).toMatchObject({
		status: 'completed',
		outputs: {status: 'queued'},
	});
});

test('attempts of one generation are one delivery; another generation or item is another', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver();
	const executor = executorOf(world.open(), world);
	const idOf = async (more: Partial<AttemptContext>) => {
		const outcome = await executor.start(contextOf(url, more), report).outcome;
		return outcome.status === 'completed' ? outcome.outputs.delivery : undefined;
	};
	const id = await idOf({});
	expect(await idOf({attempt: 2})).toBe(id);
	expect(new Set([id, await idOf({generation: 2}), await idOf({item: 0})]).size).toBe(3);
});

test('a step that waits is told why its webhook was given up, and one that is cancelled waits no more', async () => {
	const world = createOutboxWorld();
	const {url} = await receiver(response => refuse(response, 410));
	const silent = await receiver(() => {});
	const {outbox, journal} = world.open();
	const executor = createWebhookExecutor({outbox, journal, clock: world.clock, recorded: async () => undefined});
	outbox.begin();
	const outcome = await executor.start(contextOf(url, {}, true), report).outcome;
	expect(outcome).toMatchObject({
		status: 'failed',
		failure: {
			code: 'webhook.undeliverable',
			message: `The webhook was given up: ${url} answered 410.`,
			suggestion: expect.stringMatching(/^It is a dead letter: see it with `aiworkflow webhook dead show msg_\w+`\.$/),
		},
	});
	const handle = executor.start(contextOf(silent.url, {stepId: 'other'}, true), report);
	handle.stop();
	expect(await handle.outcome).toEqual({status: 'cancelled'});
	await world.happened('webhook.queued', 2);
});
