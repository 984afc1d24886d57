import type {BudgetRef} from '../../source/run/events.ts';
import {type AttemptState, budgetKeyOf, itemsOf, type RunState, type StepState} from '../../source/run/state.ts';
import type {MicroUsd} from '../../source/units.ts';
import {type BudgetSettings, periodStartMs} from '../../source/workflow/budget.ts';
import type {StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import type {LedgerFilter, MoneyParts, Spent} from './parts.ts';

/** One limit on one unit, and where it comes from. */
export interface BudgetLimit {
	readonly budget: BudgetRef;
	/** As written, in micro-dollars or in the unit itself. */
	readonly amount: number;
	readonly settings: BudgetSettings;
}

/** What is asked of the budgets: may this attempt begin, or go on? */
export interface Spender {
	readonly run: RunState;
	readonly definition: WorkflowDefinition;
	readonly step: StepDefinition;
	readonly agent: string;
	readonly model?: string;
}

/** A run above the one that spends, whose budget holds for it as well. */
export interface Ancestor {
	readonly run: RunState;
	readonly definition: WorkflowDefinition;
}

/** What an attempt that runs may still cost: set aside from every budget it belongs to. */
export interface Reservation {
	readonly runIds: readonly string[];
	readonly workflow: string;
	readonly workspace: string;
	readonly stepId: string;
	readonly agent: string;
	readonly model?: string;
	/** What is left of it. */
	readonly microUsd: MicroUsd;
	/** Whether the ledger knows of it yet. */
	readonly hasUsage: boolean;
}

/** Runs whose spending counts for a run: itself and those below it. */
export interface RunTree {
	readonly stateOf: (runId: string) => RunState | undefined;
	readonly idsBelow: (runId: string) => readonly string[];
}

export interface BudgetState extends BudgetLimit {
	/** With its extensions. */
	readonly limit: number;
	/** When its present period began; 0 without one. */
	readonly sinceMs: number;
	/** Of the ledger, and what others have set aside. */
	readonly spent: number;
}

/** @returns Every limit that holds for an attempt, the narrowest first. */
export const limitsFor = (
	{run, definition, step, agent, model}: Spender,
	ancestors: readonly Ancestor[],
	ofSettings: readonly {
		readonly scope: BudgetRef['scope'];
		readonly name?: string;
		readonly settings: BudgetSettings;
	}[],
): BudgetLimit[] => {
	const limits: BudgetLimit[] = [];
	const add = (ref: Omit<BudgetRef, 'unit' | 'period'>, settings: BudgetSettings) => {
		for (const [unit, amount] of amountsOf(settings)) {
			limits.push({budget: {...ref, unit, ...(settings.period && {period: settings.period})}, amount, settings});
		}
	};

	for (const settings of (step.kind === 'agent' && step.budgets) || []) add({scope: 'step', name: step.id}, settings);
	for (const each of [{run, definition}, ...ancestors]) {
		for (const settings of each.definition.budgets ?? []) {
			const {name} = each.run.workflow;
			if (settings.period) add({scope: 'workflow', name}, settings);
			else add({scope: 'run', name, runId: each.run.id}, settings);
		}
	}

	const names: Readonly<Partial<Record<BudgetRef['scope'], string | undefined>>> = {
		workflow: run.workflow.name,
		agent,
		model,
		workspace: run.workspace,
		global: '',
	};
	for (const {scope, name, settings} of ofSettings) {
		const own = names[scope];
		if (own !== undefined && (name === undefined || name === own)) add({scope, name: own}, settings);
	}

	return limits;
};

const amountsOf = ({microUsd, tokens, requests, credits, minutes}: BudgetSettings) =>
	Object.entries({usd: microUsd, tokens, requests, credits, minutes}).filter(
		(entry): entry is [BudgetRef['unit'], number] => entry[1] !== undefined,
	);

/** How much of a limit is spent, what others have set aside included. */
export const stateOfLimit = (
	money: MoneyParts,
	limit: BudgetLimit,
	{run}: Spender,
	facts: {
		readonly nowMs: number;
		readonly reservations: readonly Reservation[];
		readonly runs: RunTree;
	},
): BudgetState => {
	const {budget, amount, settings} = limit;
	const sinceMs = settings.period ? periodStartMs(settings.period, facts.nowMs) : 0;
	const extended =
		budget.scope === 'step'
			? run.budgetExtensions?.[budgetKeyOf(budget)]
			: money.budgets.extendedSince(budget, sinceMs);
	const reserved = facts.reservations.filter(reservation => isOf(reservation, budget, run));
	return {
		...limit,
		limit: amount + (extended ?? 0),
		sinceMs,
		spent: spentOf(money, budget, run, sinceMs, facts) + reservedOf(budget.unit, reserved),
	};
};

const reservedOf = (unit: BudgetRef['unit'], reservations: readonly Reservation[]): number => {
	if (unit === 'usd') return reservations.reduce((sum, {microUsd}) => sum + microUsd, 0);
	return unit === 'requests' ? reservations.filter(({hasUsage}) => !hasUsage).length : 0;
};

const isOf = (reservation: Reservation, {scope, name, runId}: BudgetRef, run: RunState): boolean => {
	switch (scope) {
		case 'step':
			return reservation.runIds[0] === run.id && reservation.stepId === name;
		case 'run':
			return reservation.runIds.includes(runId ?? run.id);
		case 'global':
			return true;
		default:
			return reservation[scope] === name;
	}
};

const spentOf = (
	{ledger}: MoneyParts,
	{scope, name, runId, unit}: BudgetRef,
	run: RunState,
	sinceMs: number,
	{runs, nowMs}: {readonly runs: RunTree; readonly nowMs: number},
): number => {
	if (scope === 'step') {
		const step = run.steps[name]!;
		return amountOf(unit, ledger.spentSince({runId: run.id, stepId: name}, 0)) + inheritedOf(unit, [step], nowMs);
	}

	if (scope === 'run') {
		const top = runId ?? run.id;
		const steps = Object.values(runs.stateOf(top)?.steps ?? {});
		return [top, ...runs.idsBelow(top)].reduce(
			(sum, id) => sum + amountOf(unit, ledger.spentSince({runId: id}, 0)),
			inheritedOf(unit, steps, nowMs),
		);
	}

	const filter: LedgerFilter = scope === 'global' ? {} : {[scope]: name};
	return amountOf(unit, ledger.spentSince(filter, sinceMs));
};

const amountOf = (unit: BudgetRef['unit'], spent: Spent): number => {
	switch (unit) {
		case 'usd':
			return spent.microUsd;
		case 'tokens':
			return spent.inputTokens + spent.outputTokens;
		case 'requests':
			return spent.requests;
		default:
			return spent.units[unit] ?? 0;
	}
};

/** What the ledger of this run does not have: what a fork took over, and the time agents were at work. */
const inheritedOf = (unit: BudgetRef['unit'], steps: readonly StepState[], nowMs: number): number => {
	const of = (amount: (step: StepState) => number) => steps.reduce((sum, step) => sum + amount(step), 0);
	if (unit === 'usd') return of(({adoptedCost}) => adoptedCost?.microUsd ?? 0);
	if (unit === 'tokens')
		return of(({adoptedCost}) => (adoptedCost?.tokens?.input ?? 0) + (adoptedCost?.tokens?.output ?? 0));
	if (unit !== 'minutes') return 0;
	return of(step =>
		step.kind === 'agent'
			? [step, ...(step.items ? itemsOf(step.items) : [])]
					.flatMap(({attempts}) => attempts)
					.reduce((sum, attempt) => sum + minutesOf(attempt, nowMs), 0)
			: 0,
	);
};

const minutesOf = ({startedAtMs, endedAtMs, status}: AttemptState, nowMs: number): number =>
	((endedAtMs ?? (status === 'running' ? nowMs : startedAtMs)) - startedAtMs) / 60_000;

/** What one more attempt takes of a limit. */
export interface AttemptEstimate {
	/** `null`: nothing is known about how much it will be. */
	readonly microUsd: MicroUsd | null;
	/** Whether what it costs will be known once it is spent. */
	readonly isCostKnown: boolean;
	readonly inputTokens: number;
}

export type BudgetVerdict =
	| {readonly kind: 'fits'; readonly reservedMicroUsd?: MicroUsd}
	| {readonly kind: 'exceeded'; readonly state: BudgetState; readonly needed: number}
	| {readonly kind: 'unknown-cost'; readonly state: BudgetState; readonly policy: 'ask' | 'stop'};

/** Whether an attempt may begin. Pure. */
export const verdictBefore = (
	states: readonly BudgetState[],
	estimate: AttemptEstimate,
	isWaived: boolean,
): BudgetVerdict => {
	for (const state of states) {
		const needed = neededOf(state.budget.unit, estimate);
		if (state.spent + needed > state.limit || state.spent >= state.limit) return {kind: 'exceeded', state, needed};
	}

	const inUsd = states.filter(({budget}) => budget.unit === 'usd');
	if (!estimate.isCostKnown && !isWaived) {
		const stopped = inUsd.find(({settings}) => settings.onUnknownCost === 'stop');
		const asked = inUsd.find(({settings}) => settings.onUnknownCost === 'ask');
		const state = stopped ?? asked;
		if (state) return {kind: 'unknown-cost', state, policy: stopped ? 'stop' : 'ask'};
	}

	return {kind: 'fits', reservedMicroUsd: estimate.microUsd ?? undefined};
};

const neededOf = (unit: BudgetRef['unit'], {microUsd, inputTokens}: AttemptEstimate): number => {
	if (unit === 'usd') return microUsd ?? 0;
	if (unit === 'requests') return 1;
	return unit === 'tokens' ? inputTokens : 0;
};

/** Agent and model budgets say who may not work; all others say that nobody may. */
export const isOfOneAgent = ({scope}: BudgetRef): boolean => scope === 'agent' || scope === 'model';

/** @returns The share of a limit to tell of; `undefined` where nothing new is reached in this period. */
export const alertOf = (
	{limit, spent, settings, sinceMs}: BudgetState,
	told: {readonly share: number; readonly atMs: number} | undefined,
): number | undefined => {
	const toldShare = told && told.atMs >= sinceMs ? told.share : 0;
	const share = settings.alertAt.findLast(each => spent >= each * limit);
	return share !== undefined && share > toldShare ? share : undefined;
};
