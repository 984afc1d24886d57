import {validateHeaderValue} from 'node:http';
import type {Failure} from '../../source/errors.ts';
import {version} from '../../source/version.ts';
import {destinationOf, type OutgoingRequest} from '../../source/workflow/outgoing.ts';
import {openedOf} from '../../source/workflow/sealed.ts';
import type {Delivery} from './parts.ts';
import {signatureOf} from './sign.ts';

/** A request with its secrets in it: it lives while it is sent, and is written nowhere. */
export interface ReadyRequest {
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/** What must not appear in anything that is said of it. */
	readonly hidden: readonly string[];
}

/** Puts the secrets in and signs. Pure. */
export const readyRequestOf = (
	{id, destination, request}: Delivery,
	secrets: Readonly<Record<string, string>>,
	nowMs: number,
): {readonly ready: ReadyRequest} | {readonly failure: Failure} => {
	if (!request) throw new Error(`Delivery ${id} has nothing to send any more.`);
	const {secretName} = request;
	const url = openedOf(request.url, secrets);
	const headers = Object.entries(request.headers).map(([name, sealed]) => [name, openedOf(sealed, secrets)] as const);
	const missing = [
		...url.missing,
		...headers.flatMap(([, each]) => each.missing),
		...(secretName !== undefined && secrets[secretName] === undefined ? [secretName] : []),
	];
	if (missing.length > 0) return {failure: secretMissing([...new Set(missing)])};
	const address = URL.parse(url.text.trim());
	if (!address || !/^https?:$/.test(address.protocol)) return {failure: addressInvalid(destination)};
	const basic = basicOf(address);
	const timestamp = Math.floor(nowMs / 1000);
	const all: Record<string, string> = {
		'user-agent': `aiworkflow/${version}`,
		...(basic !== undefined && {authorization: basic}),
		...(request.event !== undefined && {'x-aiworkflow-event': request.event}),
		...Object.fromEntries(headers.map(([name, {text}]) => [name, text])),
		'webhook-id': id,
		'webhook-timestamp': String(timestamp),
		...(secretName !== undefined && {
			'webhook-signature': signatureOf(secrets[secretName]!, id, timestamp, request.body),
		}),
	};
	const wrong = Object.entries(all).find(([name, value]) => !isHeaderValue(name, value));
	if (wrong) return {failure: headerInvalid(wrong[0])};
	return {
		ready: {
			...{url: address.href, method: request.method, headers: all, body: request.body},
			hidden: hiddenOf(request, secrets, address, all),
		},
	};
};

/** `https://name:password@host`: what a browser would make of it. Takes it out of the address. */
const basicOf = (address: URL): string | undefined => {
	const {username, password} = address;
	if (username === '' && password === '') return undefined;
	address.username = '';
	address.password = '';
	const plain = `${decoded(username)}:${decoded(password)}`;
	return `Basic ${Buffer.from(plain).toString('base64')}`;
};

const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

/** The secrets, and whatever was made of them: a receiver may say back what it was sent. */
const hiddenOf = (
	{url, headers}: OutgoingRequest,
	secrets: Readonly<Record<string, string>>,
	address: URL,
	all: Readonly<Record<string, string>>,
): readonly string[] => {
	const isOpen = url.every(part => typeof part === 'string');
	const sealed = Object.keys(headers).filter(name => headers[name]!.some(part => typeof part !== 'string'));
	return [
		...Object.values(secrets),
		...(isOpen ? [] : [address.href, address.pathname + address.search, address.pathname]),
		...(isOpen || destinationOf(url) === address.origin ? [] : [address.host, address.hostname]),
		...[...sealed, 'authorization', 'webhook-signature'].flatMap(name => {
			const value = all[name];
			return value === undefined ? [] : [value, ...value.split(' ')];
		}),
	].filter(text => text.length > 1);
};

const isHeaderValue = (name: string, value: string): boolean => {
	try {
		validateHeaderValue(name, value);
		return !/[^\t\x20-\x7e\x80-\xff]/.test(value);
	} catch {
		return false;
	}
};

const secretMissing = (names: readonly string[]): Failure => ({
	code: 'secret.missing',
	message: `Whoever started its run had no ${names.join(', ')} in their environment, or it is not kept any more.`,
	suggestion: 'Set it and start the run again.',
});

const addressInvalid = (destination: string): Failure => ({
	code: 'webhook.invalid',
	message: `The address, ${destination}, is none that can be sent to.`,
	suggestion: 'Give it an address that begins with `https://` or `http://`.',
});

const headerInvalid = (name: string): Failure => ({
	code: 'webhook.invalid',
	message: `The header \`${name}\` would have a line end or another character that no header may have.`,
	suggestion: 'Look at the secret or the value that it is made of.',
});
