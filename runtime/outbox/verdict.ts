import type {Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {formatDuration} from '../../source/units.ts';
import {backoffMsOf, retryAfterMsOf} from './backoff.ts';
import type {Delivery} from './parts.ts';

/** What came of one try, with nothing secret in it. */
export type TryResult =
	| {
			readonly kind: 'answered';
			readonly httpStatus: number;
			readonly retryAfter: string | null;
			/** Where a redirection leads: an origin. */
			readonly location?: string;
			/** The beginning of the answer. */
			readonly said: string;
	  }
	| {readonly kind: 'unreached'; readonly detail: string}
	/** It cannot be sent at all: there is a secret missing, or what was made of them is no address. */
	| {readonly kind: 'unsendable'; readonly failure: Failure};

export type Verdict =
	| {readonly status: 'delivered'; readonly httpStatus: number}
	| {readonly status: 'queued'; readonly nextAtMs: number; readonly failure: Failure; readonly httpStatus?: number}
	| {readonly status: 'dead'; readonly failure: Failure; readonly httpStatus?: number};

/** What follows from a try. Pure. @param random 0 to 1. */
export const verdictOf = (delivery: Delivery, result: TryResult, nowMs: number, random: number): Verdict => {
	if (result.kind === 'unsendable') return {status: 'dead', failure: result.failure};
	const httpStatus = result.kind === 'answered' ? result.httpStatus : undefined;
	if (httpStatus !== undefined && httpStatus >= 200 && httpStatus < 300) return {status: 'delivered', httpStatus};
	const failure = failureOf(delivery, result);
	if (!isPassing(httpStatus)) return {status: 'dead', failure, httpStatus};
	const tries = delivery.tries + 1;
	if (tries >= delivery.triesMax) return {status: 'dead', failure: exhausted(failure, tries), httpStatus};
	const askedMs = result.kind === 'answered' ? retryAfterMsOf(result.retryAfter, nowMs) : undefined;
	const nextAtMs = nowMs + (askedMs ?? backoffMsOf(tries, random));
	if (nextAtMs > delivery.expiresAtMs) return {status: 'dead', failure: expired(failure, delivery), httpStatus};
	return {status: 'queued', nextAtMs, failure, httpStatus};
};

/** Whether another try may end better. A redirection and most refusals stay what they are. */
const isPassing = (httpStatus: number | undefined): boolean =>
	httpStatus === undefined || httpStatus >= 500 || [408, 425, 429].includes(httpStatus);

const failureOf = ({destination}: Delivery, result: Exclude<TryResult, {kind: 'unsendable'}>): Failure => {
	if (result.kind === 'unreached') {
		return {
			code: 'webhook.unreachable',
			message: `${destination} could not be reached: ${result.detail}.`,
			suggestion: 'See whether the address is right and whether its server runs.',
		};
	}

	const {httpStatus, location, said} = result;
	if (httpStatus >= 300 && httpStatus < 400) {
		const where = location === undefined ? '' : ` to ${location}`;
		return {
			code: 'webhook.redirected',
			message: `${destination} answered ${httpStatus} and redirects${where}; what is sent is not sent on.`,
			suggestion: 'Write the new address under `url:`.',
		};
	}

	return {
		code: 'webhook.refused',
		message: `${destination} answered ${httpStatus}${said === '' ? '' : `: ${said}`}.`,
		suggestion:
			httpStatus === 410
				? 'Nobody wants it there any more: remove the webhook, or give it another address.'
				: 'See what its receiver says, then `aiworkflow webhook dead replay`.',
	};
};

const exhausted = (failure: Failure, tries: number): Failure => ({
	...failure,
	message: `${failure.message} It was tried ${tries === 1 ? 'once' : `${tries} times`}, as often as it may be.`,
});

const expired = (failure: Failure, {expiresMs}: Delivery): Failure => ({
	...failure,
	message: `${failure.message} The ${formatDuration(expiresMs)} in which it was wanted are over before another try.`,
});

/** The time in which it was wanted passed before it could be sent. */
export const lateFailure = ({destination, expiresMs}: Delivery): Failure => ({
	code: 'webhook.expired',
	message: `It was to be sent to ${destination} within ${formatDuration(expiresMs)}, and that time was over first.`,
	suggestion: 'Send it all the same with `aiworkflow webhook dead replay`.',
});

/** Of an answer, what is kept with a try that failed. */
export const saidOf = (text: string): string =>
	text.replaceAll(/\s+/g, ' ').trim().slice(0, limits.deliveryAnswerShownMax).replace(/\.$/, '');
