import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {packageFolder} from '../../../source/install.ts';
import {caseOf} from '../../../source/rehearsal/read-case.ts';

const read = (text: string, file = '/w/tests/a.yaml') => {
	const reading = caseOf(file, text);
	if (!reading.case) throw new Error(reading.diagnostics.map(({message}) => message).join('\n'));
	return reading.case;
};

const problems = (text: string, file = '/w/tests/a.yaml') =>
	(caseOf(file, text).diagnostics ?? []).map(({line, message, suggestion}) => ({line, message, suggestion}));

test('an empty file is a case that completes, with every approval given', () => {
	expect(read('')).toMatchObject({
		title: 'a',
		inputs: {},
		git: false,
		approve: 'all',
		expect: {status: 'completed', outputs: {}, steps: {}, files: {}},
	});
});

test('paths count from the file, names from its beginning', () => {
	expect(read('workflow: ../w.md\nfiles: project\n', '/w/tests/greets.test.yaml')).toMatchObject({
		title: 'greets',
		workflow: '/w/w.md',
		files: '/w/tests/project',
	});
});

test('answers are one word, a word with a comment, or several', () => {
	expect(read('approve: {a: approve, b: {reject: why}, c: [reject, {approve: now}]}').approve).toEqual({
		a: [{isApproved: true}],
		b: [{isApproved: false, comment: 'why'}],
		c: [{isApproved: false}, {isApproved: true, comment: 'now'}],
	});
});

test('a step is expected by its status, or by more', () => {
	const {steps} = read('expect:\n  steps:\n    a: skipped\n    b: {outputs: {n: 1}, text: {contains: x}}\n').expect;
	expect(steps).toEqual({a: {status: 'skipped'}, b: {outputs: {n: 1}, text: {contains: 'x'}}});
});

test('Markdown has its settings in the frontmatter, its title in the heading, and `## expect`', () => {
	const text = `---
inputs: {who: Ada}
---
# Greets Ada

Because she was first.

## Expect

\`\`\`yaml
status: failed
outputs:
  greeting: Hi
\`\`\`
`;
	const found = read(text, '/w/tests/a.md');
	expect(found).toMatchObject({title: 'Greets Ada', inputs: {who: 'Ada'}, expect: {status: 'failed'}});
	expect(found.placeOf(['expect', 'outputs', 'greeting'])).toEqual({file: '/w/tests/a.md', line: 13});
	expect(found.placeOf(['inputs', 'who'])).toEqual({file: '/w/tests/a.md', line: 2});
});

test('Markdown without a fence under `## expect` expects the usual', () => {
	expect(
		read('---\ngit: true\n---\n# T\n\n## expect\n\n## other\n\n```yaml\nstatus: failed\n```\n', 'a.md'),
	).toMatchObject({
		git: true,
		expect: {status: 'completed'},
	});
});

test.each([
	['inptus: {}', [{line: 1, message: 'A case has no setting `inptus`.', suggestion: 'Did you mean `inputs`?'}]],
	[
		'git: true\nexpect:\n  staus: failed\n',
		[{line: 3, message: 'A case has no setting `expect.staus`.', suggestion: 'Did you mean `status`?'}],
	],
	[
		'expect:\n  status: done',
		[expect.objectContaining({line: 2, message: expect.stringContaining('one of completed')})],
	],
	['approve: {a: perhaps}', [expect.objectContaining({message: expect.stringContaining('`all`, `none`, or by step')})]],
	[
		'expect: {files: {a: {matches: "("}}}',
		[expect.objectContaining({message: '`expect.files.a.matches`: must be a regular expression.'})],
	],
	['timeout: soon', [expect.objectContaining({line: 1, message: '`timeout`: must be a duration, such as 30s.'})]],
	['a: [1', [expect.objectContaining({line: 1})]],
	['- a list', [expect.objectContaining({message: 'A case is a mapping of settings.'})]],
])('%j is told with its line and its mend', (text, expected) => {
	expect(problems(text)).toEqual(expected);
});

test('the line of a problem under `## expect` is that of the Markdown file', () => {
	const text = '---\ngit: true\n---\n# T\n\n## expect\n\n```yaml\nstatus: failed\nfoo: 1\n```\n';
	expect(problems(text, 'a.md')).toEqual([expect.objectContaining({line: 10})]);
});

test('expectations in two places are refused', () => {
	expect(problems('---\nexpect: {}\n---\n## expect\n\n```yaml\nstatus: failed\n```\n', 'a.md')).toEqual([
		expect.objectContaining({line: 2, message: expect.stringContaining('and under `## expect`')}),
	]);
});

test('the cases in docs/testing.md are cases', () => {
	const text = readFileSync(path.join(packageFolder, 'docs/testing.md'), 'utf8');
	const [yaml] = [...text.matchAll(/^```yaml\n(title:[\s\S]*?)^```$/gm)].map(([, found]) => found!);
	const [markdown] = [...text.matchAll(/^````markdown\n([\s\S]*?)^````$/gm)].map(([, found]) => found!);
	expect(read(yaml!)).toMatchObject({git: true, timeoutMs: 30_000, expect: {costUsdMax: 0.05}});
	expect(read(markdown!, 'a.md')).toMatchObject({git: true, expect: {outputs: {report: 'REPORT.md'}}});
});
