import type {IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import fastify, {type FastifyInstance, type FastifyReply, type FastifyRequest} from 'fastify';
import {limits} from '../../../source/limits.ts';
import type {ListenAddress} from '../../store/webhooks.ts';
import {type Answer, notFound, overloaded, type Reception, type RequestHead, tooLarge} from './receive.ts';

export interface Listener {
	/** The port that it has, where it was asked for any. */
	readonly port: number;
	close(): Promise<void>;
}

export interface ListenerParts {
	readonly reception: Pick<Reception, 'refusalOf' | 'receive' | 'waitCount'>;
	/** Hears of each answer. */
	readonly onAnswer: (path: string, answer: Answer) => void;
	/** How long a request may take to arrive. Default: `limits.webhookRequestMs`. */
	readonly requestMs?: number;
}

/**
 * Listens for requests, and does nothing but hand their bytes on, as they came.
 *
 * @throws What the system says where it cannot listen there.
 */
export const openListener = async ({host, port}: ListenAddress, parts: ListenerParts): Promise<Listener> => {
	const server = serverOf(parts);
	await server.listen({host, port});
	return {
		port: (server.server.address() as AddressInfo).port,
		close: () => server.close(),
	};
};

const serverOf = ({reception, onAnswer, requestMs = limits.webhookRequestMs}: ListenerParts): FastifyInstance => {
	/** Requests that have no answer yet. */
	let openCount = 0;
	const server = fastify({
		logger: false,
		forceCloseConnections: true,
		exposeHeadRoutes: false,
		requestTimeout: requestMs,
		keepAliveTimeout: limits.webhookIdleMs,
		// Node looks at both only where it is told of both when the server is made.
		http: {
			requestTimeout: requestMs,
			headersTimeout: requestMs,
			connectionsCheckingInterval: Math.min(1000, requestMs),
		},
	});
	server.server.maxConnections = limits.webhookConnectionsMax;
	const send = (request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply => {
		onAnswer(pathOf(request), answer);
		return reply
			.code(answer.status)
			.headers({...answer.headers})
			.type('application/json')
			.send(`${JSON.stringify(answer.body)}\n`);
	};

	server.addHook('onRequest', async (request, reply) => {
		openCount++;
		reply.raw.once('close', () => openCount--);
		const isOverloaded = openCount - reception.waitCount() > limits.webhookRequestsOpenMax;
		const answer = isOverloaded ? overloaded() : reception.refusalOf(headOf(request));
		if (!answer) return undefined;
		await discard(request.raw, reply);
		return send(request, reply, answer);
	});
	server.removeAllContentTypeParsers();
	// What is signed are the bytes: nothing may touch them before the signature was looked at.
	server.addContentTypeParser('*', async (_request: FastifyRequest, payload: IncomingMessage) => bytesOf(payload));
	server.all('/*', async (request, reply) => {
		const bytes = request.body as Buffer | 'too-large' | undefined;
		if (bytes === 'too-large') {
			void reply.header('connection', 'close');
			return send(request, reply, tooLarge());
		}

		return send(request, reply, await reception.receive(headOf(request), bytes ?? Buffer.alloc(0)));
	});
	server.setNotFoundHandler((request, reply) => send(request, reply, notFound('unknown path')));
	server.setErrorHandler((error, request, reply) => {
		const {statusCode = 400} = error as {readonly statusCode?: number};
		const status = statusCode >= 400 && statusCode < 500 ? statusCode : 400;
		const message = 'The request cannot be read.';
		return send(request, reply, {status, body: {error: {code: 'webhook.invalid', message}}, refusal: 'unreadable'});
	});
	return server;
};

const pathOf = ({raw}: FastifyRequest): string => (raw.url ?? '').split('?', 1)[0]!;

const headOf = (request: FastifyRequest): RequestHead => {
	const path = pathOf(request);
	return {
		method: request.method,
		path,
		query: (request.raw.url ?? '').slice(path.length + 1),
		headers: Object.fromEntries(
			Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
		),
		peer: request.socket.remoteAddress,
	};
};

/** Too much of it is read on for a while and thrown away: who hears an answer while sending often misses it. */
const bytesOf = async (payload: IncomingMessage): Promise<Buffer | 'too-large'> => {
	const chunks: Buffer[] = [];
	let sizeBytes = 0;
	for await (const chunk of payload.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>) {
		sizeBytes += chunk.length;
		if (sizeBytes <= limits.webhookBodyBytesMax) chunks.push(chunk);
		else chunks.length = 0;
		if (sizeBytes > limits.webhookDiscardBytesMax) return 'too-large';
	}

	return sizeBytes > limits.webhookBodyBytesMax ? 'too-large' : Buffer.concat(chunks);
};

/** The rest of a request that was refused, up to the limit; after that the connection is ended with the answer. */
const discard = async (raw: IncomingMessage, reply: FastifyReply): Promise<void> => {
	const hasBody = raw.headers['content-length'] !== undefined || raw.headers['transfer-encoding'] !== undefined;
	if (!hasBody) return;
	const isHuge = Number(raw.headers['content-length'] ?? 0) > limits.webhookDiscardBytesMax;
	if (isHuge || !(await isReadThrough(raw))) void reply.header('connection', 'close');
};

const isReadThrough = async (raw: IncomingMessage): Promise<boolean> => {
	let sizeBytes = 0;
	for await (const chunk of raw.iterator({destroyOnReturn: false}) as AsyncIterable<Buffer>) {
		sizeBytes += chunk.length;
		if (sizeBytes > limits.webhookDiscardBytesMax) return false;
	}

	return true;
};
