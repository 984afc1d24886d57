import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {AiworkflowError, failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {
	toolAnswerInvalid,
	toolAnswerTooLarge,
	toolRateLimited,
	toolUnauthenticated,
	toolUnreachable,
} from '../failures.ts';

/** A server at an address. Every answer is counted before it is parsed, and one that breaks off ends its request. */
export const createHttpTransport = (
	tool: string,
	url: string,
	headers: Readonly<Record<string, string>>,
): StreamableHTTPClientTransport => {
	const open = new Map<unknown, NodeJS.Timeout | undefined>();
	let unread: Error | undefined;

	const giveUp = (id: unknown, failure: AiworkflowError) => {
		open.delete(id);
		const error = {code: brokenOff, message: failure.message, data: failureOf(failure)};
		transport.onmessage?.({jsonrpc: '2.0', id: id as string, error});
	};

	/** An answer may still come over another connection, where the server lets its streams be resumed. */
	const breakOff = (id: unknown, failure?: AiworkflowError) => {
		if (!open.has(id)) return;
		if (failure) return giveUp(id, failure);
		open.set(
			id,
			setTimeout(() => {
				const nonsense = unread && toolAnswerInvalid(tool, `answered with what is no message: ${firstLineOf(unread)}`);
				giveUp(id, nonsense ?? toolUnreachable(tool, 'broke off before the end of its answer'));
			}, limits.toolNonsenseMs),
		);
	};

	const ask: typeof fetch = async (input, init) => {
		const isListening = init?.method === 'GET' && !new Headers(init.headers).has('last-event-id');
		// What a server has to say unasked is nothing that a call waits for.
		if (isListening) return new Response(null, {status: 405});
		const id = requestIdIn(init?.body);
		if (id !== undefined) open.set(id, undefined);
		const response = await fetched(tool, input, init);
		await refuseFailed(tool, response);
		if (!response.body) return response;
		const body = counted(tool, response.body, failure => breakOff(id, failure));
		const {status, statusText} = response;
		const copy = new Response(body, {status, statusText, headers: response.headers});
		Object.defineProperty(copy, 'url', {value: response.url});
		return copy;
	};

	const transport = new StreamableHTTPClientTransport(new URL(url), {requestInit: {headers}, fetch: ask});
	const close = transport.close.bind(transport);
	return Object.assign(transport, {
		close: async () => {
			for (const timer of open.values()) clearTimeout(timer);
			open.clear();
			await close();
		},
		/** Called with each message, before whoever waits for it. */
		onmessage(message: {id?: unknown}) {
			clearTimeout(open.get(message.id));
			open.delete(message.id);
		},
		onerror(error: Error) {
			if (error instanceof SyntaxError || 'issues' in error) unread = error;
		},
	});
};

/** Of errors that stand for an answer which never came, with the failure as their data. */
export const brokenOff = -32_099;

const requestIdIn = (body: unknown): unknown => {
	try {
		const message = JSON.parse(String(body)) as {id?: unknown; method?: unknown};
		return message.method === undefined ? undefined : message.id;
	} catch {
		return undefined;
	}
};

const fetched = async (tool: string, ...[input, init]: Parameters<typeof fetch>): Promise<Response> => {
	try {
		return await fetch(input, init);
	} catch (error) {
		if (init?.signal?.aborted) throw error;
		const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
		throw toolUnreachable(tool, `cannot be reached: ${cause?.message || (error as Error).message}`, '', error);
	}
};

/** @throws AiworkflowError For the statuses that say more than that it did not work. */
const refuseFailed = async (tool: string, response: Response): Promise<void> => {
	const {status, headers} = response;
	const failure = failureOfStatus(tool, status, headers.get('retry-after'));
	if (!failure) return;
	await response.body?.cancel();
	throw failure;
};

const failureOfStatus = (tool: string, status: number, retryAfter: string | null): AiworkflowError | undefined => {
	if (status === 401 || status === 403) return toolUnauthenticated(tool, `its server answered ${status}`);
	if (status === 429) return toolRateLimited(tool, 'its server answered 429', resetAtMsOf(retryAfter));
	return status >= 500 ? toolUnreachable(tool, `does not work: its server answered ${status}`) : undefined;
};

/** Seconds, or a date. */
const resetAtMsOf = (retryAfter: string | null): number | undefined => {
	if (retryAfter === null) return undefined;
	if (/^\d+$/.test(retryAfter)) return Date.now() + Number(retryAfter) * 1000;
	const atMs = Date.parse(retryAfter);
	return Number.isNaN(atMs) ? undefined : atMs;
};

const firstLineOf = ({message}: Error): string => message.replaceAll(/\s+/g, ' ').slice(0, 120);

/** @param onEnd Called once, with why it is not read to its end. */
const counted = (
	tool: string,
	body: ReadableStream<Uint8Array>,
	onEnd: (failure?: AiworkflowError) => void,
): ReadableStream<Uint8Array> => {
	const reader = body.getReader();
	let size = 0;
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const {done, value} = await reader.read();
				size += value?.byteLength ?? 0;
				if (size > 2 * limits.toolAnswerBytesMax) throw toolAnswerTooLarge(tool);
				if (!done) return controller.enqueue(value);
				controller.close();
				onEnd();
			} catch (error) {
				void reader.cancel().catch(() => {});
				controller.error(error);
				onEnd(error instanceof AiworkflowError ? error : undefined);
			}
		},
		cancel: async reason => reader.cancel(reason),
	});
};
