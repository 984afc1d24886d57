import type {SealedText} from './sealed.ts';

/** Methods that carry a body and that a receiver may be sent twice. */
export const outgoingMethods = ['POST', 'PUT', 'PATCH'] as const;
export type OutgoingMethod = (typeof outgoingMethods)[number];

/** A request that is to be delivered: everything is evaluated, and secrets are named, not written. */
export interface OutgoingRequest {
	readonly url: SealedText;
	readonly method: OutgoingMethod;
	/** By name, in small letters. */
	readonly headers: Readonly<Record<string, SealedText>>;
	readonly body: string;
	/** Of the secret that signs it. */
	readonly secretName?: string;
	/** What happened, in the sender's own word. */
	readonly event?: string;
}

/** Names of headers that are ours to set. */
export const ownHeaders: readonly string[] = [
	'webhook-id',
	'webhook-timestamp',
	'webhook-signature',
	'content-length',
	'transfer-encoding',
	'connection',
	'host',
];

export const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~\w-]{1,128}$/.test(name);

/** What of an address may be shown and journalled: no path, no query and no password, for each may be a secret. */
export const destinationOf = (url: SealedText): string => {
	const [first = ''] = url;
	if (typeof first !== 'string') return `secrets.${first.secret}`;
	const isWhole = url.length === 1 || /^https?:\/\/[^/?#@]+[/?#]/i.test(first);
	const parsed = isWhole ? URL.parse(first) : null;
	return parsed ? parsed.origin : `${/^https?:\/\//i.exec(first)?.[0] ?? ''}…`;
};
