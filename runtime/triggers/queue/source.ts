import {createHash} from 'node:crypto';
import type {Clock} from '../../engine/parts.ts';
import type {PausedQueues, QueueClaims} from '../../store/queue-claims.ts';
import type {DeskJournal} from '../desk.ts';
import type {TriggerDesk, TriggerSource} from '../parts.ts';
import type {ConnectionState, Consumer, QueueBackend, QueueMessage, QueueServer, Verdict} from './parts.ts';
import {type ArmedQueue, createWorker, type Worker} from './work.ts';

export interface QueueSourceParts {
	readonly backends: readonly QueueBackend[];
	readonly claims: QueueClaims;
	readonly paused: PausedQueues;
	readonly journal: DeskJournal;
	readonly clock: Clock;
}

/** An armed trigger, and how it is with its queue. */
export interface QueueConsumption {
	readonly armed: ArmedQueue;
	readonly state: ConnectionState;
	/** Messages it has without a verdict. */
	readonly workingCount: number;
	readonly isPaused: boolean;
}

export interface QueueSource extends TriggerSource {
	readonly consumptions: () => readonly QueueConsumption[];
	/** A person stopped consuming queues of this name here, or goes on with it. */
	readonly paused: () => ReadonlySet<string>;
	setPaused(queue: string, isPaused: boolean, origin: {readonly by: string; readonly via: string}): Promise<void>;
	/** @param url `undefined`: the default one of the backend. */
	serverAt(kind: QueueBackend['kind'], url: string | undefined): QueueServer;
}

interface Consuming {
	readonly armed: ArmedQueue;
	/** What it was started with: anything else is another consumer. */
	readonly fingerprint: string;
	consumer: Consumer | undefined;
	state: ConnectionState;
	workingCount: number;
}

/** Consumes the queues of armed triggers. */
export const createQueueSource = (parts: QueueSourceParts) => {
	const {backends, claims, paused, journal, clock} = parts;
	const consuming = new Map<string, Consuming>();
	const pausedQueues = new Set(paused.all());
	let armed: readonly ArmedQueue[] = [];
	let worker: Worker;
	/** One change after the other. */
	let turn: Promise<unknown> = Promise.resolve();

	const serverAt = (kind: QueueBackend['kind'], url: string | undefined): QueueServer =>
		backends.find(backend => backend.kind === kind)!.at(url);

	const start = (each: ArmedQueue, fingerprint: string): void => {
		const {name: queue, backend, concurrency, urlSecretName} = each.trigger;
		const url = urlOf(each);
		const place = placeOf(backend, url, queue);
		if (urlSecretName !== undefined && url === undefined) {
			const detail = `the secret ${urlSecretName} with its address is not set: \`aiworkflow trust\` in a shell that has it`;
			const state = {status: 'waiting', detail} as const;
			consuming.set(each.key, {armed: each, fingerprint, consumer: undefined, state, workingCount: 0});
			return;
		}

		const deliver = async (message: QueueMessage, signal: AbortSignal): Promise<Verdict> => {
			entry.workingCount++;
			try {
				const verdict = await worker(each, place, message, signal);
				if (verdict.kind === 'dead') noteDeath(each, message, verdict.reason);
				return verdict;
			} finally {
				entry.workingCount--;
			}
		};
		const entry: Consuming = {
			...{armed: each, fingerprint, consumer: undefined, state: {status: 'connecting'}, workingCount: 0},
		};
		consuming.set(each.key, entry);
		entry.consumer = serverAt(backend, url).consume({
			...{queue, concurrency, deliver},
			onState(state) {
				entry.state = state;
			},
		});
	};

	const noteDeath = ({trigger, workspace, file}: ArmedQueue, {id, attempt}: QueueMessage, reason: string): void => {
		const {name: queue, backend, id: triggerId} = trigger;
		const body = {queue, backend, message: id, attempt, workspace, file, trigger: triggerId, reason};
		journal.append(null, 0, {type: 'message.buried', body}, clock.now());
	};

	/** Ends what is not wanted any more and starts what is. */
	const settle = async (): Promise<void> => {
		const wanted = new Map(
			armed.filter(({trigger}) => !pausedQueues.has(trigger.name)).map(each => [each.key, [each, fingerprintOf(each)]]),
		) as Map<string, readonly [ArmedQueue, string]>;
		const obsolete = [...consuming].filter(([key, {fingerprint}]) => wanted.get(key)?.[1] !== fingerprint);
		await Promise.all(
			obsolete.map(async ([key, {consumer}]) => {
				await consumer?.stop();
				consuming.delete(key);
			}),
		);
		for (const [key, [each, fingerprint]] of wanted) if (!consuming.has(key)) start(each, fingerprint);
	};

	const inTurn = (task: () => Promise<void>): Promise<void> => {
		const next = turn.then(task);
		turn = next.catch(() => undefined);
		return next;
	};

	const source: QueueSource = {
		kind: 'queue',
		arm: triggers =>
			inTurn(async () => {
				armed = triggers as readonly ArmedQueue[];
				await settle();
			}),
		stop: () =>
			inTurn(async () => {
				armed = [];
				await settle();
			}),
		consumptions: () =>
			armed.map(each => {
				const {state = {status: 'waiting', detail: 'it is not consumed here'} as const, workingCount = 0} =
					consuming.get(each.key) ?? {};
				return {armed: each, state, workingCount, isPaused: pausedQueues.has(each.trigger.name)};
			}),
		paused: () => pausedQueues,
		async setPaused(queue, isPaused, origin) {
			await inTurn(async () => {
				journal.project(() => (isPaused ? paused.write(queue, clock.now(), origin) : paused.remove(queue)));
				await journal.durable();
				if (isPaused) pausedQueues.add(queue);
				else pausedQueues.delete(queue);
				await settle();
			});
		},
		serverAt,
	};
	return {
		...source,
		/** Before anything is armed. */
		withDesk(desk: TriggerDesk): QueueSource {
			worker = createWorker({desk, claims, journal, clock, find: key => armed.find(each => each.key === key)});
			return source;
		},
	};
};

/** @returns `undefined` where the trigger has no address of its own, or where its secret is not set. */
export const urlOf = ({trigger, secrets}: ArmedQueue): string | undefined =>
	trigger.urlSecretName === undefined ? undefined : secrets[trigger.urlSecretName];

/** Names a queue among those of all servers; an address may hold a password. */
const placeOf = (backend: string, url: string | undefined, queue: string): string =>
	`${backend} ${url === undefined ? '' : createHash('sha256').update(url).digest('hex').slice(0, 16)} ${queue}`;

const fingerprintOf = (each: ArmedQueue): string => JSON.stringify([each.trigger, urlOf(each)]);
