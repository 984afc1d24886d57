import {limits} from '../../../source/limits.ts';
import type {SignatureStyle} from './signature.ts';

/** Why a body cannot be understood, for whoever sent it. */
export interface BodyProblem {
	readonly status: 400 | 415;
	readonly message: string;
}

/**
 * What `trigger.body` holds: JSON and forms as data, anything else that is text as text, nothing as null. GitHub and
 * Slack put JSON into the field `payload` of a form; that is what the body is then.
 */
export const readBody = (
	contentType: string | undefined,
	bytes: Uint8Array,
	style: SignatureStyle,
): {readonly body: unknown} | BodyProblem => {
	if (bytes.length === 0) return {body: null};
	const text = textOf(bytes);
	if (text === undefined) return {status: 415, message: 'The body is neither JSON nor a form nor UTF-8 text.'};
	const mediaType = (contentType ?? '').split(';')[0]!.trim().toLowerCase();
	if (mediaType === 'application/json' || mediaType.endsWith('+json')) return readJson(text);
	if (mediaType !== 'application/x-www-form-urlencoded') return {body: text};
	const form = new URLSearchParams(text);
	const payload = form.get('payload');
	if (payload !== null && (style === 'github' || style === 'slack')) return readJson(payload);
	return {body: valuesOf(form)};
};

/** By name; what is there several times is a list. */
export const valuesOf = (search: URLSearchParams): Record<string, string | string[]> =>
	Object.fromEntries(
		[...new Set(search.keys())].map(name => {
			const values = search.getAll(name);
			return [name, values.length === 1 ? values[0]! : values];
		}),
	);

const readJson = (text: string): {readonly body: unknown} | BodyProblem => {
	try {
		const body: unknown = JSON.parse(text);
		if (isTooDeep(body)) return {status: 400, message: `The body is nested deeper than ${limits.webhookDepthMax}.`};
		return {body};
	} catch {
		return {status: 400, message: 'The body says that it is JSON, and is not.'};
	}
};

/** Without recursion: what is looked for would break it. */
const isTooDeep = (body: unknown): boolean => {
	let level: unknown[] = [body];
	for (let depth = 0; depth <= limits.webhookDepthMax; depth++) {
		level = level.flatMap(value => (typeof value === 'object' && value !== null ? Object.values(value) : []));
		if (level.length === 0) return false;
	}

	return true;
};

const textOf = (bytes: Uint8Array): string | undefined => {
	try {
		return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
	} catch {
		return undefined;
	}
};
