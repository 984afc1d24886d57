import {randomBytes} from 'node:crypto';
import {request as httpRequest} from 'node:http';
import {limits} from '../../../source/limits.ts';
import type {ListenAddress} from '../../store/webhooks.ts';
import type {ArmedWebhook} from './paths.ts';
import {signatureHeadersOf} from './signature.ts';

export interface TestRequest {
	readonly method?: string;
	/** Default: a small JSON object of that style. */
	readonly body?: string;
	/** Default: JSON. */
	readonly contentType?: string;
	/** What happened, in the sender's own word. */
	readonly event?: string;
}

export interface TestResult {
	readonly url: string;
	readonly method: string;
	/** What was sent besides the body; without the signature. */
	readonly headers: Readonly<Record<string, string>>;
	readonly status: number;
	/** Of the answer: JSON where it is some. */
	readonly answer: unknown;
}

/** Sends to our own listener what a sender of that style would, signed with the secret that the webhook has. */
export const sendSigned = async (
	address: ListenAddress,
	{trigger, secrets}: ArmedWebhook,
	{method = trigger.methods[0]!, event, contentType = 'application/json', body}: TestRequest,
	nowMs: number,
): Promise<TestResult> => {
	const id = randomBytes(8).toString('hex');
	const text = method === 'GET' ? '' : (body ?? exampleOf(trigger.style, id, event));
	const bytes = Buffer.from(text);
	const eventHeader = eventHeaders[trigger.style];
	const headers: Record<string, string> = {
		...(method !== 'GET' && {'content-type': contentType, 'content-length': String(bytes.length)}),
		...(eventHeader && {[eventHeader]: event ?? (trigger.style === 'github' ? 'push' : 'test')}),
		'user-agent': 'aiworkflow webhook test',
	};
	const secret = trigger.secretName === undefined ? undefined : secrets[trigger.secretName];
	const signature =
		secret === undefined ? {} : signatureHeadersOf(trigger.style, secret, bytes, {nowMs, delivery: `test-${id}`});
	const host = reachableHostOf(address.host);
	const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}${trigger.path}`;
	const {status, answer} = await send(url, method, {...headers, ...signature}, bytes);
	return {url, method, headers, status, answer};
};

const eventHeaders: Readonly<Record<string, string | undefined>> = {
	github: 'x-github-event',
	generic: 'x-aiworkflow-event',
};

const exampleOf = (style: ArmedWebhook['trigger']['style'], id: string, event = 'test'): string => {
	switch (style) {
		case 'stripe':
			return JSON.stringify({id: `evt_test_${id}`, object: 'event', type: event, livemode: false, data: {object: {}}});
		case 'slack':
			return JSON.stringify({type: 'event_callback', event_id: `Ev${id}`, event: {type: event}});
		default:
			return JSON.stringify({test: true});
	}
};

/** An address that means all of this machine's is reached on the loopback. */
const reachableHostOf = (host: string): string => ({'0.0.0.0': '127.0.0.1', '::': '::1'})[host] ?? host;

const send = (
	url: string,
	method: string,
	headers: Readonly<Record<string, string>>,
	bytes: Buffer,
): Promise<{readonly status: number; readonly answer: unknown}> =>
	new Promise((resolve, reject) => {
		const timeout = limits.webhookWaitMsMax + limits.webhookRequestMs;
		const request = httpRequest(url, {method, headers, timeout, agent: false}, response => {
			let text = '';
			response.setEncoding('utf8').on('data', chunk => {
				text += chunk;
			});
			response.on('end', () => resolve({status: response.statusCode ?? 0, answer: answerOf(text)}));
			response.on('error', reject);
		});
		request.on('timeout', () => request.destroy(new Error('The listener did not answer.')));
		request.on('error', reject);
		request.end(bytes);
	});

const answerOf = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};
