import {expect, test} from 'vitest';
import type {NewEvent} from '../../../source/run/events.ts';
import {isOnlyApprovalLeft} from '../../../source/run/only-approval-left.ts';
import {completed, created, requested, started, stateAfter, step, wireEventsOf} from '../cli/run-story.ts';

const steps = [
	step('a', 'script'),
	step('ask', 'approval'),
	step('pause', 'wait'),
	step('last', 'script', ['a', 'ask']),
];
const begun: NewEvent[] = [created(steps), {type: 'run.started', body: {}}];
const endPause: NewEvent[] = [
	{type: 'wait.started', body: {stepId: 'pause', wakeAtMs: 0}},
	completed('pause', undefined),
];
const isLeftAfter = (...events: NewEvent[]) =>
	isOnlyApprovalLeft(stateAfter(wireEventsOf([...begun, ...events].map(event => [0, event]))));

test('only an approval is left when all else has ended or needs it', () => {
	expect(isLeftAfter(...endPause, started('a'), completed('a'), requested('ask', 'x'))).toBe(true);
});

test.each<[why: string, events: NewEvent[]]>([
	['a script still runs', [...endPause, started('a'), requested('ask', 'x')]],
	['a step is ready and has not begun yet', [...endPause, requested('ask', 'x')]],
	[
		'a wait is not over',
		[started('a'), completed('a'), {type: 'wait.started', body: {stepId: 'pause', wakeAtMs: 0}}, requested('ask', 'x')],
	],
	['nothing was asked yet', [...endPause, started('a'), completed('a')]],
	[
		'it was answered and the run ended',
		[...endPause, started('a'), completed('a'), requested('ask', 'x'), {type: 'run.completed', body: {outputs: {}}}],
	],
])('not while %s', (_, events) => {
	expect(isLeftAfter(...events)).toBe(false);
});

test('items that all ask are like a step that asks', () => {
	const agent = {...step('fix', 'agent'), isEach: true};
	const expanded: NewEvent = {type: 'items.expanded', body: {stepId: 'fix', items: ['a', 'b']}};
	const ask = (item: number): NewEvent => ({
		type: 'approval.requested',
		body: {approvalId: `a${item}`, stepId: 'fix', item, kind: 'permission', question: 'Run it?'},
	});
	const begin = (item: number): NewEvent => ({type: 'attempt.started', body: {stepId: 'fix', item, attempt: 1}});
	const after = (...events: NewEvent[]) =>
		isOnlyApprovalLeft(
			stateAfter(
				wireEventsOf(
					[created([agent]), {type: 'run.started', body: {}} as const, expanded, ...events].map(event => [0, event]),
				),
			),
		);
	expect(after(begin(0), begin(1), ask(0))).toBe(false);
	expect(after(begin(0), begin(1), ask(0), ask(1))).toBe(true);
});

test('with --yes an approval step answers itself, a permission does not', () => {
	const run = (kind: 'approval' | 'permission', stepKind: 'approval' | 'agent') =>
		stateAfter(
			wireEventsOf(
				[
					created([step('ask', stepKind)], true),
					{type: 'run.started', body: {}} as const,
					requested('ask', 'x', kind),
				].map(event => [0, event]),
			),
		);
	expect(isOnlyApprovalLeft(run('approval', 'approval'))).toBe(false);
	expect(isOnlyApprovalLeft(run('permission', 'agent'))).toBe(true);
});
