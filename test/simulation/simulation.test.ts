import {expect, test} from 'vitest';
import type {Decision} from '../../runtime/engine/decide.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {simulate} from './simulate.ts';
import {type Engine, realEngine} from './world.ts';

const seedsInShort = 400;

test(`${seedsInShort} seeds: whatever happens, no promise is broken and everything ends`, {timeout: 120_000}, () => {
	let [attempts, crashes] = [0, 0];
	for (let seed = 1; seed <= seedsInShort; seed++) {
		const result = simulate(seed);
		expect(result.problem, `seed ${seed}: npm run proof:simulation -- --seed ${seed}`).toBeUndefined();
		attempts += result.attempts;
		crashes += result.crashes;
	}

	expect(attempts).toBeGreaterThan(seedsInShort);
	expect(crashes).toBeGreaterThan(seedsInShort);
});

test('the same seed is the same life', () => {
	expect(simulate(7)).toEqual(simulate(7));
});

const decideWith = (change: (decision: Decision) => Decision): Engine => ({
	...realEngine,
	decide: (run, facts) => change(realEngine.decide(run, facts)),
});
const outcomeWith = (change: (events: NewEvent[]) => NewEvent[]): Engine => ({
	...realEngine,
	eventsOfOutcome: (run, place, outcome) => change(realEngine.eventsOfOutcome(run, place, outcome)),
});

/** Ways to get it wrong; each is found. */
const mutants: Readonly<Record<string, Engine>> = {
	'every step is started twice': decideWith(decision => ({
		...decision,
		starts: [...decision.starts, ...decision.starts],
	})),
	'what is to be stopped is not': decideWith(decision => ({...decision, stops: []})),
	'no moment is remembered': decideWith(decision => ({...decision, wakeAtMs: undefined})),
	'an effect begins before its commit': {...realEngine, isHasty: true},
	'an outcome is journalled twice': outcomeWith(events => [...events, ...events]),
	'the outcome is lost': outcomeWith(() => []),
	'places are not counted': {
		...realEngine,
		decide: (run, facts) => realEngine.decide(run, {...facts, attemptSlots: 1000}),
	},
	'items are not counted': {
		...realEngine,
		reduce(run, event) {
			const next = realEngine.reduce(run, event);
			if (event.type !== 'item.completed') return next;
			const step = next.steps[event.body.stepId]!;
			const items = {...step.items!, counts: {...step.items!.counts, completed: 0}};
			return {...next, steps: {...next.steps, [step.id]: {...step, items}}};
		},
	},
	'it retries without end': {
		...realEngine,
		eventsOfOutcome: (run, place, outcome) =>
			realEngine.eventsOfOutcome(
				run,
				{
					...place,
					step: {...place.step, ...(place.step.retry ? {retry: {...place.step.retry, max: 1000}} : undefined)},
				},
				outcome,
			),
	},
};

test.each(Object.entries(mutants))('a mutant is found: %s', {timeout: 60_000}, (_, mutant) => {
	const found = Array.from({length: 600}, (_unused, index) => index + 1).some(seed => simulate(seed, mutant).problem);
	expect(found).toBe(true);
});
