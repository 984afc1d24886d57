import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {setTimeout as delay} from 'node:timers/promises';
import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {ChildOptions} from '../child.ts';
import {asUnsent, toolAnswerInvalid, toolAnswerTooLarge, toolUnreachable} from '../failures.ts';
import {readLines} from '../lines.ts';
import {keyOf, openServersIn, serverSocketOf} from '../open-servers.ts';
import type {OpenTool} from '../parts.ts';
import {startServer} from './own-server.ts';
import type {SharedAnswer, SharedRequest} from './shared-protocol.ts';
import {replaceHost, startHost} from './start-host.ts';

export interface SharedServerOptions {
	readonly tool: string;
	readonly implementation: string;
	readonly workspace: string;
	/** Of the sockets. */
	readonly folder: string;
	readonly program: ChildOptions;
	readonly idleMs: number;
}

/** A server that calls share, one after the other and at once; it is started where it is not open. */
export const openSharedServer = async (options: SharedServerOptions, signal: AbortSignal): Promise<OpenTool> => {
	const program = {...options.program, environment: sharedEnvironmentOf(options)};
	const {tool, folder, workspace, implementation, idleMs} = options;
	const settings = [tool, implementation, workspace, program.command, program.args, program.cwd, idleMs];
	const environment = Object.entries(program.environment).toSorted(([a], [b]) => (a < b ? -1 : 1));
	const key = keyOf(JSON.stringify([settings, environment]));
	const open = openServersIn(folder);
	if (open.length >= limits.toolServersOpenMax && !open.some(each => each.key === key))
		return startServer(program, signal);

	let connection: Connection | undefined;
	const connected = async (signal: AbortSignal): Promise<Connection> => {
		if (!connection || connection.isOver()) connection = await connectTo({...options, program}, key, signal);
		return connection;
	};

	const ask = async (request: NewRequest, signal: AbortSignal): Promise<SharedAnswer> => {
		for (let times = 0; times < 5; times++) {
			const answer = await (await connected(signal)).ask(request, signal);
			if (!('isGone' in answer)) return answer;
			connection?.close();
			connection = undefined;
		}

		throw asUnsent(toolUnreachable(tool, 'ends as soon as it is started'));
	};

	// Whoever opens it learns here that it cannot be.
	await connected(signal);
	return {
		async operations(signal) {
			const answer = await ask({method: 'operations'}, signal);
			return 'operations' in answer ? answer.operations : refused(tool, answer);
		},
		async call(call, signal) {
			const answer = await ask({method: 'call', call}, signal);
			return 'result' in answer ? answer.result : refused(tool, answer);
		},
		close: async () => connection?.close(),
	};
};

type NewRequest = SharedRequest extends infer Request
	? Request extends {id: number}
		? Omit<Request, 'id'>
		: never
	: never;

const refused = (tool: string, answer: SharedAnswer): never => {
	if (!('failure' in answer)) throw toolAnswerInvalid(tool, 'answered what was not asked');
	const error = new AiworkflowError(answer.failure);
	throw answer.isUnsent ? asUnsent(error) : error;
};

/**
 * The server is no attempt's own, so it is given nothing of one: others with the same environment otherwise use it too.
 * Its marks say that it must not decide about runs.
 */
const sharedEnvironmentOf = ({program, tool, implementation}: SharedServerOptions): Record<string, string> => ({
	...Object.fromEntries(Object.entries(program.environment).filter(([name]) => !isOfAttempt(name))),
	AIWORKFLOW_RUN_ID: 'tool',
	AIWORKFLOW_STEP_ID: `${tool}/${implementation}`,
});

const isOfAttempt = (name: string): boolean =>
	ofShell.has(name) || name.startsWith('INPUT_') || (name.startsWith('AIWORKFLOW_') && name !== 'AIWORKFLOW_HOME');

/** Shells set these as they start programs; `OUTPUT` is a file of one attempt. */
const ofShell: ReadonlySet<string> = new Set(['PWD', 'OLDPWD', 'SHLVL', '_', 'OUTPUT']);

interface Connection {
	ask(request: NewRequest, signal: AbortSignal): Promise<SharedAnswer>;
	isOver(): boolean;
	close(): void;
}

/** Starts it where nobody answers, and replaces it where nobody greets. */
const connectTo = async (options: SharedServerOptions, key: string, signal: AbortSignal): Promise<Connection> => {
	const {folder, tool} = options;
	for (let times = 0; times < 3; times++) {
		signal.throwIfAborted();
		const socket = await socketTo(serverSocketOf(folder, key));
		if (!socket) {
			await startHost(options, key, signal);
			continue;
		}

		const connection = await greeted(tool, socket);
		if (connection) return connection;
		replaceHost(folder, key);
	}

	throw asUnsent(toolUnreachable(tool, 'cannot be kept open: the process that should answer does not'));
};

const socketTo = async (path: string): Promise<Socket | undefined> => {
	const socket = connect(path);
	try {
		await once(socket, 'connect');
		return socket;
	} catch {
		return undefined;
	}
};

const greeted = async (tool: string, socket: Socket): Promise<Connection | undefined> => {
	const waiting = new Map<number, PromiseWithResolvers<SharedAnswer>>();
	const hello = Promise.withResolvers<boolean>();
	let isOver = false;
	let last = 0;
	const end = (failure: AiworkflowError) => {
		isOver = true;
		hello.resolve(false);
		for (const {reject} of waiting.values()) reject(failure);
		waiting.clear();
		socket.destroy();
	};

	readLines(socket, {
		// The text of an answer may be the whole of it once more.
		bytesMax: 3 * limits.toolAnswerBytesMax,
		onLine(line) {
			const answer = JSON.parse(line) as SharedAnswer;
			if ('hello' in answer) return hello.resolve(true);
			waiting.get(answer.id)?.resolve(answer);
			waiting.delete(answer.id);
		},
		onTooLong: () => end(toolAnswerTooLarge(tool)),
	});
	socket.on('close', () => end(toolUnreachable(tool, 'ended in the middle')));
	const isGreeted = await Promise.race([hello.promise, delay(limits.toolNonsenseMs, false, {ref: false})]);
	if (!isGreeted) {
		socket.destroy();
		return undefined;
	}

	return {
		isOver: () => isOver,
		close: () => socket.destroy(),
		async ask(request, signal) {
			signal.throwIfAborted();
			if (isOver) return {id: 0, isGone: true};
			const id = ++last;
			const answer = Promise.withResolvers<SharedAnswer>();
			waiting.set(id, answer);
			socket.write(`${JSON.stringify({...request, id})}\n`);
			const abort = () => {
				waiting.delete(id);
				if (!isOver) socket.write(`${JSON.stringify({id, method: 'cancel'})}\n`);
				answer.reject(signal.reason);
			};
			signal.addEventListener('abort', abort, {once: true});
			return answer.promise.finally(() => signal.removeEventListener('abort', abort));
		},
	};
};
