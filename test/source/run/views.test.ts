import {expect, test} from 'vitest';
import type {NewEvent} from '../../../source/run/events.ts';
import {runStatusOf, runSummaryViewOf, runViewOf} from '../../../source/run/views.ts';
import {completed, created, origin, requested, started, stateAfter, step, wireEventsOf} from '../cli/run-story.ts';

const runAfter = (...events: NewEvent[]) =>
	stateAfter(
		wireEventsOf(
			[
				created([{...step('fix', 'script'), isEach: true}, step('test', 'script'), step('ship', 'approval')]),
				{type: 'run.started', body: {}} as const,
				...events,
			].map(event => [0, event]),
		),
	);
const failure = {code: 'script.failed', message: 'It ended with 1.'};
const expanded: NewEvent = {type: 'items.expanded', body: {stepId: 'fix', items: ['a', 'b', 'c']}};
const item = (index: number): NewEvent => ({type: 'attempt.started', body: {stepId: 'fix', item: index, attempt: 1}});
const retrying: NewEvent = {type: 'attempt.failed', body: {stepId: 'test', attempt: 1, failure, retryAtMs: 99_000}};
const itemRetrying: NewEvent = {
	type: 'attempt.failed',
	body: {stepId: 'fix', item: 0, attempt: 1, failure, retryAtMs: 99_000},
};
const paused: NewEvent = {type: 'run.paused', body: {origin, reason: 'lunch'}};
const target = {stepId: 'test', attempt: 1, how: 'script'} as const;
const ended: NewEvent = {type: 'run.failed', body: {failure}};
const undoing: NewEvent[] = [
	{type: 'rollback.started', body: {origin, reason: 'asked for', targets: [target]}},
	{type: 'undo.started', body: target},
];

test.each<[status: string, why: string, events: NewEvent[]]>([
	['running', 'nothing has begun yet', []],
	['running', 'a script runs', [started('test')]],
	['waiting', 'the only thing left is a question', [requested('ship', 'a1')]],
	['running', 'a question waits and a script runs', [requested('ship', 'a1'), started('test')]],
	['waiting', 'a step waits for the moment of its next attempt', [started('test'), retrying]],
	[
		'running',
		'an attempt that vanished is about to begin again',
		[started('test'), {type: 'attempt.interrupted', body: {stepId: 'test', attempt: 1, reason: 'vanished'}}],
	],
	['running', 'items are about to begin', [expanded]],
	['running', 'one item waits and another runs', [expanded, item(0), item(1), itemRetrying]],
	['waiting', 'every item that began waits', [expanded, item(0), itemRetrying]],
	['paused', 'somebody paused it, whatever runs on', [started('test'), paused]],
	['running', 'it goes on again', [paused, {type: 'run.resumed', body: {origin}}]],
	['failed', 'it failed', [started('test'), ended]],
	['running', 'it ended and is rolled back', [started('test'), ended, ...undoing]],
	[
		'failed',
		'it was rolled back',
		[
			...[started('test'), ended, ...undoing],
			{type: 'undo.completed', body: target},
			{type: 'rollback.completed', body: {undone: 1, left: []}},
		],
	],
])('a run is %s when %s', (status, _, events) => {
	expect(runStatusOf(runAfter(...events))).toBe(status);
});

test('how far a rollback came', () => {
	const after = (...events: NewEvent[]) => runSummaryViewOf(runAfter(started('test'), ended, ...undoing, ...events));
	expect(after().rollback).toBe('running');
	expect(
		after(
			{type: 'undo.failed', body: {...target, failure}},
			{type: 'rollback.completed', body: {undone: 0, left: [target]}},
		).rollback,
	).toBe('partial');
	expect(runSummaryViewOf(runAfter()).rollback).toBeNull();
});

test('the view of a step of items counts them and names the first that failed', () => {
	const run = runAfter(
		...[expanded, item(0), item(1), item(2)],
		{type: 'item.completed', body: {stepId: 'fix', item: 0, attempt: 1, outputs: {}}},
		{type: 'item.failed', body: {stepId: 'fix', item: 1, attempt: 1, failure, exitCode: 1, outputs: {}}},
	);
	expect(runViewOf(run).steps[0]).toMatchObject({
		items: {
			total: 3,
			completed: 1,
			failed: 1,
			cancelled: 0,
			running: 1,
			values: ['a', 'b', 'c'],
			failures: [{item: 1, value: 'b', failure, exitCode: 1}],
		},
	});
});

test('the view of a step tells its generation, its tries, and when the next one begins', () => {
	const rewound: NewEvent = {
		type: 'run.rewound',
		body: {toStepId: 'test', approvalId: 'a1', stepIds: ['test', 'ship'], feedback: 'too long'},
	};
	const again = runViewOf(
		runAfter(started('test'), completed('test'), requested('ship', 'a1'), rewound, started('test', undefined, 2), {
			...retrying,
			body: {...retrying.body, attempt: 2},
		} as NewEvent),
	).steps[1];
	expect(again).toMatchObject({
		status: 'retrying',
		generation: 2,
		feedback: 'too long',
		retryAt: '1970-01-01T00:01:39.000Z',
		attempts: [
			{number: 1, generation: 1, status: 'completed', failure: null},
			{number: 2, generation: 2, status: 'failed', failure},
		],
	});
});

test('the view of a run tells who paused it, where it came from, and what was undone', () => {
	expect(runViewOf(runAfter(paused)).paused).toMatchObject({by: 'ana', reason: 'lunch'});
	const signalled = runAfter({type: 'signal.received', body: {name: 'go', data: {a: 1}, origin}});
	expect(runViewOf(signalled).signals).toEqual([{name: 'go', data: {a: 1}, by: 'ana'}]);
	expect(runViewOf(runAfter(started('test'), ended, ...undoing)).rollback).toMatchObject({
		status: 'running',
		by: 'ana',
		targets: [{stepId: 'test', how: 'script', status: 'running'}],
	});
});
