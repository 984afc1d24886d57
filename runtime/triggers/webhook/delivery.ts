import {createHash} from 'node:crypto';
import type {Headers, SignatureStyle} from './signature.ts';

/** The name that the sender gave a delivery: what it sends again has the same. @returns `undefined`: it gave none. */
export const deliveryIdOf = (style: SignatureStyle, headers: Headers, body: unknown): string | undefined => {
	const named = {
		github: () => headers['x-github-delivery'],
		generic: () => headers['x-aiworkflow-delivery'],
		stripe: () => textIn(body, 'id'),
		slack: () => textIn(body, 'event_id'),
	}[style]();
	return named === undefined || named === '' || named.length > deliveryCharactersMax ? undefined : named;
};

/** What happened, in the sender's own word: `push`, `invoice.paid`. */
export const eventNameOf = (style: SignatureStyle, headers: Headers, body: unknown): string | undefined => {
	switch (style) {
		case 'github':
			return headers['x-github-event'];
		case 'generic':
			return headers['x-aiworkflow-event'];
		case 'stripe':
			return textIn(body, 'type');
		case 'slack':
			return textIn(propertyOf(body, 'event'), 'type') ?? textIn(body, 'type') ?? textIn(body, 'command');
	}
};

export const digestOf = (bytes: Uint8Array, signature: string): string =>
	createHash('sha256').update(bytes).update(signature).digest('hex');

const deliveryCharactersMax = 256;

const propertyOf = (value: unknown, name: string): unknown =>
	typeof value === 'object' && value !== null && Object.hasOwn(value, name)
		? (value as Record<string, unknown>)[name]
		: undefined;

const textIn = (value: unknown, name: string): string | undefined => {
	const found = propertyOf(value, name);
	return typeof found === 'string' ? found : undefined;
};
