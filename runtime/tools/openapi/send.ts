import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {failureOfConnection} from './connection.ts';

export interface ApiRequest {
	readonly method: string;
	readonly url: URL;
	readonly headers: Headers;
	readonly body?: string | Blob | FormData;
}

/**
 * Sends a request and follows redirects, but never to another origin: what proves who we are is for one server only.
 *
 * @param who For messages: the server or the document, without secrets.
 * @throws AiworkflowError `tool.unreachable`, `tool.answer-invalid`, `tool.failed` for a redirect that is not followed.
 */
export const fetchSameOrigin = async (request: ApiRequest, who: string, signal: AbortSignal): Promise<Response> => {
	let current = request;
	for (let count = 0; ; count++) {
		const response = await sent(current, who, signal);
		const target = redirectOf(response, current.url);
		if (target === undefined) return response;
		await response.body?.cancel();
		if (target.origin !== request.url.origin) throw redirectedAway(who, response.status, target);
		if (count >= limits.openapiRedirectsMax) throw redirectedTooOften(who);
		current = redirected(current, response.status, target);
	}
};

const sent = async ({method, url, headers, body}: ApiRequest, who: string, signal: AbortSignal): Promise<Response> => {
	try {
		return await fetch(url, {method, headers, body, redirect: 'manual', signal});
	} catch (error) {
		throw failureOfConnection(error, who, 'could not be reached', signal);
	}
};

const redirectOf = (response: Response, from: URL): URL | undefined => {
	const location = response.headers.get('location');
	if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return undefined;
	return URL.parse(location, from.href) ?? undefined;
};

/** As browsers do: 307 and 308 repeat the request, the others turn all but GET and HEAD into GET. */
const redirected = (request: ApiRequest, status: number, url: URL): ApiRequest => {
	if (status === 307 || status === 308 || request.method === 'GET' || request.method === 'HEAD')
		return {...request, url};
	const headers = new Headers(request.headers);
	headers.delete('content-type');
	return {method: 'GET', url, headers};
};

const redirectedAway = (who: string, status: number, target: URL) =>
	new AiworkflowError({
		code: 'tool.failed',
		message: `${who} answered ${status} and points to another server, ${target.origin}, which is not followed.`,
		suggestion: 'Where you trust that server, write its address as `server:` (or `document:`) of the tool.',
	});

const redirectedTooOften = (who: string) =>
	new AiworkflowError({
		code: 'tool.failed',
		message: `${who} points from one address to the next, more than ${limits.openapiRedirectsMax} times.`,
		suggestion: 'Look at it with `curl -v`; write the last address as `server:` (or `document:`) of the tool.',
	});
