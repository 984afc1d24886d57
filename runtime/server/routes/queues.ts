import type {FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {
	deadLettersRequest,
	publishRequest,
	purgeRequest,
	queueParams,
	queuesQuery,
	queueWorkerRequest,
	replayRequest,
} from '../../../source/api/contract.ts';
import type {DeadLetterView, PublishedMessage, QueueConsumerView, QueueView} from '../../../source/api/messages.ts';
import {AiworkflowError} from '../../../source/errors.ts';
import type {QueueStatus} from '../../triggers/queue/desk.ts';
import type {DeadLetter} from '../../triggers/queue/parts.ts';
import type {QueueConsumption} from '../../triggers/queue/source.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

/** The address of a server may hold a password, so it travels in bodies only. */
export const registerQueues = (server: Server, {queues}: DaemonParts): void => {
	const views = async (queue?: string) => ({queues: (await queues.status(queue)).map(viewOf)});
	server.get(
		'/queues',
		{
			schema: {
				tags: ['queues'],
				summary: 'The queues of armed triggers, and embedded ones that hold something',
				querystring: queuesQuery,
			},
		},
		async (request): Promise<{queues: QueueView[]}> => views((request.query as z.output<typeof queuesQuery>).queue),
	);
	server.post(
		'/queues/:name/messages',
		{
			schema: {
				tags: ['queues'],
				summary: 'Publish a message; it is as durable as its server makes it when this answers',
				params: queueParams,
				body: publishRequest,
			},
		},
		async (request, reply): Promise<PublishedMessage> => {
			const {body = null, ...rest} = request.body as z.output<typeof publishRequest>;
			const published = await queues.publish(nameOf(request), {...rest, body});
			void reply.code(202);
			return published;
		},
	);
	server.post(
		'/queues/:name/dead',
		{
			schema: {
				tags: ['queues'],
				summary: 'Its dead letters, the oldest first',
				params: queueParams,
				body: deadLettersRequest,
			},
		},
		async (request): Promise<{messages: DeadLetterView[]}> => {
			const place = request.body as z.output<typeof deadLettersRequest>;
			return {messages: (await queues.dead(nameOf(request), place)).map(deadLetterViewOf)};
		},
	);
	server.post(
		'/queues/:name/replay',
		{
			schema: {
				tags: ['queues'],
				summary: 'Put dead letters back, as first attempts',
				params: queueParams,
				body: replayRequest,
			},
		},
		async (request): Promise<{count: number}> => {
			refuseInside(request, 'be changed');
			const {ids, ...place} = request.body as z.output<typeof replayRequest>;
			return {count: await queues.replay(nameOf(request), ids, place)};
		},
	);
	server.post(
		'/queues/:name/purge',
		{
			schema: {
				tags: ['queues'],
				summary: 'Remove what waits, or the dead letters; what is worked on stays',
				params: queueParams,
				body: purgeRequest,
			},
		},
		async (request): Promise<{count: number}> => {
			refuseInside(request, 'be emptied');
			const {what, ...place} = request.body as z.output<typeof purgeRequest>;
			return {count: await queues.purge(nameOf(request), what, place)};
		},
	);
	server.post(
		'/queues/:name/worker',
		{
			schema: {
				tags: ['queues'],
				summary: 'Stop consuming queues of this name here, or go on; what runs goes on',
				params: queueParams,
				body: queueWorkerRequest,
			},
		},
		async (request): Promise<{queues: QueueView[]}> => {
			refuseInside(request, 'be stopped or started');
			const {isOn, origin} = request.body as z.output<typeof queueWorkerRequest>;
			await queues.setPaused(nameOf(request), !isOn, origin);
			return views(nameOf(request));
		},
	);
};

const nameOf = (request: FastifyRequest): string => (request.params as z.output<typeof queueParams>).name;

/** A step may publish: what it starts is tainted like everything that comes from a queue. It may not do more. */
const refuseInside = (request: FastifyRequest, verb: string): void => {
	const inside = attemptOfCaller(request);
	if (inside === undefined) return;
	throw new AiworkflowError({
		code: 'queue.denied',
		message: `A queue cannot ${verb} from inside run ${inside}: a step may publish, and nothing else.`,
		suggestion: 'Do it yourself, from a terminal that the run did not start.',
	});
};

const isoOf = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

const viewOf = ({queue, backend, counts, problem, isPaused, consumers}: QueueStatus): QueueView => ({
	...{queue, backend, isPaused},
	ready: counts?.ready ?? null,
	delayed: counts?.delayed ?? null,
	working: Math.max(
		counts?.working ?? 0,
		consumers.reduce((sum, {workingCount}) => sum + workingCount, 0),
	),
	dead: counts?.dead ?? null,
	problem: problem ?? null,
	consumers: consumers.map(consumerViewOf),
});

const consumerViewOf = ({armed, state, workingCount, isPaused}: QueueConsumption): QueueConsumerView => ({
	workspace: armed.workspace,
	file: armed.file,
	workflow: armed.workflow,
	trigger: armed.trigger.id,
	concurrency: armed.trigger.concurrency,
	working: workingCount,
	connection: isPaused ? 'paused' : state.status,
	detail: isPaused ? null : (state.detail ?? null),
	retryAt: isPaused ? null : isoOf(state.retryAtMs),
});

const deadLetterViewOf = ({id, body, priority, attempt, replays, reason, diedAtMs}: DeadLetter): DeadLetterView => ({
	...{id, body, priority, attempt, replays, reason},
	diedAt: isoOf(diedAtMs),
});
