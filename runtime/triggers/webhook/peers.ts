import type {Headers} from './signature.ts';

export const isLoopback = (address: string | undefined): boolean =>
	address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/.test(address);

/**
 * Whether a request that nobody signed comes from a program of this machine: not from another one, not passed on by a
 * proxy or a tunnel here, and not made by a page in a browser here.
 */
export const isFromThisMachine = (peer: string | undefined, headers: Headers): boolean =>
	isLoopback(peer) &&
	isLoopbackName(headers.host) &&
	!Object.keys(headers).some(name => passedOn.test(name) || ofBrowsers.test(name));

const passedOn = /^(forwarded|via|x-forwarded-.*|x-real-ip|x-original-.*|cf-.*|true-client-ip)$/;
const ofBrowsers = /^(origin|sec-fetch-.*)$/;

const isLoopbackName = (host: string | undefined): boolean =>
	host !== undefined && /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
