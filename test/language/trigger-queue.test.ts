import {expect, test} from 'vitest';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import type {QueueTrigger} from '../../source/workflow/triggers.ts';

const parsed = (on: string) =>
	parseWorkflow(`---\nname: w\non:\n  queue: ${on}\n---\n# w\n\n## a\n\`\`\`sh run\ntrue\n\`\`\`\n`, 'w.md');
const problems = (on: string) =>
	parsed(on).diagnostics.map(({code, message, suggestion}) => [code, message, suggestion]);

test('a name is enough: everything else has a default', () => {
	const {definition, diagnostics} = parsed('mails');
	expect(diagnostics).toEqual([]);
	const [trigger] = definition!.triggers as QueueTrigger[];
	expect(trigger).toEqual({
		...{id: 'queue', kind: 'queue', line: expect.any(Number), name: 'mails', backend: 'embedded', with: {}},
		...{concurrency: 1, retries: 3, retryDelayMs: 30_000, visibilityMs: 3_600_000},
	});
});

test('a server is named by a secret', () => {
	const {definition} = parsed("{ name: mails, backend: rabbitmq, url: '${{ secrets.AMQP }}', retry-delay: 5s }");
	expect(definition!.triggers![0]).toMatchObject({backend: 'rabbitmq', urlSecretName: 'AMQP', retryDelayMs: 5000});
});

test.each([
	['a/b', 'value.invalid', '`name` must be a name of letters, digits, `.`, `_` and `-`'],
	[
		"{ name: mails, url: '${{ secrets.URL }}' }",
		'value.invalid',
		'An embedded queue is in this daemon and has no `url:`.',
	],
	['{ name: mails, backend: redis, url: "redis://h" }', 'value.invalid', '`url` must be a secret'],
	['{ name: mails, backend: kafka }', 'value.invalid', '`backend`'],
	['{ name: mails, concurrency: 0 }', 'value.invalid', '`concurrency`'],
	['{ backend: redis }', 'key.missing', '`on.queue` has no `name:`.'],
])('%s is refused', (on, code, message) => {
	expect(problems(on)[0]).toEqual([code, expect.stringContaining(message), expect.any(String)]);
});
