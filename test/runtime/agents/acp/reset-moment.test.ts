import {describe, expect, test} from 'vitest';
import {resetMomentOf} from '../../../../runtime/agents/acp/reset-moment.ts';

/** 13:20 in Berlin. */
const now = Date.parse('2026-11-21T12:20:00Z');
const zone = 'Europe/Berlin';
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('words', () => {
	test.each([
		['Rate limit reached. Please retry after 30s.', now + 30 * second],
		['retry after 30 seconds', now + 30 * second],
		['Please try again in 5m', now + 5 * minute],
		['Please try again in 1.2s. Visit the dashboard.', now + 1200],
		['try again in 20ms', now + 20],
		['You can try again in 2 days, 3 hours and 5 minutes', now + 51 * hour + 5 * minute],
		['Your quota will reset after 1h2m3s.', now + hour + 2 * minute + 3 * second],
		['resets in 2h 5m', now + 2 * hour + 5 * minute],
		['{"error":{"details":[{"retryDelay": "34s"}]}}', now + 34 * second],
		['API said "retryDelay": "34s" and more', now + 34 * second],
		['Retry-After: 120', now + 120 * second],
		['{"resets_in_seconds": 1234}', now + 1234 * second],
		['Claude AI usage limit reached|1795280400', 1_795_280_400_000],
		['"resets_at": 1795280400', 1_795_280_400_000],
		['limit resets at 2026-11-21T15:00:00Z', Date.parse('2026-11-21T15:00:00Z')],
		["You've hit your limit · resets 3pm (Europe/Berlin)", Date.parse('2026-11-21T14:00:00Z')],
		['resets at 3pm', Date.parse('2026-11-21T14:00:00Z')],
		['resets 3:30pm (UTC)', Date.parse('2026-11-21T15:30:00Z')],
		['resets at 12am', Date.parse('2026-11-21T23:00:00Z')],
		['resets at 1pm', Date.parse('2026-11-22T12:00:00Z')],
		['available again at 15:00', Date.parse('2026-11-21T14:00:00Z')],
		['resets Nov 25 at 3pm', Date.parse('2026-11-25T14:00:00Z')],
		['try again at Nov 22nd, 2026 3:04 PM.', Date.parse('2026-11-22T14:04:00Z')],
	])('%s', (text, moment) => {
		expect(resetMomentOf([text], now, zone)).toBe(moment);
	});

	test.each([
		'exceeded retry limit, last status: 429 Too Many Requests',
		'retried 5 times (total retry wait time: 5.46 seconds) Last error: 429 Rate limit reached',
		'Rate limit reached',
		'try again later',
		'resets at 2020-01-01T00:00:00Z',
		'Retry after 99 days',
		'resets at 27:00',
		'',
	])('%s says nothing', text => {
		expect(resetMomentOf([text], now, zone)).toBeUndefined();
	});
});

describe('fields', () => {
	test.each([
		[{retryAfter: 30}, now + 30 * second],
		[{headers: {'retry-after': '30'}}, now + 30 * second],
		[{'retry-after-ms': 1500}, now + 1500],
		[{retry_after_seconds: 12}, now + 12 * second],
		[{error: {details: [{'@type': 'RetryInfo', retryDelay: '34.5s'}]}}, now + 34_500],
		[{resetsAt: 1_795_280_400}, 1_795_280_400_000],
		[{resets_at: 1_795_280_400_000}, 1_795_280_400_000],
		[{headers: {'anthropic-ratelimit-requests-reset': '2026-11-21T12:21:00Z'}}, now + minute],
		[{headers: {'x-ratelimit-reset-requests': '6m0s'}}, now + 6 * minute],
		[{headers: {'retry-after': 'Sat, 21 Nov 2026 12:25:00 GMT'}}, now + 5 * minute],
		[{body: '{"error":{"resets_in_seconds":60}}'}, now + minute],
	])('%j', (data, moment) => {
		expect(resetMomentOf([data], now, zone)).toBe(moment);
	});

	test.each([[{errorKind: 'rate_limit'}], [{resetsAt: null}], [{retryAfter: -1}], [null], [7], [{reset: true}]])(
		'%j says nothing',
		data => {
			expect(resetMomentOf([data], now, zone)).toBeUndefined();
		},
	);

	test('the first that says something counts', () => {
		expect(resetMomentOf([{a: 1}, 'retry after 5s', 'retry after 9s'], now)).toBe(now + 5 * second);
	});
});
