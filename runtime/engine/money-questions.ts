import type {Failure} from '../../source/errors.ts';
import type {BudgetRef, NewEvent, Origin} from '../../source/run/events.ts';
import {type ApprovalState, budgetKeyOf, type RunState, unitNameOf} from '../../source/run/state.ts';
import {formatUsd} from '../../source/units.ts';
import type {OnExceed} from '../../source/workflow/budget.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import type {BudgetState} from './budgets.ts';
import type {AgentFound} from './choose-agent.ts';
import {approvalIdOf} from './decide-approval.ts';

type Verdict = Extract<AgentFound, {readonly verdict: unknown}>;

export interface MoneyPlace {
	readonly step: StepDefinition;
	readonly item: number | undefined;
	/** Of the attempt that runs, or is to begin. */
	readonly attempt: number;
}

/** Either the step fails for it, or a person is asked. */
export type MoneyAnswer =
	| {readonly failure: Failure; readonly events: readonly NewEvent[]}
	| {readonly events: readonly NewEvent[]; readonly failure?: undefined};

/** What follows from a budget that leaves no room for an attempt that is to begin. Pure. */
export const questionBefore = (run: RunState, place: MoneyPlace, {verdict, agent, model}: Verdict): MoneyAnswer => {
	const {state} = verdict;
	const needed = verdict.kind === 'exceeded' ? verdict.needed : 0;
	if (verdict.kind === 'unknown-cost') {
		const failure = costUnknown(agent, model, state.budget);
		if (verdict.policy === 'stop' || isRefused(run, state, {agent, model})) return {failure, events: []};
		const question = `What ${agent}${model === undefined ? '' : ` (${model})`} costs cannot be told, and ${wordsOf(state.budget)} is limited. Use it anyway, in this run?`;
		return {events: [requested(run, place, state, needed, question, {agent, model})]};
	}

	const action: OnExceed = state.settings.onExceed;
	const exceeded = exceededEvent(place, undefined, state, needed, action);
	if (action === 'stop' || isRefused(run, state)) return {failure: budgetExceeded(place, state), events: [exceeded]};
	return {events: [exceeded, requested(run, place, state, needed, questionOf(place, state, needed))]};
};

/** The same for an attempt that runs and has spent more than there is. */
export const questionDuring = (run: RunState, place: MoneyPlace, state: BudgetState): MoneyAnswer => {
	const needed = state.spent - state.limit;
	const action: OnExceed = state.settings.onExceed;
	const exceeded = exceededEvent(place, place.attempt, state, needed, action);
	if (action === 'stop' || isRefused(run, state)) return {failure: budgetExceeded(place, state), events: [exceeded]};
	const {type, body} = requested(run, place, state, needed, questionOf(place, state, needed));
	return {events: [exceeded, {type, body: {...body, attempt: place.attempt}}]};
};

const exceededEvent = (
	{step, item}: MoneyPlace,
	attempt: number | undefined,
	{budget, limit, spent}: BudgetState,
	needed: number,
	action: OnExceed,
): NewEvent => ({
	type: 'budget.exceeded',
	body: {stepId: step.id, item, attempt, budget, limit, spent, needed: Math.max(0, needed), action},
});

const requested = (
	run: RunState,
	{step, item, attempt}: MoneyPlace,
	{budget, limit, spent, amount}: BudgetState,
	needed: number,
	question: string,
	unknownCostOf?: {readonly agent: string; readonly model?: string},
): Extract<NewEvent, {type: 'approval.requested'}> => {
	// As much again as was planned; more where that would not suffice.
	const extendBy = Math.max(amount, Math.ceil(spent + needed - limit));
	const about = unknownCostOf ? `${unknownCostOf.agent} ${unknownCostOf.model}` : `${budgetKeyOf(budget)} ${limit}`;
	const idParts = ['budget', unitNameOf(step.id, item), attempt, about] as const;
	const id = approvalIdOf(run.id, ...idParts);
	return {
		type: 'approval.requested',
		body: {
			// The same may be asked again: after a no and a retry, or in another period.
			approvalId: id in run.approvals ? approvalIdOf(run.id, ...idParts, Object.keys(run.approvals).length) : id,
			...{stepId: step.id, item, kind: 'budget', question},
			options: [
				{
					id: 'yes',
					label: unknownCostOf
						? 'Use it in this run, whatever it costs'
						: `Spend ${amountWords(budget, extendBy)} more`,
					isAllow: true,
				},
				{id: 'no', label: 'Stop: the step fails', isAllow: false},
			],
			...(unknownCostOf ? {unknownCostOf: {...unknownCostOf}} : {budget: {budget, limit, spent, needed, extendBy}}),
		},
	};
};

/** Somebody said no to the same question already: since the run last went on, and in this period. */
const isRefused = (
	run: RunState,
	{budget, limit, sinceMs}: BudgetState,
	unknown?: {readonly agent: string; readonly model?: string},
): boolean =>
	Object.values(run.approvals).some(approval => {
		const {kind, status, answeredAtMs = 0} = approval;
		if (kind !== 'budget' || status !== 'rejected' || answeredAtMs <= (run.reopenedAtMs ?? -1)) return false;
		if (unknown)
			return approval.unknownCostOf?.agent === unknown.agent && approval.unknownCostOf.model === unknown.model;
		if (answeredAtMs < sinceMs || approval.budget?.limit !== limit) return false;
		return budgetKeyOf(approval.budget.budget) === budgetKeyOf(budget);
	});

const questionOf = ({step, item}: MoneyPlace, state: BudgetState, needed: number): string => {
	const {budget, limit, spent} = state;
	const name = unitNameOf(step.id, item);
	const used = `${amountWords(budget, spent)} of ${amountWords(budget, limit)} of ${wordsOf(budget)} are spent`;
	return spent > limit
		? `${capital(wordsOf(budget))} is exceeded: ${amountWords(budget, spent)} are spent of ${amountWords(budget, limit)}. Spend more on "${name}"?`
		: `${used}, and "${name}" is expected to take ${needed > 0 ? amountWords(budget, needed) : 'more'}. Spend more?`;
};

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

const amountWords = ({unit}: BudgetRef, amount: number): string =>
	unit === 'usd' ? formatUsd(amount) : `${Math.round(amount * 10) / 10} ${unit}`;

/** `the budget of this run`, `the day's budget of workflow "nightly"`. */
const wordsOf = ({scope, name, period}: BudgetRef): string => {
	const of = {
		step: `step "${name}"`,
		run: 'this run',
		workflow: `workflow "${name}"`,
		agent: `agent "${name}"`,
		model: `model "${name}"`,
		workspace: 'this workspace',
		global: 'everything',
	}[scope];
	return `${period ? `the ${period}'s budget` : 'the budget'} of ${of}`;
};

const budgetExceeded = ({step, item}: MoneyPlace, {budget, limit, spent}: BudgetState): Failure => ({
	code: 'budget.exceeded',
	message: `"${unitNameOf(step.id, item)}" was not given more: ${amountWords(budget, spent)} of ${amountWords(budget, limit)} of ${wordsOf(budget)} are spent.`,
	suggestion: 'Give the budget more, or set `on-exceed: pause` to be asked; see `aiworkflow costs limits`.',
});

const costUnknown = (agent: string, model: string | undefined, budget: BudgetRef): Failure => ({
	code: 'budget.exceeded',
	message: `What agent "${agent}"${model === undefined ? '' : ` with model "${model}"`} costs cannot be told, and ${wordsOf(budget)} must hold.`,
	suggestion: 'Give its price in .aiworkflow/prices.yaml, or set `on-unknown-cost: ask` or `allow`.',
});

/** After a person refused to spend more. */
export const moneyRefused = (name: string, {origin, comment}: ApprovalState): Failure => ({
	code: 'budget.exceeded',
	message: `${origin?.by ?? 'Somebody'} decided against spending more on "${name}"${comment ? `: ${comment}` : ''}.`,
	suggestion: 'Go on with `aiworkflow runs retry` once there is more to spend.',
});

/** What yes to a question of money means, besides the answer itself; other questions that it answers as well. */
export const grantedEvents = (
	run: RunState,
	approval: ApprovalState,
	origin: Origin,
	extendBy: number | undefined,
): NewEvent[] => {
	const {id: approvalId, stepId, item, budget, unknownCostOf} = approval;
	const place = {approvalId, stepId, item, origin};
	if (unknownCostOf)
		return [{type: 'budget.waived', body: {...place, ...unknownCostOf}}, ...alsoApproved(run, approval, 0, origin)];
	if (!budget) return [];
	const by = extendBy ?? budget.extendBy;
	return [
		{type: 'budget.extended', body: {...place, budget: budget.budget, by}},
		...alsoApproved(run, approval, by, origin),
	];
};

/** One yes is enough for all that asked the same: attempts that the budget now suffices for go on without another one. */
const alsoApproved = (run: RunState, answered: ApprovalState, by: number, origin: Origin): NewEvent[] =>
	Object.values(run.approvals).flatMap((other): NewEvent[] => {
		if (other.id === answered.id || other.status !== 'open' || !isSameQuestion(other, answered, by)) return [];
		const {id: approvalId, stepId, item, options} = other;
		const optionId = options?.find(({isAllow}) => isAllow)?.id;
		return [{type: 'approval.approved', body: {approvalId, stepId, item, origin, optionId}}];
	});

const isSameQuestion = (other: ApprovalState, {budget, unknownCostOf}: ApprovalState, by: number): boolean => {
	if (unknownCostOf)
		return other.unknownCostOf?.agent === unknownCostOf.agent && other.unknownCostOf.model === unknownCostOf.model;
	if (!budget || !other.budget || budgetKeyOf(other.budget.budget) !== budgetKeyOf(budget.budget)) return false;
	return Math.max(other.budget.spent, budget.spent) <= Math.max(other.budget.limit, budget.limit) + by;
};
