import {createHmac, timingSafeEqual} from 'node:crypto';
import {limits} from '../../../source/limits.ts';
import type {WebhookTrigger} from '../../../source/workflow/triggers.ts';

export type SignatureStyle = WebhookTrigger['style'];
/** Names in small letters. */
export type Headers = Readonly<Record<string, string | undefined>>;

export type Verdict =
	| {readonly isGenuine: true /** As it came. */; readonly signature: string}
	| {readonly isGenuine: false; readonly reason: 'unsigned' | 'wrong' | 'stale'};

/** What a request says of its own signature. */
interface Claim {
	/** Hexadecimal; any of them may be right: a sender that changes its secret signs with both. */
	readonly signatures: readonly string[];
	/** Unix seconds, where the style signs a moment. */
	readonly timestamp?: string;
	/** What is signed in front of the bytes of the body. */
	readonly prefix: string;
}

/**
 * Whether a request was signed by somebody who has the secret: HMAC-SHA256 over the bytes as they came, compared in
 * constant time. That a moment is too far away is told only to whoever signed it right.
 *
 * @see https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 * @see https://docs.stripe.com/webhooks#verify-manually
 * @see https://api.slack.com/authentication/verifying-requests-from-slack
 */
export const verdictOf = (
	style: SignatureStyle,
	secret: string,
	{headers, bytes}: {readonly headers: Headers; readonly bytes: Uint8Array},
	nowMs: number,
): Verdict => {
	const claim = claims[style](headers);
	if (!claim || secret === '') return {isGenuine: false, reason: 'unsigned'};
	const expected = hmac(secret, claim.prefix, bytes);
	// All of them are looked at, whichever is right.
	const right = claim.signatures.filter(signature => isEqual(expected, signature));
	if (right.length === 0) return {isGenuine: false, reason: 'wrong'};
	if (claim.timestamp !== undefined && isStale(claim.timestamp, nowMs)) return {isGenuine: false, reason: 'stale'};
	return {isGenuine: true, signature: right[0]!};
};

/** The headers with which a sender of that style would sign these bytes now. */
export const signatureHeadersOf = (
	style: SignatureStyle,
	secret: string,
	bytes: Uint8Array,
	{nowMs, delivery}: {readonly nowMs: number; readonly delivery: string},
): Record<string, string> => {
	const timestamp = String(Math.floor(nowMs / 1000));
	const signed = (prefix: string) => hmac(secret, prefix, bytes).toString('hex');
	switch (style) {
		case 'github':
			return {'x-hub-signature-256': `sha256=${signed('')}`, 'x-github-delivery': delivery};
		case 'stripe':
			return {'stripe-signature': `t=${timestamp},v1=${signed(`${timestamp}.`)}`};
		case 'slack':
			return {'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signed(`v0:${timestamp}:`)}`};
		case 'generic':
			return {
				'x-aiworkflow-timestamp': timestamp,
				'x-aiworkflow-delivery': delivery,
				'x-aiworkflow-signature': `sha256=${signed(`v1:${timestamp}:${delivery}:`)}`,
			};
	}
};

const claims: Readonly<Record<SignatureStyle, (headers: Headers) => Claim | undefined>> = {
	github(headers) {
		const signature = hexAfter('sha256=', headers['x-hub-signature-256']);
		return signature === undefined ? undefined : {signatures: [signature], prefix: ''};
	},
	stripe(headers) {
		const parts = (headers['stripe-signature'] ?? '').slice(0, headerCharactersMax).split(',');
		const timestamp = parts
			.find(part => part.trim().startsWith('t='))
			?.trim()
			.slice(2);
		const signatures = parts.flatMap(part => hexAfter('v1=', part.trim()) ?? []);
		if (!isTimestamp(timestamp) || signatures.length === 0) return undefined;
		return {signatures, timestamp, prefix: `${timestamp}.`};
	},
	slack(headers) {
		const timestamp = headers['x-slack-request-timestamp'];
		const signature = hexAfter('v0=', headers['x-slack-signature']);
		if (!isTimestamp(timestamp) || signature === undefined) return undefined;
		return {signatures: [signature], timestamp, prefix: `v0:${timestamp}:`};
	},
	generic(headers) {
		const timestamp = headers['x-aiworkflow-timestamp'];
		const delivery = headers['x-aiworkflow-delivery'] ?? '';
		const signature = hexAfter('sha256=', headers['x-aiworkflow-signature']);
		// Without a colon in it, nothing can be moved between the name of a delivery and its body.
		if (!isTimestamp(timestamp) || signature === undefined || !/^[\w.-]{0,128}$/.test(delivery)) return undefined;
		return {signatures: [signature], timestamp, prefix: `v1:${timestamp}:${delivery}:`};
	},
};

const headerCharactersMax = 4096;

const isTimestamp = (text: string | undefined): text is string => text !== undefined && /^\d{1,12}$/.test(text);

const hexAfter = (prefix: string, text: string | undefined): string | undefined => {
	if (!text?.startsWith(prefix)) return undefined;
	const hex = text.slice(prefix.length);
	return /^[\da-f]{64}$/i.test(hex) ? hex : undefined;
};

const hmac = (secret: string, prefix: string, bytes: Uint8Array): Buffer =>
	createHmac('sha256', secret).update(prefix).update(bytes).digest();

const isEqual = (expected: Buffer, hex: string): boolean => timingSafeEqual(expected, Buffer.from(hex, 'hex'));

const isStale = (timestamp: string, nowMs: number): boolean =>
	Math.abs(nowMs - Number(timestamp) * 1000) > limits.webhookReplayWindowMs;
