import {randomUUID} from 'node:crypto';
import {AiworkflowError, usageInvalid} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {Origin} from '../../../source/run/events.ts';
import {isQueueName, type Priority, type QueueBackendKind} from '../../../source/workflow/queues.ts';
import type {QueueMessagesTable} from '../../store/queue-messages.ts';
import type {DeadLetter, QueueCounts, QueueServer} from './parts.ts';
import {type QueueConsumption, type QueueSource, urlOf} from './source.ts';

/** Where a queue is, as far as whoever asks says so. */
export interface QueuePlace {
	readonly backend?: QueueBackendKind;
	/** Address of the server; says the backend as well. */
	readonly url?: string;
}

export interface Publication extends QueuePlace {
	readonly body: unknown;
	/** Default: one that nothing else has. */
	readonly id?: string;
	readonly priority: Priority;
	readonly ttlMs?: number;
}

export interface Published {
	readonly queue: string;
	readonly backend: QueueBackendKind;
	readonly id: string;
	readonly isKnown: boolean;
}

export interface QueueStatus {
	readonly queue: string;
	readonly backend: QueueBackendKind;
	/** `undefined`: the server could not be asked. */
	readonly counts?: QueueCounts;
	/** Why not. */
	readonly problem?: string;
	readonly isPaused: boolean;
	/** Triggers that consume it here. */
	readonly consumers: readonly QueueConsumption[];
}

/** What people ask of queues: the embedded ones, those of armed triggers, and those of a server that they name. */
export interface QueueDesk {
	status(queue?: string): Promise<readonly QueueStatus[]>;
	/** @throws AiworkflowError `queue.full`, `queue.message-too-large`, `queue.unreachable`, `queue.package-missing`, `usage.invalid`. */
	publish(queue: string, publication: Publication): Promise<Published>;
	dead(queue: string, place: QueuePlace): Promise<readonly DeadLetter[]>;
	replay(queue: string, ids: readonly string[] | undefined, place: QueuePlace): Promise<number>;
	purge(queue: string, what: 'waiting' | 'dead', place: QueuePlace): Promise<number>;
	setPaused(queue: string, isPaused: boolean, origin: Origin): Promise<void>;
}

interface QueueDeskParts {
	readonly source: QueueSource;
	readonly messages: QueueMessagesTable;
	readonly now: () => number;
}

export const createQueueDesk = ({source, messages, now}: QueueDeskParts): QueueDesk => {
	const find = (queue: string, {backend, url}: QueuePlace): Found => {
		if (!isQueueName(queue))
			throw usageInvalid(`"${queue}" cannot be the name of a queue.`, 'Use letters, digits, `.`, `_` and `-`.');
		if (url !== undefined) return foundAt(queue, backendOfUrl(url, backend), url);
		const known = source
			.consumptions()
			.map(({armed}) => armed)
			.filter(({trigger}) => trigger.name === queue && (backend === undefined || trigger.backend === backend));
		const places = new Map(known.map(each => [`${each.trigger.backend} ${urlOf(each) ?? ''}`, each]));
		const [only] = places.values();
		if (!only) return foundAt(queue, backend ?? 'embedded', undefined);
		if (places.size > 1)
			throw usageInvalid(`${places.size} servers have a queue ${queue} here.`, 'Say which: --backend, or --url-env.');
		const {trigger} = only;
		if (trigger.urlSecretName !== undefined && urlOf(only) === undefined)
			throw usageInvalid(
				`The secret ${trigger.urlSecretName} with the address of queue ${queue} is not set.`,
				'Set it and run `aiworkflow trust`, or name a variable with --url-env.',
			);
		return foundAt(queue, trigger.backend, urlOf(only));
	};

	const foundAt = (queue: string, backend: QueueBackendKind, url: string | undefined): Found => ({
		backend,
		server: source.serverAt(backend, url),
		delaysMs: source
			.consumptions()
			.filter(({armed}) => armed.trigger.name === queue && armed.trigger.backend === backend)
			.map(({armed}) => armed.trigger.retryDelayMs),
	});

	const statusOf = async (
		queue: string,
		backend: QueueBackendKind,
		consumers: readonly QueueConsumption[],
	): Promise<QueueStatus> => {
		const base = {queue, backend, consumers, isPaused: source.paused().has(queue)};
		try {
			const [first] = consumers;
			const {server, delaysMs} = first ? foundAt(queue, backend, urlOf(first.armed)) : find(queue, {backend});
			return {...base, counts: await server.counts(queue, delaysMs)};
		} catch (error) {
			if (!(error instanceof AiworkflowError)) throw error;
			return {...base, problem: error.message};
		}
	};

	return {
		async status(only) {
			const groups = new Map<string, QueueConsumption[]>();
			for (const each of source.consumptions()) {
				const {name, backend} = each.armed.trigger;
				const key = JSON.stringify([name, backend, urlOf(each.armed) ?? null]);
				groups.set(key, [...(groups.get(key) ?? []), each]);
			}

			for (const name of messages.names()) {
				const key = JSON.stringify([name, 'embedded', null]);
				if (!groups.has(key)) groups.set(key, []);
			}

			const wanted = [...groups]
				.map(([key, consumers]) => ({key: JSON.parse(key) as [string, QueueBackendKind, string | null], consumers}))
				.filter(({key: [name]}) => only === undefined || name === only);
			const statuses = await Promise.all(
				wanted.map(({key: [name, backend], consumers}) => statusOf(name, backend, consumers)),
			);
			return statuses.toSorted((a, b) => a.queue.localeCompare(b.queue) || a.backend.localeCompare(b.backend));
		},
		async publish(queue, {body, id = randomUUID(), priority, ttlMs, ...place}) {
			checkMessage(id, body);
			const {server, backend} = find(queue, place);
			const expiresAtMs = ttlMs === undefined ? undefined : now() + ttlMs;
			const {isKnown} = await server.publish(queue, {id, body, priority, expiresAtMs});
			return {queue, backend, id, isKnown};
		},
		dead: async (queue, place) => find(queue, place).server.dead(queue, limits.queueDeadShownMax),
		async replay(queue, ids, place) {
			const count = await find(queue, place).server.replay(queue, ids);
			if (ids === undefined || count > 0) return count;
			throw new AiworkflowError({
				code: 'message.not-found',
				message: `Queue ${queue} has no such dead letter: ${ids.join(', ')}.`,
				suggestion: `List them with \`aiworkflow queue dead list ${queue}\`.`,
			});
		},
		async purge(queue, what, place) {
			const {server, delaysMs} = find(queue, place);
			return server.purge(queue, what, delaysMs);
		},
		async setPaused(queue, isPaused, origin) {
			if (isPaused && !source.consumptions().some(({armed}) => armed.trigger.name === queue)) {
				const names = [...new Set(source.consumptions().map(({armed}) => armed.trigger.name))];
				throw new AiworkflowError({
					code: 'queue.not-found',
					message: `No armed trigger consumes a queue "${queue}".`,
					suggestion:
						names.length === 0 ? 'Arm a workspace with `aiworkflow trust`.' : `There are: ${names.join(', ')}.`,
				});
			}

			await source.setPaused(queue, isPaused, origin);
		},
	};
};

interface Found {
	readonly backend: QueueBackendKind;
	readonly server: QueueServer;
	readonly delaysMs: readonly number[];
}

const schemes: Readonly<Record<string, QueueBackendKind>> = {
	'redis:': 'redis',
	'rediss:': 'redis',
	'amqp:': 'rabbitmq',
	'amqps:': 'rabbitmq',
};

/** @throws AiworkflowError `usage.invalid`; nothing of the address is in it, for that may hold a password. */
const backendOfUrl = (url: string, asked: QueueBackendKind | undefined): QueueBackendKind => {
	const backend = URL.canParse(url) ? schemes[new URL(url).protocol] : undefined;
	if (backend !== undefined && (asked ?? backend) === backend) return backend;
	throw usageInvalid(
		backend === undefined ? 'The address is not one of a server of queues.' : `The address is one of ${backend}.`,
		'It looks like `redis://host:6379` or `amqp://user:password@host:5672`.',
	);
};

const checkMessage = (id: string, body: unknown): void => {
	if (id === '' || id.length > limits.queueMessageIdLengthMax)
		throw usageInvalid(
			`The id of a message has 1 to ${limits.queueMessageIdLengthMax} characters.`,
			'Leave it out for one that nothing else has.',
		);
	if (Buffer.byteLength(JSON.stringify(body) ?? 'null') <= limits.queueMessageBytesMax) return;
	throw new AiworkflowError({
		code: 'queue.message-too-large',
		message: `The message has more than ${limits.queueMessageBytesMax} bytes.`,
		suggestion: 'Send a reference to it instead.',
	});
};
