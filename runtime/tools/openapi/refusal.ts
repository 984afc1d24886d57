import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {isObject, type JsonObject} from './json.ts';
import {readBytes, TooManyBytes} from './read-bytes.ts';

/**
 * @param who The operation and its server, for messages.
 * @returns What an answer that tells of an error means: `tool.unauthenticated`, `tool.rate-limited`, `tool.unreachable`,
 * `tool.failed`.
 */
export const refusalOf = async (
	response: Response,
	who: string,
	nowMs: number,
	signal: AbortSignal,
): Promise<AiworkflowError> => {
	const {status, headers} = response;
	const detail = await detailOf(response, who, signal);
	const message = `${who} answered ${status}${response.statusText ? ` ${response.statusText}` : ''}${detail ? `: ${detail}` : '.'}`;
	const resetAtMs = resetMoment(headers.get('retry-after'), nowMs);
	if (status === 401 || status === 403) {
		return new AiworkflowError({
			code: 'tool.unauthenticated',
			message,
			suggestion: 'Look whether the secrets in `auth:` of the tool are right, have not expired and may do this.',
		});
	}

	if (status === 429) {
		return new AiworkflowError({
			code: 'tool.rate-limited',
			message,
			suggestion: 'Wait until the limit resets, or call it less often.',
			retryable: true,
			resetAtMs,
		});
	}

	if (status >= 502 && status <= 504) {
		return new AiworkflowError({
			code: 'tool.unreachable',
			message,
			suggestion: 'The server is up but what is behind it is not: try again later.',
			retryable: true,
			resetAtMs,
		});
	}

	return new AiworkflowError({
		code: 'tool.failed',
		message,
		suggestion:
			status >= 500
				? 'The server failed at it: try again, or look into its logs.'
				: 'Look whether the arguments are right: `aiworkflow tools info` has what the operation takes.',
		retryable: status >= 500 || status === 408 || status === 425,
	});
};

/** Seconds, or a date. */
const resetMoment = (retryAfter: string | null, nowMs: number): number | undefined => {
	if (retryAfter === null) return undefined;
	if (/^\d+$/.test(retryAfter.trim())) return nowMs + Number(retryAfter) * 1000;
	const atMs = Date.parse(retryAfter);
	return Number.isNaN(atMs) ? undefined : atMs;
};

const detailCharactersMax = 500;

/** Best effort: the status says enough where the rest cannot be read. */
const detailOf = async (response: Response, who: string, signal: AbortSignal): Promise<string> => {
	const bytes = await readBytes(response, limits.openapiErrorBytesMax, who, signal).catch(error =>
		error instanceof TooManyBytes ? error.read : new Uint8Array(),
	);
	signal.throwIfAborted();
	const text = new TextDecoder().decode(bytes).trim();
	const isPage = /^<(!doctype|html)/i.test(text);
	const said = isPage ? '' : (saidIn(text) ?? text);
	return said.replaceAll(/\s+/g, ' ').slice(0, detailCharactersMax);
};

/** `title` and `detail` of RFC 9457, or what other servers call them. */
const saidIn = (text: string): string | undefined => {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}

	if (!isObject(value)) return undefined;
	const inner = isObject(value.error) ? value.error : value;
	const said = [
		firstText(inner, ['title', 'error']),
		firstText(inner, ['detail', 'message', 'error_description', 'msg']),
	];
	const parts = [...new Set(said.filter(each => each !== undefined))];
	const more = inner.errors === undefined ? '' : ` ${JSON.stringify(inner.errors)}`;
	return parts.length > 0 ? parts.join(': ') + more : undefined;
};

const firstText = (value: JsonObject, names: readonly string[]): string | undefined =>
	names.map(name => value[name]).find(each => typeof each === 'string' && each !== '') as string | undefined;
