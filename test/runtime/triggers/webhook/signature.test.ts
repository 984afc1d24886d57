import {describe, expect, test} from 'vitest';
import {type SignatureStyle, signatureHeadersOf, verdictOf} from '../../../../runtime/triggers/webhook/signature.ts';

const nowMs = Date.UTC(2026, 10, 20, 14);
const bytes = Buffer.from('{"a":1}');
const styles: readonly SignatureStyle[] = ['github', 'stripe', 'slack', 'generic'];

describe('what the services themselves give as an example', () => {
	test('GitHub', () => {
		const headers = {
			'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
		};
		const request = {headers, bytes: Buffer.from('Hello, World!')};
		expect(verdictOf('github', "It's a Secret to Everybody", request, nowMs).isGenuine).toBe(true);
	});

	test('Slack', () => {
		const body =
			'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
		const headers = {
			'x-slack-request-timestamp': '1531420618',
			'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
		};
		const request = {headers, bytes: Buffer.from(body)};
		const secret = '8f742231b10e8888abcd99yyyzzz85a5';
		expect(verdictOf('slack', secret, request, 1_531_420_618_000).isGenuine).toBe(true);
		expect(verdictOf('slack', secret, request, nowMs)).toEqual({isGenuine: false, reason: 'stale'});
	});
});

describe.each(styles)('%s', style => {
	const sign = (atMs = nowMs) => signatureHeadersOf(style, 'secret', bytes, {nowMs: atMs, delivery: 'one'});
	const verdict = (headers: Record<string, string>, body = bytes, secret = 'secret') =>
		verdictOf(style, secret, {headers, bytes: body}, nowMs);

	test('what was signed with the secret is genuine', () => {
		expect(verdict(sign()).isGenuine).toBe(true);
	});

	test('one byte more, another secret, or none is not', () => {
		expect(verdict(sign(), Buffer.from('{"a":1} '))).toEqual({isGenuine: false, reason: 'wrong'});
		expect(verdict(sign(), bytes, 'other')).toEqual({isGenuine: false, reason: 'wrong'});
		expect(verdict({})).toEqual({isGenuine: false, reason: 'unsigned'});
	});

	test('an empty secret checks nothing, so that nothing is genuine', () => {
		const headers = signatureHeadersOf(style, '', bytes, {nowMs, delivery: 'one'});
		expect(verdict(headers, bytes, '')).toEqual({isGenuine: false, reason: 'unsigned'});
	});

	test('a signature that is none is not compared', () => {
		const cut = Object.fromEntries(Object.entries(sign()).map(([name, value]) => [name, value.slice(0, -1)]));
		expect(verdict(cut).isGenuine).toBe(false);
	});
});

test.each(styles.filter(style => style !== 'github'))('%s: a moment out of the window is told as such', style => {
	const at = (atMs: number) => {
		const headers = signatureHeadersOf(style, 'secret', bytes, {nowMs: atMs, delivery: 'one'});
		return verdictOf(style, 'secret', {headers, bytes}, nowMs);
	};

	expect(at(nowMs - 299_000).isGenuine).toBe(true);
	expect(at(nowMs - 301_000)).toEqual({isGenuine: false, reason: 'stale'});
	expect(at(nowMs + 302_000)).toEqual({isGenuine: false, reason: 'stale'});
});

test('generic: the name of a delivery is signed too, and nothing can be moved between it and the body', () => {
	const headers = signatureHeadersOf('generic', 'secret', bytes, {nowMs, delivery: 'one'});
	const with_ = (delivery: string, body = bytes) =>
		verdictOf('generic', 'secret', {headers: {...headers, 'x-aiworkflow-delivery': delivery}, bytes: body}, nowMs);
	expect(with_('two').isGenuine).toBe(false);
	expect(with_('one:{"a"', Buffer.from('1}')).isGenuine).toBe(false);
});
