import {AiworkflowError, type Failure} from '../../../source/errors.ts';
import {type HttpRequest, idempotentMethods} from './http.ts';

/** `GET api.example.com/items`: without user, password and query, where secrets may be. */
export const placeOf = ({method, url}: Pick<HttpRequest, 'method' | 'url'>): string =>
	`${method} ${url.host}${url.pathname}`;

export const httpFailed = (request: HttpRequest, response: Response, text: string): Failure => {
	const {status, statusText} = response;
	const resetAtMs = retryAfterMs(response, Date.now());
	const said = text.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
	return {
		code: 'http.failed',
		message: `${placeOf(request)} answered ${`${status} ${statusText}`.trim()}${said ? `: ${said}` : '.'}`,
		suggestion: suggestionFor(status),
		retryable: refusedStatuses.has(status) || (passingStatuses.has(status) && idempotentMethods.has(request.method)),
		...(resetAtMs === undefined ? undefined : {resetAtMs}),
	};
};

/** Says that nothing was done. */
const refusedStatuses: ReadonlySet<number> = new Set([425, 429, 503]);
/** May pass by itself; whether anything was done is not known. */
const passingStatuses: ReadonlySet<number> = new Set([408, 500, 502, 504]);

const suggestionFor = (status: number): string => {
	if (status === 401 || status === 403) return 'Check `auth:` and the secret that it reads.';
	if (status === 404) return `Check \`url:\`, or write \`expect: [200-299, 404]\` where that is no failure.`;
	if (refusedStatuses.has(status)) return 'Add `retry: 3`; the wait is as long as the server asks for.';
	if (status >= 500) return 'Try it again with `aiworkflow runs retry`, or add `retry:` to the step.';
	return `Mend the request, or write \`expect: [200-299, ${status}]\` where that is no failure.`;
};

/** @returns Unix milliseconds; `undefined`: the server does not say, or not in a way that can be read. */
const retryAfterMs = (response: Response, nowMs: number): number | undefined => {
	const text = response.headers.get('retry-after')?.trim();
	if (!text || !refusedStatuses.has(response.status)) return undefined;
	if (/^\d+$/.test(text)) return nowMs + Number(text) * 1000;
	const atMs = Date.parse(text);
	return Number.isNaN(atMs) ? undefined : Math.max(atMs, nowMs);
};

export const httpUnreachable = (request: HttpRequest, error: unknown): AiworkflowError => {
	const {code = '', message} = causeOf(error);
	const isUnsent = unsentCodes.has(code);
	return new AiworkflowError({
		code: 'http.unreachable',
		message: `${placeOf(request)} got no answer: ${reasonOf(code, message, request)}.`,
		suggestion: isUnsent
			? 'Check that the address is right and the server runs.'
			: 'Try it again with `aiworkflow runs retry`; what the server did with the request is not known.',
		retryable: isUnsent || idempotentMethods.has(request.method),
		cause: error,
	});
};

interface Cause {
	readonly code?: string;
	readonly message: string;
}

/** `fetch failed` says nothing; why it failed is below. Of several addresses tried the first one speaks for all. */
const causeOf = (error: unknown): Cause => {
	const {cause, errors} = error as {readonly cause?: unknown; readonly errors?: readonly unknown[]};
	if (errors?.[0] instanceof Error) return causeOf(errors[0]);
	if (cause instanceof Error) return causeOf(cause);
	return error instanceof Error ? error : {message: String(error)};
};

const reasonOf = (code: string, message: string, {url}: HttpRequest): string =>
	reasons[code]?.(url.host) ?? (message.replace(/\.$/, '') || code || 'the connection broke off');

const reasons: Readonly<Record<string, (host: string) => string>> = {
	ECONNREFUSED: host => `nothing listens at ${host}`,
	ENOTFOUND: host => `there is no host ${host}`,
	EAI_AGAIN: host => `the name ${host} cannot be looked up`,
	ECONNRESET: () => 'the connection broke off',
	UND_ERR_SOCKET: () => 'the connection broke off',
	UND_ERR_HEADERS_TIMEOUT: () => 'no answer began in time',
	UND_ERR_BODY_TIMEOUT: () => 'the answer stopped in the middle',
};

/** Nothing was sent: any method may be tried again. */
const unsentCodes: ReadonlySet<string> = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'UND_ERR_CONNECT_TIMEOUT',
]);
