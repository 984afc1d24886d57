import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {HttpWork} from '../../../source/workflow/direct-work.ts';
import type {DirectHandler} from './handle.ts';
import {readBody} from './http-body.ts';
import {httpFailed, httpUnreachable, placeOf} from './http-failures.ts';

/** One request and its redirects. What is not expected is a failure that tells the answer all the same. */
export const handleHttp: DirectHandler<HttpWork> = async work => {
	const {response, request} = await followed(work);
	const {text, value} = await readBody(response, request);
	const outputs = {status: response.status, headers: headersOf(response), body: value};
	const isExpected = work.expect.some(([from, to]) => response.status >= from && response.status <= to);
	return isExpected ? {outputs, text} : {outputs, text, failure: httpFailed(request, response, text)};
};

/** One request, as it is sent. */
export interface HttpRequest {
	readonly method: string;
	readonly url: URL;
	readonly headers: Headers;
	readonly body?: string;
}

/** By hand: what is meant for one server is not handed on to another. */
const followed = async (work: HttpWork): Promise<{response: Response; request: HttpRequest}> => {
	let request = firstRequestOf(work);
	for (let redirects = 0; ; redirects++) {
		const response = await sent(request);
		const location = response.headers.get('location');
		if (!work.followRedirects || !redirectStatuses.has(response.status) || location === null)
			return {response, request};
		await response.body?.cancel();
		if (redirects >= limits.httpRedirectsMax) throw tooManyRedirects(request);
		request = redirected(request, response.status, location);
	}
};

const firstRequestOf = ({method, url, headers, auth, body, idempotencyKey}: HttpWork): HttpRequest => {
	const all = new Headers(headers);
	for (const [name, value] of Object.entries(auth)) all.set(name, value);
	if (body?.contentType && !all.has('content-type')) all.set('content-type', body.contentType);
	if (!all.has('accept')) all.set('accept', 'application/json, */*;q=0.8');
	if (!all.has('user-agent')) all.set('user-agent', 'aiworkflow');
	// A server that knows it does the work of several attempts once.
	if (!idempotentMethods.has(method) && !all.has('idempotency-key')) all.set('idempotency-key', idempotencyKey);
	return {method, url: new URL(url), headers: all, body: body?.text};
};

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Methods that may be sent twice. */
export const idempotentMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

const sent = async (request: HttpRequest): Promise<Response> => {
	const {method, url, headers, body} = request;
	try {
		return await fetch(url, {method, headers, body, redirect: 'manual'});
	} catch (error) {
		throw httpUnreachable(request, error);
	}
};

const redirected = (request: HttpRequest, status: number, location: string): HttpRequest => {
	const url = redirectUrlOf(request, location);
	const isPlain = status === 303 || (status < 303 && request.method === 'POST');
	const method = isPlain && request.method !== 'HEAD' ? 'GET' : request.method;
	const isElsewhere = url.origin !== request.url.origin;
	const body = method === request.method ? request.body : undefined;
	if (isElsewhere && body !== undefined) throw bodyElsewhere(request, url);
	const headers = new Headers(
		[...request.headers].filter(
			([name]) => (body !== undefined || !bodyHeaders.has(name)) && (!isElsewhere || harmlessHeaders.has(name)),
		),
	);
	return {method, url, headers, body};
};

const bodyHeaders: ReadonlySet<string> = new Set(['content-type', 'idempotency-key']);
/** Any other header may hold what only the first server is to know. */
const harmlessHeaders: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent']);

const redirectUrlOf = (request: HttpRequest, location: string): URL => {
	const url = URL.parse(location, request.url.href);
	if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
	throw new AiworkflowError({
		code: 'http.failed',
		message: `${placeOf(request)} leads to "${location.slice(0, 200)}", which is no address for HTTP.`,
		suggestion: 'Write `follow-redirects: false` and `expect: [300-399]` to look at the answer itself.',
	});
};

const tooManyRedirects = (request: HttpRequest) =>
	new AiworkflowError({
		code: 'http.failed',
		message: `${placeOf(request)} is the end of ${limits.httpRedirectsMax} redirects, and leads to another one.`,
		suggestion: 'Give the address that it is about, or write `follow-redirects: false`.',
	});

const bodyElsewhere = (request: HttpRequest, url: URL) =>
	new AiworkflowError({
		code: 'http.failed',
		message: `${placeOf(request)} is to be sent to ${url.host} instead, and what is in it was not meant for that server.`,
		suggestion: 'Give that address in `url:` if you trust it.',
	});

const headersOf = (response: Response): Record<string, string> => Object.fromEntries(response.headers);
