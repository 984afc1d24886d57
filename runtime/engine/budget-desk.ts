import {limits} from '../../source/limits.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {budgetKeyOf, type RunState, unitNameOf, unitOf} from '../../source/run/state.ts';
import type {AgentStep, StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {
	type Ancestor,
	alertOf,
	type BudgetState,
	type BudgetVerdict,
	limitsFor,
	type Reservation,
	type Spender,
	stateOfLimit,
	verdictBefore,
} from './budgets.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';
import type {ScopedBudget} from './parts.ts';

export interface AttemptToSpend {
	readonly step: AgentStep;
	readonly item: number | undefined;
	readonly attempt: number;
	readonly agent: string;
	readonly model: string | undefined;
	readonly prompt: string;
}

/** What a budget says of an attempt that runs. */
export interface LiveVerdict {
	readonly events: readonly NewEvent[];
	/** The budget that does not suffice any more. */
	readonly exceeded?: BudgetState;
}

/** Holds attempts to their budgets: knows what is reserved, and asks the ledger for the rest. */
export interface BudgetDesk {
	/** Whether an attempt may begin; what it may cost is then set aside for it. */
	before(entry: OpenRun, attempt: AttemptToSpend): Promise<BudgetVerdict>;
	/** Of an attempt that runs already, found again after a restart. */
	reserve(entry: OpenRun, attempt: Omit<AttemptToSpend, 'prompt'>, microUsd: number | undefined): void;
	/** @param unitName Of `unitNameOf`. */
	release(runId: string, unitName: string): void;
	/** After something was spent. Call when it is durable. */
	during(entry: OpenRun, step: StepDefinition, item: number | undefined): LiveVerdict;
}

interface Held {
	readonly attempt: Omit<AttemptToSpend, 'prompt'>;
	readonly runIds: readonly string[];
	readonly microUsd: number;
}

export const createBudgetDesk = (
	parts: EngineParts,
	find: (runId: string) => {readonly run: RunState; readonly definition: WorkflowDefinition} | undefined,
): BudgetDesk => {
	const {money, clock, journal} = parts;
	const held = new Map<string, Held & {readonly entry: OpenRun}>();
	const keyOf = (runId: string, stepId: string, item: number | undefined) => `${runId} ${unitNameOf(stepId, item)}`;

	const ancestorsOf = (run: RunState): Ancestor[] => {
		const ancestors: Ancestor[] = [];
		for (let parent = run.parent; parent && ancestors.length < limits.usesDepthMax; ) {
			const above = find(parent.runId);
			if (!above) break;
			ancestors.push(above);
			parent = above.run.parent;
		}

		return ancestors;
	};

	const idsBelow = (runId: string): string[] =>
		parts.runs.childrenOf(runId).flatMap(child => [child, ...idsBelow(child)]);
	const runs = {stateOf: (runId: string) => find(runId)?.run, idsBelow};

	const reservations = (): Reservation[] =>
		[...held.values()].map(({entry: {run}, attempt: {step, item, attempt, agent, model}, runIds, microUsd}) => {
			const used = unitOf(run, step.id, item).attempts.find(({number}) => number === attempt);
			const left = Math.max(0, microUsd - (used?.costMicroUsd ?? 0));
			const hasUsage = used?.costMicroUsd !== undefined || used?.tokens !== undefined;
			const {workspace, workflow} = run;
			return {runIds, workflow: workflow.name, workspace, stepId: step.id, agent, model, microUsd: left, hasUsage};
		});

	const statesOf = (
		spender: Spender,
		ofSettings: readonly ScopedBudget[],
		others: readonly Reservation[],
	): BudgetState[] => {
		const facts = {nowMs: clock.now(), reservations: others, runs};
		return limitsFor(spender, ancestorsOf(spender.run), ofSettings).map(limit =>
			stateOfLimit(money!, limit, spender, facts),
		);
	};

	/** By workspace: what holds where its settings cannot be read while an attempt runs. */
	const lastLimits = new Map<string, readonly ScopedBudget[]>();
	const limitsOf = (workspace: string): readonly ScopedBudget[] => {
		const found = money!.budgets.limitsOf(workspace);
		lastLimits.set(workspace, found);
		return found;
	};

	const limitsOfRunning = (workspace: string): readonly ScopedBudget[] => {
		try {
			return limitsOf(workspace);
		} catch (error) {
			parts.onDefect(error, `budgets of ${workspace}`);
			return lastLimits.get(workspace) ?? [];
		}
	};

	/** Whether it has used something in this run whose cost nobody could tell. */
	const hasUntoldCost = ({id: runId}: RunState, agent: string): boolean =>
		money!.ledger.spentSince({runId, agent}, 0).unknown > 0;

	const take = (entry: OpenRun, attempt: Omit<AttemptToSpend, 'prompt'>, microUsd: number) => {
		const runIds = [entry.run, ...ancestorsOf(entry.run).map(({run}) => run)].map(({id}) => id);
		held.set(keyOf(entry.run.id, attempt.step.id, attempt.item), {entry, attempt, runIds, microUsd});
	};

	return {
		async before(entry, attempt) {
			if (!money) return {kind: 'fits'};
			// The ledger is a projection: what was spent a moment ago has to be in it.
			await journal.durable();
			const {run, definition} = entry;
			const {step, agent, model, prompt} = attempt;
			const states = statesOf({run, definition, step, agent, model}, limitsOf(run.workspace), reservations());
			const expected = money.estimates.attempt({
				...{workspace: run.workspace, workflow: run.workflow.name, stepId: step.id, agent, model},
				...{promptCharacters: prompt.length, atMs: clock.now()},
			});
			const isCostKnown = expected.microUsd !== null || (expected.isCostKnown && !hasUntoldCost(run, agent));
			const estimate = {...expected, isCostKnown};
			const {costWaivers = []} = run;
			const isWaived = costWaivers.includes(agent) || costWaivers.includes(`${agent} ${model}`);
			const verdict = verdictBefore(states, estimate, isWaived);
			if (verdict.kind === 'fits') take(entry, attempt, verdict.reservedMicroUsd ?? 0);
			return verdict;
		},
		reserve(entry, attempt, microUsd) {
			if (money) take(entry, attempt, microUsd ?? 0);
		},
		release: (runId, unitName) => void held.delete(`${runId} ${unitName}`),
		during(entry, step, item) {
			const own = held.get(keyOf(entry.run.id, step.id, item));
			if (!money || !own) return {events: []};
			const {run, definition} = entry;
			const {agent, model} = own.attempt;
			const states = statesOf({run, definition, step, agent, model}, limitsOfRunning(run.workspace), []);
			const events = states.flatMap((state): NewEvent[] => {
				const {budget, limit, spent} = state;
				const share = alertOf(state, run.budgetAlerts?.[budgetKeyOf(budget)]);
				if (share === undefined) return [];
				return [{type: 'budget.alerted', body: {stepId: step.id, item, budget, limit, spent, share}}];
			});
			return {events, exceeded: states.find(({spent, limit}) => spent > limit)};
		},
	};
};
