import {
	type AttemptState,
	itemsOf,
	type RunState,
	type SwitchState,
	type UnitState,
	unitNameOf,
} from '../../../run/state.ts';
import {cockpitLimits} from '../../limits.ts';
import {runNameOf} from '../../select.ts';
import type {CockpitState} from '../../state.ts';

/** What an agent did in the runs that are kept here: a fold of them, no figure of the daemon's. */
export interface AgentActivity {
	/** Attempts that run now. */
	readonly running: number;
	/** Of the last days, with those that failed. */
	readonly ended: number;
	readonly completed: number;
	/** Mean of those that were completed; `undefined`: there is none. */
	readonly meanMs?: number;
	/** Newest first. */
	readonly failures: readonly AgentFailure[];
	/** From it to another one and to it from another one, newest first. */
	readonly switches: readonly AgentSwitch[];
}

export interface AgentFailure {
	readonly atMs: number;
	readonly code: string;
	readonly message: string;
	/** `fix-issue 42 / fix[1]` */
	readonly where: string;
}

export interface AgentSwitch extends SwitchState {
	readonly where: string;
}

const none: AgentActivity = {running: 0, ended: 0, completed: 0, failures: [], switches: []};

/** @returns What this agent did, over the last days. */
export const activityOf = ({runs, nowMs}: Pick<CockpitState, 'runs' | 'nowMs'>, agent: string): AgentActivity => {
	const byAgent = folded.get(runs) ?? foldOf(runs, nowMs - cockpitLimits.agentAttemptsMs);
	folded.set(runs, byAgent);
	return byAgent.get(agent) ?? none;
};

/** Runs change as a whole, so that what was found of them holds as long as they do. */
const folded = new WeakMap<CockpitState['runs'], ReadonlyMap<string, AgentActivity>>();

interface Tally {
	running: number;
	ended: number;
	completed: number;
	lengthMs: number;
	failures: AgentFailure[];
	switches: AgentSwitch[];
}

const foldOf = (runs: CockpitState['runs'], sinceMs: number): ReadonlyMap<string, AgentActivity> => {
	const tallies = new Map<string, Tally>();
	const tallyOf = (agent: string): Tally => {
		const tally = tallies.get(agent) ?? {running: 0, ended: 0, completed: 0, lengthMs: 0, failures: [], switches: []};
		tallies.set(agent, tally);
		return tally;
	};

	for (const run of runs.values()) {
		const {uses, switches} = eventsOf(run);
		for (const {agent, attempt, where, failure} of uses) noteAttempt(tallyOf(agent), attempt, failure, where, sinceMs);
		for (const each of switches) {
			if (each.atMs < sinceMs) continue;
			tallyOf(each.from).switches.push(each);
			tallyOf(each.to).switches.push(each);
		}
	}

	return new Map(
		[...tallies].map(([agent, {lengthMs, ...tally}]) => [
			agent,
			{
				...tally,
				meanMs: tally.completed > 0 ? lengthMs / tally.completed : undefined,
				failures: newestOf(tally.failures),
				switches: newestOf(tally.switches),
			},
		]),
	);
};

const newestOf = <Each extends {readonly atMs: number}>(all: readonly Each[]): Each[] =>
	all.toSorted((a, b) => b.atMs - a.atMs).slice(0, shownMax);

/** Of failures and of failovers. */
const shownMax = 50;

const noteAttempt = (
	tally: Tally,
	{status, startedAtMs, endedAtMs = startedAtMs}: AttemptState,
	failure: AttemptState['failure'],
	where: string,
	sinceMs: number,
) => {
	if (status === 'running') tally.running++;
	if (endedAtMs < sinceMs || (status !== 'completed' && status !== 'failed')) return;
	tally.ended++;
	if (status === 'completed') {
		tally.completed++;
		tally.lengthMs += Math.max(0, endedAtMs - startedAtMs);
	} else if (failure) tally.failures.push({atMs: endedAtMs, code: failure.code, message: failure.message, where});
};

/** A unit of a step, and what it is called. */
function* unitsOf(run: RunState): Generator<{readonly unit: UnitState; readonly where: string}> {
	for (const id of run.stepOrder) {
		const step = run.steps[id]!;
		const whereOf = (item?: number) => `${runNameOf(run)} / ${unitNameOf(id, item)}`;
		if (!step.items) yield {unit: step, where: whereOf()};
		else for (const item of itemsOf(step.items)) yield {unit: item, where: whereOf(item.index)};
	}
}

interface Use {
	readonly agent: string;
	readonly attempt: AttemptState;
	readonly where: string;
	readonly failure: AttemptState['failure'];
}

interface RunEvents {
	readonly uses: readonly Use[];
	readonly switches: readonly AgentSwitch[];
}

/** Most runs have ended and do not change any more. */
const known = new WeakMap<RunState, RunEvents>();

const eventsOf = (run: RunState): RunEvents => {
	const found = known.get(run) ?? {
		uses: [...unitsOf(run)].flatMap(usesOf),
		switches: [...unitsOf(run)].flatMap(({unit, where}) => (unit.switches ?? []).map(each => ({...each, where}))),
	};
	known.set(run, found);
	return found;
};

const usesOf = ({unit, where}: {readonly unit: UnitState; readonly where: string}): Use[] =>
	unit.attempts.flatMap((attempt, index) => {
		if (attempt.agent === undefined) return [];
		// Why the last one failed is kept with the step.
		const failure = attempt.failure ?? (index === unit.attempts.length - 1 ? unit.failure : undefined);
		return [{agent: attempt.agent, attempt, where, failure}];
	});
