import {randomUUID} from 'node:crypto';
import {AiworkflowError, failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {Clock} from '../../engine/parts.ts';
import type {Settled, Taken, TriggerDesk} from '../parts.ts';
import {readBody, valuesOf} from './body.ts';
import {deliveryIdOf, digestOf, eventNameOf} from './delivery.ts';
import type {ArmedWebhook, PlacedWebhook} from './paths.ts';
import {isFromThisMachine} from './peers.ts';
import {createRate} from './rate.ts';
import {type Headers, verdictOf} from './signature.ts';

/** A request, as far as it is known before its body is read. */
export interface RequestHead {
	readonly method: string;
	/** As it stands in the request, without the query. */
	readonly path: string;
	/** What comes behind the question mark. */
	readonly query: string;
	readonly headers: Headers;
	/** Address of whoever is connected. */
	readonly peer: string | undefined;
}

export interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body: Readonly<Record<string, unknown>>;
	/** Why it was refused, for the counts and the log. */
	readonly refusal?: string;
}

export interface ReceptionParts {
	readonly desk: TriggerDesk;
	readonly clock: Clock;
	readonly placeAt: (path: string) => PlacedWebhook | undefined;
	readonly isDraining: () => boolean;
	readonly onDefect: (error: unknown, where: string) => void;
}

/** Decides what becomes of requests: from the first look at their head to the answer. */
export const createReception = ({desk, clock, placeAt, isDraining, onDefect}: ReceptionParts) => {
	const rate = createRate(limits.webhookRequestsPerSecondMax, limits.webhookRequestsBurstMax, clock.now);
	/** Ends the waiting of each request that waits for a run. */
	const waits = new Set<() => void>();

	/** @returns Why it goes no further: decided before any of the body is read. */
	const refusalOf = ({method, path, headers, peer}: RequestHead): Answer | undefined => {
		const place = placeAt(path);
		const waitMs = rate.take(place ? path : '');
		if (waitMs > 0) return tooMany(waitMs);
		if (!place) return notFound('unknown path');
		const {trigger} = place.armed;
		if (trigger.secretName === undefined && !isFromThisMachine(peer, headers))
			return notFound('not from a program of this machine');
		if (!trigger.methods.some(allowed => allowed === method)) return wrongMethod(trigger.methods);
		if (Number(headers['content-length'] ?? 0) > limits.webhookBodyBytesMax) return tooLarge();
		if (isDraining()) return unavailable('webhook.draining', 'Nothing new begins at present.');
		if (place.state === 'no-secret') return unavailable('webhook.not-ready', 'The webhook is not ready.');
		return undefined;
	};

	const receive = async (head: RequestHead, bytes: Uint8Array): Promise<Answer> => {
		const {path, headers} = head;
		// Disarmed while the body was on its way.
		const armed = placeAt(path)?.armed;
		if (!armed) return notFound('unknown path');
		const {style, secretName} = armed.trigger;
		const nowMs = clock.now();
		const verdict =
			secretName === undefined
				? ({isGenuine: true, signature: ''} as const)
				: verdictOf(style, armed.secrets[secretName] ?? '', {headers, bytes}, nowMs);
		if (!verdict.isGenuine) return unauthorized(verdict.reason);
		const read = readBody(headers['content-type'], bytes, style);
		if ('status' in read)
			return failed(read.status, read.status === 415 ? 'webhook.unreadable' : 'webhook.invalid', read.message);
		const greeting = greetingOf(armed, headers, read.body);
		if (greeting) return greeting;
		const {delivery, dedupeKey} = nameOf(armed, headers, read.body, bytes, verdict.signature, nowMs);
		const taken = await desk.take({
			trigger: armed,
			dedupeKey,
			data: dataOf(head, armed, read.body, delivery),
			origin: {by: `webhook ${path}`, via: 'webhook'},
			taint: `webhook ${path}`,
		});
		if (armed.trigger.respond === 'wait' && waits.size < limits.webhookWaitsMax) {
			const settled = await ended(taken);
			if (settled) return endedAnswer(settled);
		}

		return {
			status: 202,
			body: {runId: taken.runId, status: 'accepted', ...(taken.isKnown && {duplicate: true})},
		};
	};

	/** @returns `undefined`: not within the time. */
	const ended = ({firing}: Taken): Promise<Settled | undefined> =>
		new Promise(resolve => {
			const finish = (settled?: Settled) => {
				waits.delete(finish);
				stopListening();
				stopTimer();
				resolve(settled);
			};
			const stopTimer = clock.at(clock.now() + limits.webhookWaitMsMax, () => finish());
			const stopListening = desk.onSettled(firing, finish);
			waits.add(finish);
		});

	const nameOf = (
		armed: ArmedWebhook,
		headers: Headers,
		body: unknown,
		bytes: Uint8Array,
		signature: string,
		nowMs: number,
	): {readonly delivery: string; readonly dedupeKey: string} => {
		const given = deliveryIdOf(armed.trigger.style, headers, body);
		if (given !== undefined) return {delivery: given, dedupeKey: `delivery ${given}`};
		// Whoever need not sign may as well say the same thing twice and mean it.
		if (signature === '') return {delivery: randomUUID(), dedupeKey: `once ${randomUUID()}`};
		const digest = digestOf(bytes, signature);
		const span = Math.floor(nowMs / limits.webhookReplayWindowMs);
		const before = `digest ${digest} ${span - 1}`;
		const known = desk.find(armed.key, before);
		const isReplay = known !== undefined && nowMs - known.atMs <= limits.webhookReplayWindowMs;
		return {delivery: digest, dedupeKey: isReplay ? before : `digest ${digest} ${span}`};
	};

	return {
		refusalOf,
		/** Never throws: what goes wrong is an answer. */
		async receive(head: RequestHead, bytes: Uint8Array): Promise<Answer> {
			try {
				return await receive(head, bytes);
			} catch (error) {
				const {code, message} = failureOf(error);
				if (code === 'trigger.data-too-large') return tooLarge();
				if (code === 'trigger.overloaded') return unavailable('webhook.overloaded', message);
				if (!(error instanceof AiworkflowError)) onDefect(error, `webhook ${head.path}`);
				return code === 'internal.unexpected'
					? {...failed(500, 'internal.unexpected', 'The request could not be taken.'), refusal: 'defect'}
					: unavailable('webhook.unavailable', 'The request could not be written down.');
			}
		},
		/** Paths that are gone need no bucket any more. */
		keepPaths: (paths: ReadonlySet<string>): void => rate.keep(new Set([...paths, ''])),
		waitCount: (): number => waits.size,
		/** Answers all requests that wait for a run: 202. */
		endWaits(): void {
			for (const finish of [...waits]) finish();
		},
	};
};

export type Reception = ReturnType<typeof createReception>;

export const tooLarge = (): Answer => ({
	...failed(413, 'webhook.too-large', `The body has more than ${limits.webhookBodyBytesMax} bytes.`),
	refusal: 'too large',
});

export const overloaded = (): Answer => unavailable('webhook.overloaded', 'Too many requests at once.');

/** The same for whatever is not there, so that nobody learns which paths are. */
export const notFound = (refusal: string): Answer => ({
	...failed(404, 'webhook.not-found', 'There is nothing here.'),
	refusal,
});

const failed = (status: number, code: string, message: string): Answer => ({
	status,
	body: {error: {code, message}},
	refusal: code,
});

const wrongMethod = (methods: readonly string[]): Answer => ({
	...failed(405, 'webhook.wrong-method', `It takes ${methods.join(', ')}.`),
	headers: {allow: methods.join(', ')},
	refusal: 'wrong method',
});

const tooMany = (waitMs: number): Answer => ({
	...failed(429, 'webhook.too-many', 'Too many requests.'),
	headers: {'retry-after': String(Math.ceil(waitMs / 1000))},
	refusal: 'too many',
});

const unavailable = (code: string, message: string): Answer => ({
	...failed(503, code, message),
	headers: {'retry-after': '5'},
});

const unauthorized = (reason: 'unsigned' | 'wrong' | 'stale'): Answer => ({
	...failed(
		401,
		reason === 'stale' ? 'webhook.stale' : 'webhook.unsigned',
		reason === 'stale' ? 'The signed moment is too far from now.' : 'The request is not signed as it has to be.',
	),
	refusal: {unsigned: 'not signed', wrong: 'wrong signature', stale: 'stale'}[reason],
});

const endedAnswer = ({status, runId, outputs, failure}: Settled): Answer => {
	const body = {runId, status, ...(outputs && {outputs}), ...(failure && {failure: {code: failure.code}})};
	return {status: status === 'completed' || status === 'skipped' ? 200 : 500, body};
};

/** What senders ask once, when the address is entered with them. It starts nothing. */
const greetingOf = ({trigger}: ArmedWebhook, headers: Headers, body: unknown): Answer | undefined => {
	if (trigger.style === 'github' && headers['x-github-event'] === 'ping') return {status: 200, body: {status: 'pong'}};
	if (trigger.style !== 'slack' || typeof body !== 'object' || body === null) return undefined;
	const {type, challenge} = body as {readonly type?: unknown; readonly challenge?: unknown};
	return type === 'url_verification' && typeof challenge === 'string' ? {status: 200, body: {challenge}} : undefined;
};

const dataOf = (
	{method, path, query, headers}: RequestHead,
	{trigger}: ArmedWebhook,
	body: unknown,
	delivery: string,
) => {
	const event = eventNameOf(trigger.style, headers, body);
	return {
		...{path, method, delivery, body},
		...(event !== undefined && {event}),
		headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !isSecret.test(name))),
		query: valuesOf(new URLSearchParams(query)),
	};
};

/** Headers that are credentials, or as good as some: no run gets them. */
const isSecret =
	/(^|-)(authorization|cookie2?|signature(-\d+)?|token|secret|password|api-?key|credential)s?$|signature/;
