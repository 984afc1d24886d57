import type {
	CostEstimate,
	CostForecast,
	CostLimitView,
	CostLine,
	CostSummary,
	CostSummaryRow,
	StepEstimate,
} from '../../source/api/messages.ts';
import {isStepEnded, type RunState, type StepState} from '../../source/run/state.ts';
import {budgetOf, knownCostOf, runCostOf} from '../../source/run/views.ts';
import {usdOf} from '../../source/units.ts';
import {periodEndMs, periodStartMs} from '../../source/workflow/budget.ts';
import type {AgentStep, WorkflowDefinition} from '../../source/workflow/definition.ts';
import type {Ledger, LedgerFilter, MoneyParts, ScopedBudget, Spent} from '../engine/parts.ts';

/** What people ask about money. */
export interface CostBook {
	summary(query: SummaryQuery): CostSummary;
	list(query: LedgerFilter & {readonly sinceMs?: number; readonly limit: number}): CostLine[];
	/** Limits that hold for more than one run, and how much of them is spent. @throws AiworkflowError `settings.invalid`. */
	limits(workspace: string, workflows: readonly WorkflowDefinition[]): CostLimitView[];
	/** What a run will cost. */
	estimate(request: EstimateRequest): CostEstimate;
	/** What a run that goes on will have cost in the end. */
	forecast(run: RunState, definition: WorkflowDefinition): CostForecast;
}

export interface SummaryQuery extends LedgerFilter {
	readonly by: SummaryGroup;
	readonly sinceMs: number;
	readonly untilMs?: number;
}

export type SummaryGroup = CostSummary['by'];

export interface EstimateRequest {
	readonly definition: WorkflowDefinition;
	readonly workspace: string;
	/** Named with the run, before those of the file. */
	readonly agents?: readonly string[];
}

export interface CostTables extends Pick<Ledger, 'spentSince'> {
	summary(query: SummaryQuery): readonly SummaryRow[];
	list(query: LedgerFilter & {readonly sinceMs?: number; readonly limit: number}): readonly LedgerRow[];
	/** Names that something was spent under. */
	namesSince(column: 'agent' | 'model' | 'workflow', sinceMs: number): readonly string[];
}

export interface SummaryRow extends Omit<Spent, 'units'> {
	readonly name: string | null;
	readonly steps?: number;
}

export interface LedgerRow {
	readonly atMs: number | null;
	readonly runId: string | null;
	readonly workflow: string | null;
	readonly stepId: string | null;
	readonly item: number | null;
	readonly attempt: number | null;
	readonly agent: string | null;
	readonly model: string | null;
	readonly input: number | null;
	readonly cachedInput: number | null;
	readonly output: number | null;
	readonly costMicroUsd: number | null;
	readonly costSource: string | null;
}

export const createCostBook = (
	tables: CostTables,
	money: Pick<MoneyParts, 'budgets' | 'estimates'>,
	now: () => number,
): CostBook => ({
	summary(query) {
		const rows = tables.summary(query).map(summaryRowOf);
		const {by, sinceMs, untilMs, ...filter} = query;
		return {
			by,
			rows,
			total: summaryRowOf({name: 'all', ...totalOf(tables.summary({...filter, by: 'workflow', sinceMs, untilMs}))}),
		};
	},
	list: query =>
		tables.list(query).map(({atMs, costMicroUsd, ...row}) => ({
			...(row as Omit<CostLine, 'at' | 'costUsd'>),
			at: new Date(atMs!).toISOString(),
			costUsd: usdOf(costMicroUsd),
		})),
	limits(workspace, workflows) {
		const nowMs = now();
		const ofWorkflows = workflows.flatMap(({name, budgets = []}) =>
			budgets.flatMap((settings): ScopedBudget[] => (settings.period ? [{scope: 'workflow', name, settings}] : [])),
		);
		return [...money.budgets.limitsOf(workspace), ...ofWorkflows].flatMap(budget =>
			namesOf(budget, tables, workspace, nowMs).map(name => limitViewOf(budget, name, tables, money, nowMs)),
		);
	},
	forecast(run, definition) {
		const budgetUsd = usdOf(budgetOf(run) ?? null);
		const unknownSteps: string[] = [];
		let sumUsd = usdOf(knownCostOf(run))!;
		let crossesIn: string | null = null;
		for (const step of definition.steps) {
			const state = run.steps[step.id]!;
			if (step.kind !== 'agent' || isStepEnded(state.status)) continue;
			const {eachUsd} = stepEstimateOf(step, definition, run.workspace, run.agents, money, now());
			const left = attemptsLeftOf(state, step);
			if (eachUsd === null || left === null) {
				unknownSteps.push(step.id);
				continue;
			}

			// What runs has spent a part of it.
			const begunUsd = state.status === 'pending' || state.items ? 0 : usdOf(state.costMicroUsd ?? 0)!;
			sumUsd = roundUsd([sumUsd, Math.max(0, eachUsd * left - begunUsd)]);
			if (budgetUsd !== null && crossesIn === null && sumUsd > budgetUsd) crossesIn = step.id;
		}

		const isKnown = unknownSteps.length === 0 && runCostOf(run) !== null;
		return {
			spentUsd: usdOf(knownCostOf(run))!,
			likelyUsd: isKnown ? sumUsd : null,
			knownUsd: sumUsd,
			budgetUsd,
			crossesIn,
			unknownSteps,
		};
	},
	estimate({definition, workspace, agents}) {
		const steps = definition.steps
			.filter(step => step.kind === 'agent')
			.map(step => stepEstimateOf(step, definition, workspace, agents, money, now()));
		const known = steps.flatMap(({likelyUsd}) => likelyUsd ?? []);
		return {
			workflow: definition.name,
			steps,
			likelyUsd: known.length === steps.length ? roundUsd(known) : null,
			knownUsd: roundUsd(known),
			unknownSteps: steps.filter(({likelyUsd}) => likelyUsd === null).map(({stepId}) => stepId),
		};
	},
});

/** How often its agent is asked again; null: not known yet. */
const attemptsLeftOf = ({items, isEach}: StepState, step: AgentStep): number | null => {
	if (!isEach) return 1;
	if (items) return items.values.length - items.counts.completed - items.counts.failed - items.counts.cancelled;
	return Array.isArray(step.foreach) ? step.foreach.length : null;
};

const roundUsd = (amounts: readonly number[]): number =>
	Math.round(amounts.reduce((sum, amount) => sum + amount, 0) * 1_000_000) / 1_000_000;

const totalOf = (rows: readonly SummaryRow[]) =>
	rows.reduce(
		(sum, row) => ({
			microUsd: sum.microUsd + row.microUsd,
			unknown: sum.unknown + row.unknown,
			inputTokens: sum.inputTokens + row.inputTokens,
			outputTokens: sum.outputTokens + row.outputTokens,
			requests: sum.requests + row.requests,
		}),
		{microUsd: 0, unknown: 0, inputTokens: 0, outputTokens: 0, requests: 0},
	);

const summaryRowOf = ({name, microUsd, unknown, inputTokens, outputTokens, requests}: SummaryRow): CostSummaryRow => ({
	name,
	costUsd: unknown > 0 ? null : usdOf(microUsd),
	knownCostUsd: usdOf(microUsd)!,
	unknown,
	inputTokens,
	outputTokens,
	requests,
});

/** A budget without a name holds for each by itself. */
const namesOf = (
	{scope, name, settings}: ScopedBudget,
	tables: CostTables,
	workspace: string,
	nowMs: number,
): readonly string[] => {
	if (scope === 'workspace') return [workspace];
	if (scope === 'global') return [''];
	return name === undefined ? tables.namesSince(scope, periodStartMs(settings.period!, nowMs)) : [name];
};

const limitViewOf = (
	{scope, settings}: ScopedBudget,
	name: string,
	tables: CostTables,
	{budgets}: Pick<MoneyParts, 'budgets'>,
	nowMs: number,
): CostLimitView => {
	const period = settings.period!;
	const sinceMs = periodStartMs(period, nowMs);
	const spent = tables.spentSince(scope === 'global' ? {} : {[scope]: name}, sinceMs);
	const extended = budgets.extendedSince({scope, name, period, unit: 'usd'}, sinceMs) ?? 0;
	const limit = settings.microUsd === undefined ? null : settings.microUsd + extended;
	return {
		...{scope, name, period},
		usd: usdOf(limit),
		tokens: settings.tokens ?? null,
		requests: settings.requests ?? null,
		spentUsd: usdOf(spent.microUsd)!,
		spentTokens: spent.inputTokens + spent.outputTokens,
		spentRequests: spent.requests,
		unknown: spent.unknown,
		remainingUsd: limit === null ? null : usdOf(Math.max(0, limit - spent.microUsd)),
		onExceed: settings.onExceed,
		resetsAt: new Date(periodEndMs(period, nowMs)).toISOString(),
	};
};

const stepEstimateOf = (
	step: AgentStep,
	definition: WorkflowDefinition,
	workspace: string,
	asked: readonly string[] | undefined,
	{estimates}: Pick<MoneyParts, 'estimates'>,
	nowMs: number,
): StepEstimate => {
	const agents = asked?.length ? asked : step.agents.length > 0 ? step.agents : definition.agents;
	const [agent = 'none'] = agents;
	const model = step.model ?? definition.model;
	const items = Array.isArray(step.foreach) ? step.foreach.length : null;
	const isEach = step.foreach !== undefined || step.matrix !== undefined;
	const {microUsd} = estimates.attempt({
		...{workspace, workflow: definition.name, stepId: step.id, agent, model},
		...{promptCharacters: step.prompt.length, atMs: nowMs},
	});
	const each = usdOf(microUsd);
	// How many items there will be is known only where they are written out.
	const times = isEach ? items : 1;
	return {
		...{stepId: step.id, agent, model: model ?? null, items: isEach ? items : null, eachUsd: each},
		likelyUsd: each === null || times === null ? null : roundUsd([each * times]),
	};
};
