import {expect, test} from 'vitest';
import {declaredTriggersOf} from '../../../source/workflow/declared-triggers.ts';

const fileWith = (on: string) => `---\nname: nightly\n${on}---\n# Nightly\n## one\n\`\`\`sh run\ntrue\n\`\`\`\n`;

test('what stands under `on:` is told, also where this version cannot do it', () => {
	const on = 'on:\n  schedule: "0 3 * * *"\n  webhook: { path: /issues }\n';
	expect(declaredTriggersOf(fileWith(on))).toEqual([
		{name: 'schedule', settings: '0 3 * * *', cron: '0 3 * * *', line: 4},
		{name: 'webhook', settings: '{"path":"/issues"}', line: 5},
	]);
});

test.each([
	['on: [schedule, manual]\n', ['schedule']],
	['on: manual\n', []],
	['', []],
	['on:\n', []],
	['on:\n  schedule:\n    - { cron: "5 4 * * *", timezone: UTC }\n', ['schedule']],
])('%j', (on, names) => {
	expect(declaredTriggersOf(fileWith(on)).map(({name}) => name)).toEqual(names);
});

test('the cron expression of a schedule is found in each of its forms', () => {
	const cronOf = (schedule: string) => declaredTriggersOf(fileWith(`on:\n  schedule: ${schedule}\n`))[0]?.cron;
	expect(cronOf('{ cron: "1 2 * * *" }')).toBe('1 2 * * *');
	expect(cronOf('["1 2 * * *", "3 4 * * *"]')).toBe('1 2 * * *');
	expect(cronOf('true')).toBeUndefined();
});

test('a file that is no workflow declares nothing', () => {
	expect(declaredTriggersOf('# Notes\n')).toEqual([]);
	expect(declaredTriggersOf('---\non: [\n---\n')).toEqual([]);
});
