import {randomUUID} from 'node:crypto';
import type {Channel, ChannelModel, ConfirmChannel, Message, Options} from 'amqplib';
import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {priorities} from '../../../source/workflow/queues.ts';
import type {Clock} from '../../engine/parts.ts';
import {messageOf, priorityOfRank, rankOf} from './envelope.ts';
import {queueUnreachable, reasonOf} from './failures.ts';
import {loadPackage} from './load-package.ts';
import type {ConsumeOptions, Consumer, DeadLetter, QueueBackend, QueueMessage, QueueServer, Verdict} from './parts.ts';
import {reconnectDelayMs, waitUntil, withinServerTime} from './reconnect.ts';

/**
 * Queues of RabbitMQ: durable ones, written with confirms. A queue that is there already is taken as it is. Beside `mails`
 * there are `mails.dead` and, for each delay of retries, `mails.retry.30000`, from which messages come back by themselves.
 */
export const createRabbitmqBackend = (clock: Clock): QueueBackend => ({
	kind: 'rabbitmq',
	at: (url = 'amqp://guest:guest@127.0.0.1:5672') => serverAt(url, clock),
});

const deadOf = (queue: string) => `${queue}.dead`;
const retryOf = (queue: string, delayMs: number) => `${queue}.retry.${delayMs}`;
const asQueue: Options.AssertQueue = {durable: true, maxPriority: priorities.length};
const asRetryQueue = (queue: string, delayMs: number): Options.AssertQueue => ({
	durable: true,
	messageTtl: delayMs,
	deadLetterExchange: '',
	deadLetterRoutingKey: queue,
});
const asDeadQueue: Options.AssertQueue = {durable: true};

const serverAt = (url: string, clock: Clock): QueueServer => ({
	consume: options => consume(url, clock, options),
	publish: (queue, {id, body, priority, expiresAtMs}) =>
		withConnection(url, async connection => {
			await declare(connection, queue, asQueue);
			const channel = await confirmChannelOf(connection);
			const headers = expiresAtMs === undefined ? {} : {[headerNames.expiresAt]: expiresAtMs};
			channel.sendToQueue(queue, Buffer.from(JSON.stringify(body)), {
				...{messageId: id, priority: rankOf(priority), headers, timestamp: Math.floor(clock.now() / 1000)},
				...{persistent: true, contentType: 'application/json'},
			});
			await channel.waitForConfirms();
			return {isKnown: false};
		}),
	counts: (queue, delaysMs) =>
		withConnection(url, async connection => {
			let delayed = 0;
			for (const delayMs of new Set(delaysMs)) delayed += (await countOf(connection, retryOf(queue, delayMs))) ?? 0;
			const ready = (await countOf(connection, queue)) ?? 0;
			return {ready, delayed, working: null, dead: (await countOf(connection, deadOf(queue))) ?? 0};
		}),
	dead: (queue, countMax) =>
		withConnection(url, async connection => {
			const letters: DeadLetter[] = [];
			// What was got and not acknowledged goes back to its place when the connection ends.
			for await (const {got} of deadLetters(connection, queue, countMax)) letters.push(deadLetterOf(got));
			return letters;
		}),
	replay: (queue, ids) =>
		withConnection(url, async connection => {
			await declare(connection, queue, asQueue);
			const out = await confirmChannelOf(connection);
			let count = 0;
			for await (const {got, channel} of deadLetters(connection, queue, Number.POSITIVE_INFINITY)) {
				const {id, replays} = readMessage(got);
				if (ids !== undefined && !ids.includes(id)) continue;
				const {[headerNames.expiresAt]: _, ...headers} = got.properties.headers ?? {};
				const changed = {...headers, [headerNames.attempt]: 1, [headerNames.replays]: replays + 1};
				out.sendToQueue(queue, got.content, optionsOf(got, changed));
				await out.waitForConfirms();
				channel.ack(got);
				count++;
			}

			return count;
		}),
	purge: (queue, what, delaysMs) =>
		withConnection(url, async connection => {
			const names =
				what === 'dead' ? [deadOf(queue)] : [queue, ...[...new Set(delaysMs)].map(delayMs => retryOf(queue, delayMs))];
			let count = 0;
			for (const name of names) {
				if ((await countOf(connection, name)) === undefined) continue;
				const channel = await channelOf(connection);
				count += (await channel.purgeQueue(name)).messageCount;
				await channel.close();
			}

			return count;
		}),
});

const connectTo = async (url: string): Promise<ChannelModel> => {
	const {connect} = await loadPackage('RabbitMQ', ['amqplib'], () => import('amqplib'));
	const connection = await connect(url, {timeout: limits.queueServerMs});
	// Whoever uses it hears of its end.
	connection.on('error', () => undefined);
	return connection;
};

/** @throws AiworkflowError `queue.unreachable`, `queue.package-missing`. */
const withConnection = async <T>(url: string, use: (connection: ChannelModel) => Promise<T>): Promise<T> => {
	let connection: ChannelModel | undefined;
	const late = () => new Error('it does not answer');
	try {
		connection = await connectTo(url);
		return await withinServerTime(use(connection), late);
	} catch (error) {
		throw error instanceof AiworkflowError ? error : queueUnreachable('RabbitMQ', error);
	} finally {
		await connection?.close().catch(() => undefined);
	}
};

const channelOf = async (connection: ChannelModel): Promise<Channel> => {
	const channel = await connection.createChannel();
	channel.on('error', () => undefined);
	return channel;
};

const confirmChannelOf = async (connection: ChannelModel): Promise<ConfirmChannel> => {
	const channel = await connection.createConfirmChannel();
	channel.on('error', () => undefined);
	return channel;
};

/** @returns How many messages are ready in it; `undefined`: there is no such queue. */
const countOf = async (connection: ChannelModel, queue: string): Promise<number | undefined> => {
	const channel = await channelOf(connection);
	try {
		const {messageCount} = await channel.checkQueue(queue);
		await channel.close();
		return messageCount;
	} catch (error) {
		// The server closes a channel that asks for what is not there.
		if ((error as {code?: number}).code === 404) return undefined;
		throw error;
	}
};

/** Makes a queue where there is none: others may have made it with settings of their own. */
const declare = async (connection: ChannelModel, queue: string, options: Options.AssertQueue): Promise<void> => {
	if ((await countOf(connection, queue)) !== undefined) return;
	const channel = await channelOf(connection);
	await channel.assertQueue(queue, options);
	await channel.close();
};

/** The dead letters of a queue as they are now, each once. */
async function* deadLetters(connection: ChannelModel, queue: string, countMax: number) {
	const count = Math.min((await countOf(connection, deadOf(queue))) ?? 0, countMax);
	if (count === 0) return;
	const channel = await channelOf(connection);
	for (let index = 0; index < count; index++) {
		const got = await channel.get(deadOf(queue));
		if (got === false) break;
		yield {got, channel};
	}

	// Acknowledgements are written before it is closed.
	await channel.close();
}

const consume = (url: string, clock: Clock, {queue, concurrency, deliver, onState}: ConsumeOptions): Consumer => {
	const ending = new AbortController();

	/** Resolves with why it ended. */
	const consumeOnce = async (onConnected: () => void): Promise<string> => {
		const connection = await connectTo(url);
		const {promise: closed, resolve: close} = Promise.withResolvers<string>();
		const lost = new AbortController();
		const stop = () => close('it was stopped');
		const deliveries = new Set<Promise<void>>();
		ending.signal.addEventListener('abort', stop);
		connection.on('close', error => close(error ? reasonOf(error) : 'the server closed the connection'));
		try {
			await withinServerTime(
				(async () => {
					await declare(connection, queue, asQueue);
					await declare(connection, deadOf(queue), asDeadQueue);
					const channel = await confirmChannelOf(connection);
					channel.on('error', error => close(reasonOf(error)));
					channel.on('close', () => close('the server closed the channel'));
					await channel.prefetch(concurrency);
					await channel.consume(queue, got => {
						if (got === null) {
							close('the queue was removed');
							return;
						}

						const delivery = work(connection, channel, got, lost.signal)
							.catch(error => close(reasonOf(error)))
							.finally(() => deliveries.delete(delivery));
						deliveries.add(delivery);
					});
				})(),
				() => new Error('it does not answer'),
			);
			onConnected();
			if (ending.signal.aborted) stop();
			return await closed;
		} finally {
			ending.signal.removeEventListener('abort', stop);
			lost.abort();
			await Promise.all(deliveries);
			// What has no verdict goes back to its place.
			await connection.close().catch(() => undefined);
		}
	};

	const work = async (
		connection: ChannelModel,
		channel: ConfirmChannel,
		got: Message,
		signal: AbortSignal,
	): Promise<void> => {
		if (typeof got.properties.messageId !== 'string' || got.properties.messageId === '') {
			await giveId(channel, queue, got);
			return;
		}

		await apply(connection, channel, got, await deliver(readMessage(got), signal));
	};

	const apply = async (
		connection: ChannelModel,
		channel: ConfirmChannel,
		got: Message,
		verdict: Verdict,
	): Promise<void> => {
		if (verdict.kind === 'release') return;
		if (verdict.kind === 'done') {
			channel.ack(got);
			return;
		}

		const {attempt} = readMessage(got);
		const headers = {...got.properties.headers, [headerNames.reason]: verdict.reason.slice(0, reasonLengthMax)};
		if (verdict.kind === 'dead') {
			const dead = {...headers, [headerNames.diedAt]: clock.now()};
			channel.sendToQueue(deadOf(queue), got.content, optionsOf(got, dead));
		} else {
			const place = verdict.delayMs === 0 ? queue : retryOf(queue, verdict.delayMs);
			if (place !== queue) await declare(connection, place, asRetryQueue(queue, verdict.delayMs));
			channel.sendToQueue(place, got.content, optionsOf(got, {...headers, [headerNames.attempt]: attempt + 1}));
		}

		// The copy is durable before the message goes. Killed in between, both are known to be one.
		await channel.waitForConfirms();
		channel.ack(got);
	};

	const run = async (): Promise<void> => {
		let failures = 0;
		while (!ending.signal.aborted) {
			onState({status: 'connecting'});
			const detail = await consumeOnce(() => {
				failures = 0;
				onState({status: 'connected'});
			}).catch(reasonOf);
			if (ending.signal.aborted) return;
			failures++;
			const retryAtMs = clock.now() + reconnectDelayMs(failures);
			onState({status: 'waiting', detail, retryAtMs});
			await waitUntil(clock, retryAtMs, ending.signal);
		}
	};

	const running = run();
	return {
		async stop() {
			ending.abort();
			await running;
		},
	};
};

/** A message without an id could not be told from others: it goes back with one. */
const giveId = async (channel: ConfirmChannel, queue: string, got: Message): Promise<void> => {
	channel.sendToQueue(queue, got.content, {...optionsOf(got, got.properties.headers ?? {}), messageId: randomUUID()});
	await channel.waitForConfirms();
	channel.ack(got);
};

const headerNames = {
	attempt: 'x-aiworkflow-attempt',
	replays: 'x-aiworkflow-replays',
	expiresAt: 'x-aiworkflow-expires-at-ms',
	reason: 'x-aiworkflow-reason',
	diedAt: 'x-aiworkflow-died-at-ms',
};

/** Headers of one message have 64 KiB together. */
const reasonLengthMax = 2000;

const readMessage = ({content, properties}: Message): QueueMessage => {
	const {messageId, priority, headers = {}} = properties;
	return messageOf(String(messageId), bodyOf(content), priorityOfRank(priority as number | undefined), {
		attempt: headers[headerNames.attempt],
		replays: headers[headerNames.replays],
		expiresAtMs: headers[headerNames.expiresAt],
	});
};

const deadLetterOf = (got: Message): DeadLetter => {
	const {[headerNames.reason]: reason, [headerNames.diedAt]: diedAtMs} = got.properties.headers ?? {};
	return {
		...readMessage(got),
		reason: typeof reason === 'string' ? reason : '',
		...(typeof diedAtMs === 'number' && {diedAtMs}),
	};
};

/** JSON, or else the text it is. */
const bodyOf = (content: Buffer): unknown => {
	const text = content.toString('utf8');
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};

/** Of a copy: everything that it has, but for how long a server keeps it. */
const optionsOf = ({properties}: Message, headers: Record<string, unknown>): Options.Publish => {
	const {messageId, priority, contentType, contentEncoding, correlationId, replyTo, timestamp, type, appId} =
		properties;
	// What the server itself noted of its way through other queues.
	const {'x-death': _, ...rest} = headers;
	return {
		...{messageId, priority, contentType, contentEncoding, correlationId, replyTo, timestamp, type, appId},
		headers: rest,
		persistent: true,
	};
};
