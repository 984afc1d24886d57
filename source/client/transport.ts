import type {IncomingMessage} from 'node:http';
import {AiworkflowError, daemonUnintelligible, daemonUnreachable} from '../errors.ts';
import {failureOfBody} from './failures.ts';
import {isAborted, isCut, isNotListening, type RequestOptions, readText, send} from './request.ts';

export interface Transport {
	readonly socketPath: string;
	/** Sends a request and reads its JSON answer. */
	readonly json: <T>(options: TransportOptions) => Promise<T>;
	/** Sends a request and hands over its answer as it comes. */
	readonly stream: (options: TransportOptions) => Promise<IncomingMessage>;
	/** Whether a daemon answers; starts none. */
	readonly isAnswering: () => Promise<boolean>;
}

export interface TransportOptions extends RequestOptions {
	/** Whether a daemon may be started for this request. Default: true, where the client may at all. */
	readonly mayStart?: boolean;
}

interface Settings {
	readonly socketPath: string;
	/** Absent: a daemon that does not run is a failure. */
	readonly startDaemon?: (isAnswering: () => Promise<boolean>) => Promise<void>;
}

/** Requests with the failures of both ends told as `AiworkflowError`. */
export const createTransport = ({socketPath, startDaemon}: Settings): Transport => {
	let starting: Promise<void> | undefined;

	const isAnswering = async () => {
		try {
			const response = await send(socketPath, {path: '/v1/health'});
			response.resume();
			return true;
		} catch {
			return false;
		}
	};

	/** Requests that find no daemon at the same time start one together. */
	const startOnce = () => {
		starting ??= startDaemon!(isAnswering).finally(() => {
			starting = undefined;
		});
		return starting;
	};

	const stream = async ({mayStart = true, ...options}: TransportOptions): Promise<IncomingMessage> => {
		try {
			const response = await send(socketPath, options).catch(async error => {
				// Safe for any method where nobody took the connection; where it was cut, as by a daemon that is being killed,
				// only for one that changes nothing.
				const isRepeatable = isNotListening(error) || (isCut(error) && (options.method ?? 'GET') === 'GET');
				if (!isRepeatable || !startDaemon || !mayStart) throw error;
				await startOnce();
				return send(socketPath, options);
			});
			if ((response.statusCode ?? 500) < 400) return response;
			throw await failureOfAnswer(socketPath, options, response);
		} catch (error) {
			throw toldFailure(socketPath, error);
		}
	};

	const json = async <T>(options: TransportOptions): Promise<T> => {
		const response = await stream(options);
		const body = await readText(response).catch(error => {
			throw toldFailure(socketPath, error);
		});
		try {
			return JSON.parse(body === '' ? 'null' : body) as T;
		} catch {
			throw daemonUnintelligible(socketPath, titleOf(options), response.statusCode ?? 0, body);
		}
	};

	return {socketPath, json, stream, isAnswering};
};

const failureOfAnswer = async (socketPath: string, options: RequestOptions, response: IncomingMessage) => {
	const body = await readText(response);
	const failure = failureOfBody(body);
	return failure
		? new AiworkflowError(failure)
		: daemonUnintelligible(socketPath, titleOf(options), response.statusCode ?? 0, body);
};

/** @returns An error of the socket as `daemon.unreachable`; what was told before, or asked for by a signal, as it is. */
export const toldFailure = (socketPath: string, error: unknown): unknown => {
	if (error instanceof AiworkflowError || isAborted(error)) return error;
	if (isNotListening(error)) return daemonUnreachable(socketPath, 'nothing listens there.');
	const detail = error instanceof Error ? error.message : String(error);
	return daemonUnreachable(socketPath, `the connection broke (${detail}).`);
};

const titleOf = ({method = 'GET', path}: RequestOptions) => `${method} ${path.split('?')[0]}`;
