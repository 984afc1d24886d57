import {expect, test} from 'vitest';
import {type CaseFacts, judge} from '../../../source/rehearsal/judge.ts';
import {caseOf} from '../../../source/rehearsal/read-case.ts';
import type {RunState} from '../../../source/run/state.ts';
import {completed, created, requested, started, stateAfter, step, wireEventsOf} from '../cli/run-story.ts';

const ended = (outputs: Record<string, unknown> = {}): RunState => ({
	...stateAfter(
		wireEventsOf([
			[0, created([step('a', 'script'), step('b', 'script', ['a'])])],
			[0, started('a')],
			[1, completed('a')],
		]),
	),
	phase: 'completed',
	outputs,
});

const failuresOf = (expectations: string, facts: Partial<CaseFacts> = {}) => {
	const testCase = caseOf('a.yaml', `expect:\n${expectations.replaceAll(/^/gm, '  ')}\n`).case!;
	const all = {run: ended(), ending: 'settled', files: {}, costMicroUsd: 0, ...facts} as const;
	return judge(testCase, all).map(({what, message, place}) => `${what}: ${message} ${place?.line}`);
};

test('what is as expected says nothing', () => {
	const facts = {run: ended({n: [1, {a: 2}], text: 'one two'}), files: {f: 'x\n', gone: null}, costMicroUsd: 500};
	const expectations = `outputs: {n: [1, {a: 2}], text: {contains: two}}
steps: {a: completed, b: pending}
files: {f: "x\\n", gone: {absent: true}}
cost: {max-usd: 0.0005}`;
	expect(failuresOf(expectations, facts)).toEqual([]);
});

test.each([
	['outputs: {n: 1}', 'outputs.n: expected 1, got nothing. 2'],
	['outputs: {s: {matches: "^x$"}}', 'outputs.s: expected a text that matches /^x$/, got "text". 2'],
	['outputs: {s: other}', 'outputs.s: expected "other", got "text". 2'],
	['steps:\n  b: completed', 'steps.b.status: expected "completed", got "pending". 3'],
	['steps: {c: completed}', 'steps.c: there is no step c. 2'],
	['steps: {"a[0]": completed}', 'steps.a[0]: there is no step a[0]. 2'],
	['files: {f: {absent: true}}', 'files.f: expected no such file, got "1\\n2\\n3\\n". 2'],
	['files: {f: "1\\n2\\n4\\n"}', 'files.f: line 3: expected "4", got "3". 2'],
	['files: {f: "1\\n2\\n"}', 'files.f: line 3: expected "", got "3". 2'],
	['files: {none: {contains: x}}', 'files.none: expected a text that contains "x", got no such file. 2'],
	['status: failed', 'status: expected failed, got completed. 2'],
	['failure: script.failed', 'failure: expected "script.failed", got null. 2'],
	['cost: {max-usd: 0.01}', 'cost: expected $0.01 at the most, the recorded answers cost $0.02. 2'],
])('%j is told with both sides and its place', (expectations, failure) => {
	const facts = {run: ended({s: 'text'}), files: {f: '1\n2\n3\n', none: null}, costMicroUsd: 20_000};
	expect(failuresOf(expectations, facts)).toEqual([failure]);
});

test('an unknown cost is never within a limit', () => {
	expect(failuresOf('cost: {max-usd: 100}', {costMicroUsd: null})).toEqual([
		expect.stringContaining('The recording does not say what each of its answers cost'),
	]);
});

test('what does not end says what it waits for', () => {
	const run = stateAfter(
		wireEventsOf([
			[0, created([step('ask', 'approval')])],
			[0, requested('ask', 'id1')],
		]),
	);
	expect(failuresOf('status: completed', {run, ending: 'timed-out'})[0]).toContain('It waits for an answer to ask');
	expect(failuresOf('status: waiting', {run, ending: 'waiting'})).toEqual([]);
	expect(failuresOf('status: completed', {run, ending: 'waiting'})[0]).toContain('expected completed, got waiting.');
});
