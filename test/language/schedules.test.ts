import {describe, expect, test} from 'vitest';
import {type Case, definitionOf, expectCase, expectProblems} from './marked.ts';

const workflow = (on: string) => `---\nname: x\non: ${on}\n---\n# X\n\n## b\nDo.\n`;
const cron = (text: string) => workflow(`{ schedule: "${text}" }`);

const cases: readonly Case[] = [
	[
		'a field is missing',
		cron('▶0 9 * *'),
		['schedule.invalid'],
		'Write minute, hour, day of the month, month and weekday: `0 9 * * 1-5`.',
	],
	['a year', cron('▶0 0 9 * * 1 2027'), ['schedule.invalid'], 'There is no field for years: leave it out.'],
	['hour 24', cron('0 ▶24 * * *'), ['schedule.invalid'], 'Midnight is hour 0.'],
	['one of several', cron('0,▶75 9 * * *'), ['schedule.invalid'], 'Write a number from 0 to 59.'],
	['two mistakes', cron('▶99 9 * * ▶9'), ['schedule.invalid', 'schedule.invalid'], 'Write a number from 0 to 59.'],
	['a weekday with a typo', cron('0 9 * * ▶mno'), ['schedule.invalid'], 'Did you mean `mon`?'],
	['a month with a typo', cron('0 9 1 ▶Januray *'), ['schedule.invalid'], 'Did you mean `January`?'],
	['a step without a range', cron('▶5/15 * * * *'), ['schedule.invalid'], 'Write `5-59/15`.'],
	[
		'every 90 minutes',
		cron('▶*/90 * * * *'),
		['schedule.invalid'],
		'A step begins anew with each hour; write the hours in the field after it.',
	],
	['a nickname with a typo', cron('▶@dayly'), ['schedule.invalid'], 'Did you mean `@daily`?'],
	['every so often', cron('▶@every 5m'), ['schedule.invalid'], 'Write `*/5 * * * *`.'],
	['30 February', cron('0 0 ▶30 2 *'), ['schedule.invalid'], 'The last day of each month is `L`.'],
	[
		'a city for a zone',
		workflow('{ schedule: { cron: "0 9 * * *", timezone: ▶Berlin } }'),
		['schedule.zone-unknown'],
		'Did you mean `Europe/Berlin`?',
	],
	[
		'a zone with a typo',
		workflow('{ schedule: { cron: "0 9 * * *", timezone: ▶America/New_Yrok } }'),
		['schedule.zone-unknown'],
		'Did you mean `America/New_York`?',
	],
	[
		'an offset for a zone',
		workflow('{ schedule: { cron: "0 9 * * *", timezone: ▶"+02:00" } }'),
		['schedule.zone-unknown'],
		'An offset knows nothing of summer time: write the name of the zone, as `Europe/Berlin`.',
	],
	['no expression', workflow('{ ▶schedule: { timezone: Europe/Berlin } }'), ['key.missing']],
	[
		'an unknown policy',
		workflow('{ schedule: { cron: "0 9 * * *", catch-up: ▶onc } }'),
		['value.invalid'],
		'Did you mean `one`?',
	],
];

for (const each of cases) test(each[0], () => expectCase(each));

describe('a schedule', () => {
	test('is its expression, with what is usual for the rest', () => {
		expect(definitionOf(cron('0 9 * * 1-5')).triggers).toEqual([
			{kind: 'schedule', id: 'schedule', line: 3, cron: '0 9 * * 1-5', overlap: 'skip', catchUp: 'one', with: {}},
		]);
	});

	test('says of an impossible day which month it is', () => {
		const [diagnostic] = expectProblems(cron('0 0 ▶30 2 *'), ['schedule.invalid']);
		expect(diagnostic!.message).toBe('This schedule never fires: no February has a day 30.');
	});
});
