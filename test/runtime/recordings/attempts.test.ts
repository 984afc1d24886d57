import {expect, test} from 'vitest';
import {attemptsOf, isAlone} from '../../../runtime/recordings/attempts.ts';
import type {NewEvent} from '../../../source/run/events.ts';
import {journalEventOf} from '../../../source/run/wire.ts';
import {completed, created, runId, started, step, wireEventsOf} from '../../source/cli/run-story.ts';

const story = (...events: readonly NewEvent[]) =>
	attemptsOf(runId, wireEventsOf(events.map((event, index) => [index, event])).map(journalEventOf));
const agents = created([step('a', 'agent'), step('b', 'agent', ['a']), step('c', 'script')]);
const failure = {code: 'agent.overloaded', message: 'no'};

test('only steps of agents that ended well are answered', () => {
	const {answered, windows} = story(agents, started('a'), started('c'), completed('c'), completed('a'), started('b'));
	expect(answered).toEqual([
		{kind: 'agent', stepId: 'a', item: undefined, generation: 1, attempt: 1, failedBefore: 0, iteration: 1},
	]);
	expect(windows.map(({stepKey}) => stepKey)).toEqual(['a', 'c', 'b']);
});

test('an attempt that failed before is counted', () => {
	const failed: NewEvent = {type: 'attempt.failed', body: {stepId: 'a', attempt: 1, failure, retryAtMs: 0}};
	const {answered} = story(agents, started('a'), failed, started('a', undefined, 2), completed('a', 2));
	expect(answered).toMatchObject([{attempt: 2, failedBefore: 1}]);
});

test('each generation has its own answer', () => {
	const rewound: NewEvent = {
		type: 'run.rewound',
		body: {toStepId: 'a', approvalId: 'x', stepIds: ['a', 'b'], feedback: ''},
	};
	const {answered} = story(
		agents,
		started('a'),
		completed('a'),
		rewound,
		started('a', undefined, 2),
		completed('a', 2),
	);
	expect(answered.map(({generation, attempt}) => [generation, attempt])).toEqual([
		[1, 1],
		[2, 2],
	]);
});

test('of a step that repeats the last iteration is the answer', () => {
	const again: NewEvent = {type: 'attempt.completed', body: {stepId: 'a', attempt: 1, iteration: 1, outputs: {}}};
	const {answered} = story(agents, started('a'), again, started('a', undefined, 2), completed('a', 2));
	expect(answered).toMatchObject([{attempt: 2, iteration: 2}]);
});

test('who was at work at the same time is told by the windows', () => {
	const window = (stepKey: string, fromMs: number, toMs: number) => ({runId, stepKey, attempt: 1, fromMs, toMs});
	const own = window('a', 10, 20);
	expect(isAlone(own, [own, window('b', 0, 10), window('c', 20, 30)])).toBe(true);
	expect(isAlone(own, [own, window('b', 0, 11)])).toBe(false);
	expect(isAlone(own, [own, window('b', 15, Number.POSITIVE_INFINITY)])).toBe(false);
	expect(isAlone(own, [{...own, attempt: 2}])).toBe(false);
});
