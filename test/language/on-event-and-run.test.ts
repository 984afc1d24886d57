import {describe, expect, test} from 'vitest';
import {eventNameRule} from '../../source/workflow/event-name.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {type Case, expectCase} from './marked.ts';

const file = (on: string) => `---\nname: x\non:\n${on}\n---\n# A\n\n## b\nDo.\n`;

const cases: readonly Case[] = [
	['a name with spaces', file('  event: ▶deploy done'), ['value.invalid'], eventNameRule],
	['no name', file('  ▶event: { if: "true" }'), ['key.missing'], 'Write `event: deploy.done`.'],
	['an unknown key', file('  event: { name: a, ▶data: 1 }'), ['key.unknown']],
	[
		'no workflow',
		file('  ▶run: { status: failed }'),
		['key.missing'],
		'Write `run: { workflow: build, status: completed }`.',
	],
	['an unknown status', file('  run: { workflow: build, status: ▶done }'), ['value.invalid']],
	['a list of statuses with a mistake', file('  run: { workflow: build, status: ▶[failed, done] }'), ['value.invalid']],
	['a name alone', file('  run: ▶build'), ['value.invalid'], 'Write `run: { workflow: build, status: completed }`.'],
];

describe('`on: event` and `on: run`', () => {
	test.each(cases.map(each => [each[0], each] as const))('%s', (_, each) => expectCase(each));

	test('are read with their defaults', () => {
		const text = file('  event: [deploy.done, { name: ci/main, if: trigger.chain < 2 }]\n  run: { workflow: build }');
		expect(parseWorkflow(text, '/x.md').definition?.triggers).toEqual([
			{kind: 'event', id: 'event', line: 4, name: 'deploy.done', with: {}},
			{kind: 'event', id: 'event-2', line: 4, name: 'ci/main', if: 'trigger.chain < 2', with: {}},
			{kind: 'run', id: 'run', line: 5, workflow: 'build', statuses: ['completed'], with: {}},
		]);
	});
});
