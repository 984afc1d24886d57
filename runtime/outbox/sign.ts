import {createHash, createHmac} from 'node:crypto';

const prefix = 'whsec_';

/**
 * Signs as Standard Webhooks says: HMAC-SHA256 over id, moment and body.
 *
 * @param secret One that begins with `whsec_` is base64 behind that; any other is taken as it is.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signatureOf = (secret: string, id: string, timestamp: number, body: string): string => {
	const key = secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
	return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
};

/** The same for the same parts: what was queued and is queued again after a crash is one delivery. */
export const deliveryIdOf = (...parts: readonly (string | number | undefined)[]): string =>
	`msg_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
