import type {IncomingMessage} from 'node:http';
import {requestTooLarge} from '../errors.ts';
import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';

// An `import` of this module reads all its exports, the WebSocket of undici among them: 20 ms that nobody needs here.
const http = process.getBuiltinModule('node:http');

export interface RequestOptions {
	readonly method?: 'GET' | 'POST';
	/** With its query. */
	readonly path: string;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal;
	/** Default: `answerMsMax`. */
	readonly answerMsMax?: number;
}

/** A connection that stays silent for this long before the first byte of an answer counts as broken. */
export const answerMsMax = 30_000;

/**
 * One HTTP request over a Unix socket, which Node's `fetch` cannot speak to. Each has a connection of its own: a pooled
 * one may have been closed by a daemon that stopped in between, and a fresh one costs a tenth of a millisecond.
 *
 * @throws The error of the socket, as it comes; see `isNotListening`. AiworkflowError `request.invalid` for a body that
 * is too large.
 */
export const send = (socketPath: string, options: RequestOptions): Promise<IncomingMessage> =>
	new Promise((resolve, reject) => {
		const body = options.body === undefined ? undefined : JSON.stringify(options.body);
		const sizeBytes = body === undefined ? 0 : Buffer.byteLength(body);
		// The daemon would hang up in the middle of it, and its words would be lost with the connection.
		if (sizeBytes > limits.requestBytesMax)
			throw requestTooLarge(formatSize(sizeBytes), formatSize(limits.requestBytesMax));
		const waitMs = options.answerMsMax ?? answerMsMax;
		const request = http.request({
			socketPath,
			agent: false,
			method: options.method ?? 'GET',
			path: options.path,
			headers: {
				host: 'aiworkflow',
				...callerHeaders(process.env),
				...(body === undefined ? undefined : {'content-type': 'application/json', 'content-length': String(sizeBytes)}),
				...options.headers,
			},
			signal: options.signal,
		});
		const timer = setTimeout(() => {
			request.destroy(new Error(`no answer within ${waitMs / 1000} s`));
		}, waitMs);
		request.on('error', error => {
			clearTimeout(timer);
			reject(error);
		});
		request.on('response', response => {
			clearTimeout(timer);
			resolve(response);
		});
		request.end(body);
	});

/** Tells the daemon who calls, so that a step cannot answer the approvals of its own run. */
const callerHeaders = (environment: NodeJS.ProcessEnv): Record<string, string> => {
	const {AIWORKFLOW_RUN_ID: run, AIWORKFLOW_STEP_ID: step} = environment;
	return {
		'x-aiworkflow-pid': String(process.pid),
		...(run ? {'x-aiworkflow-inside': `${run}/${step ?? ''}`} : undefined),
	};
};

export const readText = async (response: IncomingMessage): Promise<string> => {
	const chunks: Buffer[] = [];
	for await (const chunk of response) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
};

/** Whether nobody took the connection, so that the request has certainly not been seen by anyone. */
export const isNotListening = (error: unknown): boolean => {
	const code = codeOf(error);
	return code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR';
};

/** Whether the connection was taken and ended before an answer. */
export const isCut = (error: unknown): boolean => {
	const code = codeOf(error);
	return code === 'ECONNRESET' || code === 'EPIPE';
};

export const isAborted = (error: unknown): boolean => codeOf(error) === 'ABORT_ERR';

const codeOf = (error: unknown) => (error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined);
