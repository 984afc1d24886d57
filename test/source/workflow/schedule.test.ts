import {parse, validate} from 'node-cron';
import {describe, expect, test} from 'vitest';
import {cronProblemsOf} from '../../../source/workflow/schedule/cron.ts';
import {scheduleWordsOf} from '../../../source/workflow/schedule/words.ts';

const good = [
	...['* * * * *', '0 9 * * 1-5', '*/15 * * * *', '0 0 1,15 * *', '30 2 29 2 *', '0 22-6 * * *', '0 0 * * fri-sun'],
	...['5 4 * JAN-mar Sunday', '0 0 L * *', '0 0 L-3 * *', '0 0 15W * *', '0 0 LW * *', '0 0 * * 5L', '0 0 * * mon#2'],
	...[
		'0 0 ? * 7',
		'*/10 * * * * *',
		'0 0 12 * * *',
		'10-50/20 * * * *',
		'@daily',
		'@Yearly',
		' @hourly ',
		'0 0 * * friL',
	],
	...['0 0 31 1,3 *', '0 0 * * 5-7', '0 0 13 * 5', '0  9 * *   1', '0 0 28-31 2 *'],
];

const bad = [
	...['', '* * * *', '* * * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *', '* * * 0 *'],
	...[
		'* * * * 8',
		'5/15 * * * *',
		'*/0 * * * *',
		'a * * * *',
		'* * * foo *',
		'* * * * blursday',
		'1- * * * *',
		'1,,2 * * * *',
	],
	...[
		'0 0 30 2 *',
		'0 0 31 4,6 *',
		'@reboot',
		'@dayly',
		'0 0 L-31 * *',
		'0 0 32W * *',
		'0 0 * * 1#6',
		'? * * * *',
		'0.5 * * * *',
	],
];

describe('a cron expression', () => {
	test.each(good)('%s is taken, by node-cron as well', expression => {
		expect(cronProblemsOf(expression)).toEqual([]);
		expect(validate(expression)).toBe(true);
	});

	test.each(bad)('"%s" is refused, by node-cron as well', expression => {
		expect(cronProblemsOf(expression)).not.toEqual([]);
		expect(validate(expression)).toBe(false);
	});

	test('that is taken is taken by node-cron, whatever it is made of', () => {
		const random = generator(7);
		const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
		const parts = [
			'*',
			'0',
			'5',
			'7',
			'12',
			'31',
			'60',
			'mon',
			'feb',
			'L',
			'?',
			'2-6',
			'6-2',
			'*/2',
			'1/2',
			'1-9/3',
			'3W',
			'1#2',
			'L-2',
		];
		const taken = Array.from({length: 20_000}, () => {
			const fields = Array.from({length: random() < 0.2 ? 6 : 5}, () =>
				random() < 0.6 ? '*' : random() < 0.3 ? `${pick(parts)},${pick(parts)}` : pick(parts),
			);
			return fields.join(' ');
		}).filter(expression => cronProblemsOf(expression).length === 0);
		expect(taken.length).toBeGreaterThan(1000);
		expect(taken.filter(expression => !validate(expression))).toEqual([]);
		for (const expression of taken) expect(() => parse(expression)).not.toThrow();
	});
});

/** The same numbers each time, from 0 to 1. */
const generator = (seed: number) => () => {
	seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
	return seed / 2_147_483_648;
};

describe('words', () => {
	test.each([
		['0 9 * * 1-5', 'at 09:00, Monday to Friday'],
		['@daily', 'at 00:00, every day'],
		['30 9,17 * * *', 'at 09:30 and 17:30, every day'],
		['*/15 * * * *', 'every 15 minutes'],
		['* * * * *', 'every minute'],
		['*/10 * * * * *', 'every 10 seconds'],
		['* * * * * *', 'every second'],
		['@hourly', 'every hour, on the hour'],
		['5 * * * *', 'every hour, at minute 5'],
		['0 */6 * * *', 'every 6 hours'],
		['*/30 9-17 * * mon-fri', 'every 30 minutes from 09:00 to 17:30, Monday to Friday'],
		['0 9-17 * * *', 'every hour from 09:00 to 17:00'],
		['@weekly', 'at 00:00, every Sunday'],
		['0 8 * * 6,0', 'at 08:00, Saturday and Sunday'],
		['@monthly', 'at 00:00, on the 1st of the month'],
		['0 0 1,15 * *', 'at 00:00, on the 1st and 15th of the month'],
		['0 0 29 2 *', 'at 00:00, on the 29th of February'],
		['@yearly', 'at 00:00, on the 1st of January'],
		['0 6 L * *', 'at 06:00, on the last day of the month'],
		['0 6 * * mon#2', 'at 06:00, on the second Monday of the month'],
		['0 6 * 3 5L', 'at 06:00, on the last Friday of March'],
		['0 0 13 * 5', 'at 00:00, on the 13th of the month when it is a Friday'],
		['0 7 * dec *', 'at 07:00, every day in December'],
		['0 7 22 11 ?', 'at 07:00, on the 22nd of November'],
		['*/7 * * * *', undefined],
		['0 9 * * 5-1', undefined],
		['0 0 15W * *', undefined],
		['1-5 3 * * *', undefined],
		['0 1,2,3,4,5 * * *', undefined],
	])('%s: %s', (expression, words) => {
		expect(cronProblemsOf(expression)).toEqual([]);
		expect(scheduleWordsOf(expression)).toBe(words);
	});
});
