import {expect, test} from 'vitest';
import {backoffMsOf, retryAfterMsOf} from '../../../runtime/outbox/backoff.ts';
import {deliveryIdOf, signatureOf} from '../../../runtime/outbox/sign.ts';

test('waits grow threefold up to a limit, and are scattered over their whole length', () => {
	expect([1, 2, 3, 8, 50].map(tries => backoffMsOf(tries, 1))).toEqual([5000, 15_000, 45_000, 10_935_000, 14_400_000]);
	expect(backoffMsOf(3, 0.5)).toBe(22_500);
	expect(backoffMsOf(3, 0)).toBe(1000);
});

test('Retry-After is a count of seconds or a moment; anything else says nothing', () => {
	const nowMs = Date.UTC(2026, 10, 21, 12);
	expect(retryAfterMsOf('30', nowMs)).toBe(30_000);
	expect(retryAfterMsOf('Sat, 21 Nov 2026 12:01:00 GMT', nowMs)).toBe(60_000);
	expect(retryAfterMsOf('Sat, 21 Nov 2020 12:01:00 GMT', nowMs)).toBe(1000);
	expect([null, '', 'soon'].map(header => retryAfterMsOf(header, nowMs))).toEqual([undefined, undefined, undefined]);
});

test('a secret in the form of Standard Webhooks signs as that says', () => {
	// From the test vectors of the reference libraries.
	const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
	expect(signatureOf(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}')).toBe(
		'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
	);
});

test('the same parts are one delivery, and others are another', () => {
	const id = deliveryIdOf('run', 'notify', undefined, 1);
	expect(id).toMatch(/^msg_[\da-f]{32}$/);
	expect(deliveryIdOf('run', 'notify', undefined, 1)).toBe(id);
	expect(new Set([id, deliveryIdOf('run', 'notify', 0, 1), deliveryIdOf('run', 'notify', undefined, 2)]).size).toBe(3);
});
