import {eventBodies} from '../../source/run/events.ts';
import {isRunSettled} from '../../source/run/state.ts';
import {checkJournal, fail, InvariantBroken} from './invariants.ts';
import {createRandom, type Random} from './random.ts';
import {randomWorkflow} from './workflows.ts';
import {createWorld, type Engine, realEngine, type World} from './world.ts';

export interface SimulationResult {
	readonly seed: number;
	/** What was broken; `undefined`: nothing. */
	readonly problem?: string;
	readonly events: number;
	readonly attempts: number;
	readonly crashes: number;
	/** The last events, for whoever looks into it. */
	readonly tail: readonly string[];
}

const dayMs = 86_400_000;

/** One life of a daemon with a few runs, full of accidents; then the accidents stop, and everything must end. */
export const simulate = (seed: number, engine: Engine = realEngine): SimulationResult => {
	const random = createRandom(seed);
	const definitions = Array.from({length: random.between(1, 3)}, () => randomWorkflow(random));
	const world = createWorld(random, definitions, engine);
	let problem: string | undefined;
	try {
		world.create();
		const accidents = random.between(10, 80);
		for (let index = 0; index < accidents; index++) befall(random, world);
		calmDown(world);
		world.checkReplay();
		checkWritten(world);
	} catch (error) {
		problem = error instanceof InvariantBroken ? error.message : String((error as Error).stack);
	}

	const tail = world
		.log()
		.slice(-30)
		.map(({run, event}) => `${run} ${event.seq} ${event.type} ${JSON.stringify(event.body)}`);
	return {seed, problem, ...world.counts, tail};
};

const befall = (random: Random, world: World): void => {
	const index = random.between(0, world.entries().length - 1);
	const what = random.next();
	if (what < 0.3) world.commit();
	else if (what < 0.5) world.takeInEnded();
	else if (what < 0.6) world.finishPreparing();
	else if (what < 0.7) world.settle(index);
	else if (what < 0.82) world.act(index);
	else if (what < 0.9) world.passToNext();
	else if (what < 0.93) world.pass(random.between(0, 2000));
	// Somebody sets the clock, or the machine sleeps.
	else if (what < 0.95) world.pass(random.between(-30, 30) * dayMs);
	else {
		world.checkReplay();
		world.crash(random.chance(0.2));
	}
};

const roundsMax = 3000;

/** No more accidents: processes end, people say yes, time passes. */
const calmDown = (world: World): void => {
	const origin = {by: 'simulation', via: 'test'};
	for (let round = 0; round < roundsMax; round++) {
		world.commit();
		world.finishPreparing();
		world.takeInEnded();
		const left = [...world.entries().entries()].filter(([, {state}]) => !isRunSettled(state));
		if (left.length === 0) return world.commit();
		for (const [index, {state}] of left) {
			if (state.paused) world.append(index, {type: 'run.resumed', body: {origin}});
			const asked = Object.values(state.approvals).find(({status}) => status === 'open');
			if (asked) world.answer(index, asked.id, true);
			const waiting = Object.values(state.steps).find(({status, signal}) => status === 'waiting' && signal);
			if (waiting) world.append(index, {type: 'signal.received', body: {name: waiting.signal!, data: null, origin}});
			world.settle(index);
		}

		world.passToNext();
	}

	const stuck = world.entries().find(({state}) => !isRunSettled(state))!.state;
	fail(`a run does not end: ${JSON.stringify(Object.values(stuck.steps).map(({id, status}) => [id, status]))}`);
};

const checkWritten = (world: World): void => {
	for (const index of world.entries().keys()) {
		const events = world
			.log()
			.filter(({run}) => run === index)
			.map(({event}) => event);
		checkJournal(events);
		for (const {type, body} of events) {
			const {error} = eventBodies[type].safeParse(body);
			if (error) fail(`${type} does not fit the catalogue: ${error.message}`);
		}
	}
};
