import {createTask} from 'node-cron';
import {describe, expect, test} from 'vitest';
import {createMoments} from '../../../runtime/triggers/schedule/moments.ts';

/** The first moments after one, ISO-8601. */
const momentsAfter = async (cron: string, timezone: string, after: string, count: number) => {
	const moments = await createMoments(cron, timezone);
	const found: string[] = [];
	let at: number | undefined = Date.parse(after);
	for (let index = 0; index < count; index++) {
		at = moments.next(at);
		if (at === undefined) break;
		found.push(new Date(at).toISOString().replace(':00.000Z', 'Z'));
	}

	return found;
};

describe('where clocks are set forward', () => {
	test('a time that does not exist fires at that moment, and the day after as ever', async () => {
		expect(await momentsAfter('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', 3)).toEqual([
			'2026-03-28T01:30Z',
			// 02:00 becomes 03:00.
			'2026-03-29T01:00Z',
			'2026-03-30T00:30Z',
		]);
		expect(await momentsAfter('30 2 * * *', 'America/New_York', '2026-03-07T12:00Z', 2)).toEqual([
			'2026-03-08T07:00Z',
			'2026-03-09T06:30Z',
		]);
	});

	test('several that do not exist fire together, once', async () => {
		expect(await momentsAfter('*/20 2,3 * * *', 'Europe/Berlin', '2026-03-29T00:00Z', 4)).toEqual([
			'2026-03-29T01:00Z',
			'2026-03-29T01:20Z',
			'2026-03-29T01:40Z',
			'2026-03-30T00:00Z',
		]);
	});

	test('what fires every hour goes on as if nothing were', async () => {
		expect(await momentsAfter('*/30 * * * *', 'America/New_York', '2026-03-08T06:15Z', 3)).toEqual([
			'2026-03-08T06:30Z',
			'2026-03-08T07:00Z',
			'2026-03-08T07:30Z',
		]);
	});

	test('midnight that does not exist, and a day that does not', async () => {
		expect(await momentsAfter('0 0 * * *', 'Africa/Cairo', '2026-04-23T12:00Z', 1)).toEqual(['2026-04-23T22:00Z']);
		expect(await momentsAfter('0 9 30 12 *', 'Pacific/Apia', '2011-12-01T00:00Z', 1)).toEqual(['2011-12-30T10:00Z']);
	});
});

describe('where clocks are set back', () => {
	test('a time that there is twice fires the first time', async () => {
		expect(await momentsAfter('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
			'2026-10-25T00:30Z',
			'2026-10-26T01:30Z',
		]);
		expect(await momentsAfter('30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', 2)).toEqual([
			'2026-11-01T05:30Z',
			'2026-11-02T06:30Z',
		]);
	});

	test('nor does it fire again when it is asked for within the second time', async () => {
		expect(await momentsAfter('*/10 1 * * *', 'America/New_York', '2026-11-01T06:05Z', 1)).toEqual([
			'2026-11-02T06:00Z',
		]);
	});

	test('what fires every hour goes on as if nothing were', async () => {
		expect(await momentsAfter('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:15Z', 4)).toEqual([
			'2026-10-25T00:30Z',
			'2026-10-25T01:00Z',
			'2026-10-25T01:30Z',
			'2026-10-25T02:00Z',
		]);
	});

	test('at midnight, into the day before', async () => {
		expect(await momentsAfter('30 * * * *', 'Africa/Cairo', '2026-10-29T20:00Z', 3)).toEqual([
			'2026-10-29T20:30Z',
			'2026-10-29T21:30Z',
			'2026-10-29T22:30Z',
		]);
	});
});

describe('a moment that is far away', () => {
	test('29 February comes in a leap year', async () => {
		expect(await momentsAfter('0 12 29 2 *', 'UTC', '2026-11-20T00:00Z', 3)).toEqual([
			'2028-02-29T12:00Z',
			'2032-02-29T12:00Z',
			'2036-02-29T12:00Z',
		]);
		expect(await momentsAfter('0 12 29 2 *', 'UTC', '2096-03-01T00:00Z', 1)).toEqual(['2104-02-29T12:00Z']);
	});

	test('29 February that is a Monday as well, over the year 2100 that is none', async () => {
		expect(await momentsAfter('0 12 29 2 1', 'Europe/Berlin', '2026-11-20T00:00Z', 1)).toEqual(['2044-02-29T11:00Z']);
		expect(await momentsAfter('0 12 29 2 0', 'Europe/Berlin', '2088-03-01T00:00Z', 1)).toEqual(['2128-02-29T11:00Z']);
	});

	test('one that never comes ends the search', async () => {
		expect(await momentsAfter('0 0 31 * 1#1', 'Europe/Berlin', '2026-11-20T00:00Z', 1)).toEqual([]);
	});
});

test('node-cron agrees, second by second, wherever clocks do not change', async () => {
	const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
	const expressions = ['*/7 * * * * *', '0 */3 9-17 * * *', '15 30 4 * * *', '0 0 L * *', '0 0 * * 5L', '0 12 15W * *'];
	for (const timezone of zones) {
		for (const cron of [...expressions, '0 0 1,15 * 1', '0 22-2 * * mon-fri', '0 6 * * 2#3']) {
			const task = createTask(cron, () => undefined, {timezone});
			const moments = await createMoments(cron, timezone);
			let at = Date.UTC(2026, 5, 1, 0, 0, 0);
			for (let count = 0; count < 5; count++) {
				const next = moments.next(at)!;
				expect([cron, timezone, next, task.match(new Date(next))]).toEqual([cron, timezone, next, true]);
				// Nothing in between: every second of the ten minutes before it.
				for (let between = Math.max(at, next - 600_000) + 1000; between < next; between += 1000)
					if (task.match(new Date(between))) expect([cron, timezone, between]).toBe('no match');
				at = next;
			}

			await task.destroy();
		}
	}
});
