import {chmodSync, renameSync, rmSync, statSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import process from 'node:process';
import {setTimeout as delay} from 'node:timers/promises';
import {failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {identityOf} from '../../attempts/process-identity.ts';
import {writeWhole} from '../../attempts/write-whole.ts';
import {isUnsent} from '../failures.ts';
import {readLines} from '../lines.ts';
import {type OpenServer, serverFileOf, serverSocketOf} from '../open-servers.ts';
import {type OwnServer, startServer} from './own-server.ts';
import type {ServerHostRequest, SharedAnswer, SharedRequest} from './shared-protocol.ts';

/** How often it looks whether its socket is still its own. */
const watchMs = 5000;

/**
 * Keeps one server open for whoever calls it, until nobody has for a while, until it dies, or until it is asked to end.
 * Calls under way are finished first.
 */
export const keepServer = async (
	request: ServerHostRequest,
): Promise<{readonly ended: Promise<void>; end(): Promise<void>}> => {
	const {key, folder, tool, idleMs} = request;
	const {promise: ended, resolve: settleEnded} = Promise.withResolvers<void>();
	const sockets = new Set<Socket>();
	const startedAtMs = Date.now();
	let server: OwnServer | undefined;
	let openCalls = 0;
	let idle: NodeJS.Timeout | undefined;
	let ending: Promise<void> | undefined;

	const tell = () => {
		const state: OpenServer = {
			...{key, tool, implementation: request.implementation, workspace: request.workspace},
			host: identityOf(process.pid)!,
			server: (server && identityOf(server.pid)) ?? null,
			...{openCalls, startedAtMs, usedAtMs: Date.now()},
		};
		writeWhole(serverFileOf(folder, key), JSON.stringify(state));
	};

	const rest = () => {
		clearTimeout(idle);
		if (openCalls > 0) return;
		if (ending) return settleIdle();
		idle = setTimeout(() => void end(), idleMs);
	};

	const {promise: isIdle, resolve: settleIdle} = Promise.withResolvers<void>();
	const end = (): Promise<void> => {
		ending ??= (async () => {
			clearTimeout(idle);
			clearInterval(watch);
			if (socketId() === ownSocketId) {
				rmSync(serverSocketOf(folder, key), {force: true});
				rmSync(serverFileOf(folder, key), {force: true});
			}

			if (openCalls > 0) await isIdle;
			for (const socket of sockets) socket.end();
			await (await starting.catch(() => undefined))?.close();
			// Answers that are still on their way.
			await delay(50);
			settleEnded();
		})();
		return ending;
	};

	const starting = startServer({...request, environment: process.env as Record<string, string>}, neverAborted);
	starting.then(
		started => {
			server = started;
			if (!ending) tell();
			void started.ended.then(end);
		},
		// Those who come for it are told why; the next one after them starts another.
		() => setTimeout(() => void end(), limits.toolNonsenseMs),
	);

	const work = async (message: SharedRequest, signal: AbortSignal): Promise<SharedAnswer> => {
		const {id} = message;
		const open = await starting.catch((error: unknown) => ({failure: failureOf(error)}));
		if ('failure' in open) return {id, failure: open.failure, isUnsent: true};
		try {
			if (message.method === 'operations') return {id, operations: await open.operations(signal)};
			if (message.method === 'call') return {id, result: await open.call(message.call, signal)};
			return {id, isGone: true};
		} catch (error) {
			return {id, failure: failureOf(error), isUnsent: isUnsent(error)};
		}
	};

	const serve = (socket: Socket) => {
		sockets.add(socket);
		const running = new Map<number, AbortController>();
		const send = (answer: SharedAnswer) => void (socket.writable && socket.write(`${JSON.stringify(answer)}\n`));
		const take = async (message: SharedRequest) => {
			if (message.method === 'cancel') return running.get(message.id)?.abort(new Error('nobody waits for it'));
			if (ending) return send({id: message.id, isGone: true});
			const stop = new AbortController();
			running.set(message.id, stop);
			openCalls++;
			clearTimeout(idle);
			tell();
			const answer = await work(message, stop.signal);
			running.delete(message.id);
			openCalls--;
			if (!ending) tell();
			send(answer);
			// A server that lets calls hang would let the next one hang too.
			if (stop.signal.aborted && !(await server?.isAlive())) void end();
			rest();
		};

		socket.on('close', () => {
			sockets.delete(socket);
			for (const stop of running.values()) stop.abort(new Error('nobody waits for it'));
		});
		readLines(socket, {
			bytesMax: limits.requestBytesMax,
			onLine(line) {
				const message = requestIn(line);
				if (message) void take(message);
				else socket.destroy();
			},
			onTooLong: () => socket.destroy(),
		});
		send({hello: true});
	};

	const socketPath = serverSocketOf(folder, key);
	const socketId = () => {
		const found = statSync(socketPath, {throwIfNoEntry: false, bigint: true});
		return found && `${found.dev}:${found.ino}`;
	};

	// Made beside its place and moved there: the socket is private, and listening, from the first moment on.
	const temporary = `${socketPath}.${process.pid}`;
	const listener = createServer({allowHalfOpen: true}, serve);
	await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(temporary, resolve));
	chmodSync(temporary, 0o600);
	renameSync(temporary, socketPath);
	const ownSocketId = socketId();
	tell();
	rest();
	const watch = setInterval(() => {
		if (openCalls === 0 && socketId() !== ownSocketId) void end();
	}, watchMs);
	return {ended, end};
};

const neverAborted = new AbortController().signal;

const requestIn = (line: string): SharedRequest | undefined => {
	try {
		return JSON.parse(line) as SharedRequest;
	} catch {
		return undefined;
	}
};
