import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import type {Clock} from '../engine/parts.ts';
import type {ReadyRequest} from './prepare.ts';
import {saidOf, type TryResult} from './verdict.ts';

/**
 * Sends once. Follows no redirection: whoever answers with one is not who the body was meant for. Never rejects.
 *
 * @param signal Ends it; what it says then is of no use.
 */
export const sendOnce = async (
	{url, method, headers, body, hidden}: ReadyRequest,
	clock: Clock,
	signal: AbortSignal,
): Promise<TryResult> => {
	const late = new AbortController();
	const cancelDeadline = clock.at(clock.now() + limits.deliveryAnswerMs, () => late.abort());
	try {
		const response = await fetch(url, {
			...{method, headers, body, redirect: 'manual'},
			signal: AbortSignal.any([signal, late.signal]),
		});
		const said = response.ok ? await letGo(response) : saidOf(maskText(await beginningOf(response), hidden));
		return {
			...{kind: 'answered', httpStatus: response.status, said},
			retryAfter: response.headers.get('retry-after'),
			location: originOf(response.headers.get('location'), url, hidden),
		};
	} catch (error) {
		const detail = late.signal.aborted ? `no answer within ${limits.deliveryAnswerMs / 1000} s` : causeOf(error);
		return {kind: 'unreached', detail: maskText(detail, hidden)};
	} finally {
		cancelDeadline();
	}
};

/** That it was taken is all there is to know. */
const letGo = async (response: Response): Promise<string> => {
	await response.body?.cancel().catch(() => {});
	return '';
};

const beginningOf = async (response: Response): Promise<string> => {
	const chunks: Uint8Array[] = [];
	let sizeBytes = 0;
	for await (const chunk of response.body ?? []) {
		chunks.push(chunk);
		sizeBytes += chunk.length;
		if (sizeBytes >= limits.deliveryAnswerBytesMax) break;
	}

	return Buffer.concat(chunks).subarray(0, limits.deliveryAnswerBytesMax).toString('utf8');
};

const originOf = (location: string | null, url: string, hidden: readonly string[]): string | undefined => {
	const target = location === null ? null : URL.parse(location, url);
	return target ? maskText(target.origin, hidden) : undefined;
};

const causeOf = (error: unknown): string => {
	const {cause} = error as {readonly cause?: unknown};
	const {code, message} = (cause ?? error) as {readonly code?: string; readonly message?: string};
	return code && !message?.includes(code) ? `${code}, ${message ?? ''}` : (message ?? 'it broke off');
};
