import type {Job, Queue} from 'bullmq';
import type {Redis} from 'ioredis';
import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {type Priority, priorities} from '../../../source/workflow/queues.ts';
import type {Clock} from '../../engine/parts.ts';
import {type Envelope, messageOf, priorityOfRank, rankOf} from './envelope.ts';
import {queueUnreachable, reasonOf} from './failures.ts';
import {loadPackage} from './load-package.ts';
import type {ConsumeOptions, Consumer, DeadLetter, QueueBackend, QueueMessage, QueueServer} from './parts.ts';
import {reconnectDelayMs, withinServerTime} from './reconnect.ts';

/** Queues of BullMQ in Redis, under BullMQ's own prefix: other programs may add jobs to them. Dead letters are its failed jobs. */
export const createRedisBackend = (clock: Clock): QueueBackend => ({
	kind: 'redis',
	at: (url = 'redis://127.0.0.1:6379') => serverAt(url, clock),
});

/** What of ours is around the body of a job; a job of others has its body only. */
interface OurData extends Envelope {
	readonly aiworkflow: 1;
	readonly id: string;
	readonly body: unknown;
}

/** A job that a daemon works on is free again so long after that daemon was killed, at most twice as long. */
const lockMs = 10_000;
/** Done jobs stay so long that the server, too, knows an id that comes twice. */
const doneJobsKept = 1000;

const serverAt = (url: string, clock: Clock): QueueServer => ({
	consume: options => consume(url, clock, options),
	publish: (name, {id, body, priority, expiresAtMs}) =>
		withQueue(url, name, async queue => {
			const jobId = jobIdOf(id);
			const isKnown = (await queue.getJob(jobId)) !== undefined;
			const data: OurData = {aiworkflow: 1, id, body, ...(expiresAtMs !== undefined && {expiresAtMs})};
			await queue.add('message', data, {jobId, priority: jobPriorityOf(priority), removeOnComplete: doneJobsKept});
			return {isKnown};
		}),
	counts: (name, _delaysMs) =>
		withQueue(url, name, async queue => {
			const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed', 'active', 'failed');
			const {wait = 0, prioritized = 0, delayed = 0, active = 0, failed = 0} = counts;
			return {ready: wait + prioritized, delayed, working: active, dead: failed};
		}),
	dead: (name, countMax) =>
		withQueue(url, name, async queue => {
			// The newest come first.
			const jobs = (await queue.getFailed(0, -1)).toReversed().slice(0, countMax);
			return jobs.map(deadLetterOf);
		}),
	replay: (name, ids) =>
		withQueue(url, name, async queue => {
			const jobs = (await queue.getFailed(0, -1)).toReversed();
			const wanted = jobs.filter(job => ids === undefined || ids.includes(readMessage(job).id));
			for (const job of wanted) {
				const {id, body, replays} = readMessage(job);
				await job.updateData({aiworkflow: 1, id, body, attempt: 1, replays: replays + 1} satisfies OurData);
				await job.retry('failed');
			}

			return wanted.length;
		}),
	purge: (name, what) =>
		withQueue(url, name, async queue => {
			if (what === 'dead') return (await queue.clean(0, 0, 'failed')).length;
			const {wait = 0, prioritized = 0, delayed = 0} = await queue.getJobCounts('wait', 'prioritized', 'delayed');
			await queue.drain(true);
			return wait + prioritized + delayed;
		}),
});

const loadRedis = () =>
	loadPackage('Redis', ['bullmq', 'ioredis'], async () => {
		const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
		return {...bullmq, Redis: ioredis.Redis};
	});

/** @throws AiworkflowError `queue.unreachable`, `queue.package-missing`. */
const withQueue = async <T>(url: string, name: string, use: (queue: Queue) => Promise<T>): Promise<T> => {
	const {Queue, Redis} = await loadRedis();
	const client = new Redis(url, {
		...{lazyConnect: true, maxRetriesPerRequest: 1, connectTimeout: limits.queueServerMs},
		retryStrategy: () => null,
	});
	let refusal: unknown;
	client.on('error', error => {
		refusal = error;
	});
	try {
		await client.connect();
		const queue = new Queue(name, {connection: client, skipVersionCheck: true});
		queue.on('error', () => undefined);
		return await withinServerTime(use(queue), () => new Error('it does not answer'));
	} catch (error) {
		throw error instanceof AiworkflowError ? error : queueUnreachable('Redis', refusal ?? error);
	} finally {
		client.disconnect();
	}
};

const consume = (url: string, clock: Clock, {queue, concurrency, deliver, onState}: ConsumeOptions): Consumer => {
	const ending = new AbortController();
	onState({status: 'connecting'});
	const started = (async () => {
		const bullmq = await loadRedis();
		const {Worker, Redis, DelayedError, UnrecoverableError, WaitingError} = bullmq;
		const client = watchedClient(Redis, url, clock, onState);
		const process = async (job: Job, token?: string): Promise<void> => {
			const message = readMessage(job);
			const verdict = await deliver(message, ending.signal);
			if (verdict.kind === 'done') return;
			if (verdict.kind === 'dead') throw new UnrecoverableError(verdict.reason);
			if (verdict.kind === 'release') {
				await job.moveToWait(token);
				throw new WaitingError();
			}

			const {id, body, attempt, replays} = message;
			await job.updateData({aiworkflow: 1, id, body, attempt: attempt + 1, replays} satisfies OurData);
			await job.moveToDelayed(Date.now() + verdict.delayMs, token);
			throw new DelayedError();
		};
		const worker = new Worker(queue, process, {
			...{connection: client, concurrency, skipVersionCheck: true, lockDuration: lockMs, stalledInterval: lockMs},
			// A daemon that was killed is no fault of the message.
			maxStalledCount: 1_000_000,
			removeOnComplete: {count: doneJobsKept},
		});
		// The connection tells of its own errors; a lock that was lost means that the job comes again, and is known.
		worker.on('error', () => undefined);
		return {client, worker};
	})();
	started.catch(error => onState({status: 'waiting', detail: reasonOf(error)}));
	return {
		async stop() {
			const running = await started.catch(() => undefined);
			ending.abort();
			if (!running) return;
			const {client, worker} = running;
			// Nothing can be given back to a server that is not there: its lock on it ends by itself.
			const isThere = client.status === 'ready';
			await withinServerTime(worker.close(!isThere), () => new Error('late')).catch(() => undefined);
			client.disconnect();
		},
	};
};

/** Comes back by itself, for ever, and says how it is. */
const watchedClient = (Client: typeof Redis, url: string, clock: Clock, onState: ConsumeOptions['onState']): Redis => {
	let detail = 'the server closed the connection';
	const client = new Client(url, {
		maxRetriesPerRequest: null,
		retryStrategy(failures) {
			const delayMs = reconnectDelayMs(failures);
			onState({status: 'waiting', detail, retryAtMs: clock.now() + delayMs});
			return delayMs;
		},
	});
	client.on('error', error => {
		detail = reasonOf(error);
	});
	client.on('ready', () => {
		detail = 'the server closed the connection';
		onState({status: 'connected'});
	});
	return client;
};

/** Ids of jobs have no colon, and are no numbers, unless BullMQ made them. */
const jobIdOf = (id: string): string => `m-${encodeURIComponent(id)}`;

/** In BullMQ the smallest number is first, and none is before all. */
const jobPriorityOf = (priority: Priority): number => priorities.length + 1 - rankOf(priority);

const isOurs = (data: unknown): data is OurData =>
	typeof data === 'object' && data !== null && (data as OurData).aiworkflow === 1;

const readMessage = ({id = '', data, timestamp, opts}: Job): QueueMessage => {
	const rank = opts.priority ? priorities.length + 1 - opts.priority : undefined;
	const priority = priorityOfRank(rank);
	// Numbers of jobs begin again at 1 when a server lost its data.
	if (!isOurs(data)) return messageOf(/^\d+$/.test(id) ? `${id}@${timestamp}` : id, data, priority, {});
	return messageOf(data.id, data.body, priority, data);
};

const deadLetterOf = (job: Job): DeadLetter => ({
	...readMessage(job),
	reason: job.failedReason,
	...(job.finishedOn !== undefined && {diedAtMs: job.finishedOn}),
});
