import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {snapshotFolderOf} from '../../source/paths.ts';
import type {RunState} from '../../source/run/state.ts';
import {unitKeyOf, unitNameOf, unitOf} from '../../source/run/state.ts';
import {formatUsd} from '../../source/units.ts';
import {type AgentStep, routingOf} from '../../source/workflow/definition.ts';
import {givenToolsOf} from '../../source/workflow/given-tools.ts';
import type {BudgetDesk} from './budget-desk.ts';
import {type BudgetVerdict, isOfOneAgent} from './budgets.ts';
import type {EngineParts} from './engine-parts.ts';
import {failedIn, failoverPolicyOf, orderedBy, roundOf} from './failover.ts';
import type {Loads} from './loads.ts';
import type {OpenRun} from './open-run.ts';
import type {AgentChoice, DisabledAgent, PassedOver} from './parts.ts';

export interface AgentWish {
	readonly step: AgentStep;
	readonly item: number | undefined;
	readonly attempt: number;
	readonly prompt: string;
	readonly model: string | undefined;
	/** In order of preference. */
	readonly wanted: readonly string[];
	readonly access: 'ask' | 'read-only';
	readonly loads: Loads;
	readonly random: number;
}

/** What came of the search: an agent and what is taken for it (`letGo` gives it back), or a question of money. */
export type AgentFound =
	| (AgentChoice & {readonly reservedMicroUsd?: number; readonly isReserved: true})
	| {readonly verdict: Exclude<BudgetVerdict, {kind: 'fits'}>; readonly agent: string; readonly model?: string};

/**
 * Chooses who does an attempt: by the step's wish, without those that a person disabled, that failed in this round,
 * whose breaker is open or whose own budget is spent; then asks the budgets. What an agent may cost is reserved in the same turn of the event loop.
 *
 * @throws AiworkflowError `agent.unreachable`, `agent.circuit-open`, `agent.rate-limited`, `agent.busy` and the like.
 */
export const chooseAgent = async (
	parts: EngineParts,
	desk: BudgetDesk,
	entry: OpenRun,
	wish: AgentWish,
): Promise<AgentFound> => {
	const {run} = entry;
	const {step, item, wanted, loads} = wish;
	const {environment} = entry.environment;
	const preferred = parts.agentSwitches?.preferred();
	const names = preferredFirst(await parts.agents.namesOf(run.workspace, wanted, environment), preferred);
	const left = resumedAgentOf(run, step, item);
	// Where it cannot be asked its session is lost, and another agent begins anew.
	const resumed = left !== undefined && obstacleOf(parts, left) === undefined ? left : undefined;
	const ordered = resumed === undefined ? orderedBy(run, failoverPolicyOf(step), names, parts.clock.now()) : [resumed];
	const excluded = new Map(resumed === undefined ? failedIn(roundOf(run, step, item)) : []);
	for (const name of ordered) {
		const obstacle = obstacleOf(parts, name);
		if (obstacle && (!excluded.has(name) || obstacle.reason === 'disabled')) excluded.set(name, obstacle);
	}

	/** What is asked about where nobody else can do it. */
	let refused: Extract<AgentFound, {readonly verdict: unknown}> | undefined;
	for (;;) {
		if (ordered.length > 0 && ordered.every(name => excluded.has(name))) {
			if (refused) return refused;
			throw noneLeft(parts, ordered, excluded);
		}

		const choice = await loads
			.choose(ordered, () =>
				parts.agents.choose({
					workspace: run.workspace,
					agents: ordered,
					routing: preferring(
						refused
							? {require: [], prefer: [], exclude: [], ...wishOf(entry, step), strategy: 'lowest-cost'}
							: wishOf(entry, step),
						preferred,
					),
					excluded,
					environment,
					model: wish.model,
					promptCharacters: wish.prompt.length,
					readOnly: wish.access === 'read-only',
					needsTools: givenToolsOf(entry.definition, step).length > 0,
					loadOf: loads.of,
					random: wish.random,
				}),
			)
			.catch((error: unknown) => {
				if (refused) return undefined;
				const failure = failureOf(error);
				if (failure.code === 'agent.unreachable') {
					for (const name of ordered) if (!excluded.has(name)) parts.breakers.record('agent', name, failure);
				}

				throw error;
			});
		if (!choice) return refused!;
		const model = wish.model ?? choice.model;
		const verdict = await desk.before(entry, {...wish, agent: choice.agent, model}).catch((error: unknown) => {
			loads.letGo(choice.agent);
			throw error;
		});
		if (verdict.kind === 'fits') {
			// Its breaker may have opened since it was looked at, or another attempt tries already whether it works again.
			const obstacle = obstacleOf(parts, choice.agent);
			if (!obstacle) {
				parts.breakers.begin('agent', choice.agent);
				return {...choice, reservedMicroUsd: verdict.reservedMicroUsd, isReserved: true};
			}

			desk.release(run.id, unitNameOf(step.id, item));
			loads.letGo(choice.agent);
			excluded.set(choice.agent, obstacle);
			continue;
		}

		loads.letGo(choice.agent);

		const {settings, budget} = verdict.state;
		const tellsOthers = isOfOneAgent(budget) || settings.onExceed === 'downgrade';
		const isLast = ordered.every(name => name === choice.agent || excluded.has(name));
		const answer = {verdict, agent: choice.agent, model};
		if (verdict.kind === 'unknown-cost' || !tellsOthers || isLast) return answer;
		refused ??= answer;
		excluded.set(choice.agent, {reason: 'over-budget', detail: overBudgetWords(verdict)});
	}
};

/** Agents named with the run are asked in their order. */
const wishOf = ({run, definition}: OpenRun, step: AgentStep) =>
	run.agents?.length ? undefined : routingOf(definition, step);

/** The agent whose session the next attempt goes on with. */
export const resumedAgentOf = (run: RunState, step: AgentStep, item: number | undefined): string | undefined => {
	const last = unitOf(run, step.id, item).attempts.at(-1);
	return last?.status === 'interrupted' && last.canResume && last.sessionId !== undefined ? last.agent : undefined;
};

/** @returns The names with the one that a person prefers at their head, where it is one of them. */
export const preferredFirst = (names: readonly string[], preferred: string | undefined): readonly string[] =>
	preferred !== undefined && names.includes(preferred)
		? [preferred, ...names.filter(name => name !== preferred)]
		: names;

/** Among equals by the strategy it comes first; it does not outweigh what the strategy is about. */
const preferring = <T extends {readonly prefer: readonly string[]} | undefined>(
	routing: T,
	preferred: string | undefined,
): T => (routing && preferred !== undefined ? {...routing, prefer: [preferred, ...routing.prefer]} : routing);

type Deciding = Pick<EngineParts, 'breakers' | 'agentSwitches'>;

/** @returns Why an agent is given no attempts now, whatever the step: a person or its breaker; `undefined`: it is. */
export const obstacleOf = (parts: Deciding, name: string): Omit<PassedOver, 'agent'> | undefined => {
	const disabled = parts.agentSwitches?.disabledOf(name);
	if (disabled) return {reason: 'disabled', detail: disabledWords(disabled)};
	return parts.breakers.allows('agent', name) ? undefined : breakerReason(parts, name);
};

/** `disabled by ada: costs too much` */
const disabledWords = ({origin, reason}: DisabledAgent): string =>
	`disabled by ${origin.by}${reason ? `: ${reason}` : ''}`;

/** Why an agent whose breaker is open is not asked. */
const breakerReason = ({breakers}: Deciding, name: string): Omit<PassedOver, 'agent'> => {
	const untilMs = breakers.untilMs('agent', name);
	const until = untilMs === undefined ? 'for now' : `until ${new Date(untilMs).toISOString()}`;
	return breakers.reasonOf('agent', name) === 'agent.rate-limited'
		? {reason: 'rate-limited', detail: `rate limited ${until}`}
		: {reason: 'breaker-open', detail: `failed too often in a row: given no attempts ${until}`};
};

const overBudgetWords = ({state: {budget, limit, spent}}: Exclude<BudgetVerdict, {kind: 'fits'}>): string =>
	budget.unit === 'usd'
		? `${formatUsd(spent)} of ${formatUsd(limit)} are spent`
		: `${Math.round(spent)} of ${limit} ${budget.unit} are used`;

/** Nobody can be asked: what keeps the first one whose breaker is open is the most telling. */
const noneLeft = (
	{breakers}: EngineParts,
	names: readonly string[],
	excluded: ReadonlyMap<string, Omit<PassedOver, 'agent'>>,
): AiworkflowError => {
	const detail = names.map(name => `${name}: ${excluded.get(name)?.detail ?? 'not asked'}`).join('; ');
	const limited = names.filter(name => excluded.get(name)?.reason === 'rate-limited');
	const untilMs = Math.min(...names.flatMap(name => breakers.untilMs('agent', name) ?? []));
	if (limited.length > 0 && Number.isFinite(untilMs)) {
		return new AiworkflowError({
			code: 'agent.rate-limited',
			message: `No agent can be asked now: ${detail}.`,
			suggestion: 'Wait until the limit resets, or name another agent.',
			retryable: true,
			resetAtMs: untilMs,
		});
	}

	if (names.every(name => excluded.get(name)?.reason === 'disabled')) {
		return new AiworkflowError({
			code: 'agent.disabled',
			message: `No agent may be asked: ${detail}.`,
			suggestion: `Enable one with \`aiworkflow agents enable ${names[0]}\` and run \`aiworkflow runs retry\`, or name another agent.`,
		});
	}

	return new AiworkflowError({
		code: 'agent.circuit-open',
		message: `No agent can be asked now: ${detail}.`,
		suggestion: 'Look at why with `aiworkflow daemon logs`; name another agent, or give the step a `retry:`.',
		retryable: true,
	});
};

/** Where the snapshot of a step is that `on-failover: reset` restores; `undefined` where nothing is taken back. */
export const resetFolderOf = (
	run: RunState,
	step: AgentStep,
	item: number | undefined,
	stateFolder: string,
): string | undefined => {
	if (failoverPolicyOf(step).changes !== 'reset' || roundOf(run, step, item).length === 0) return undefined;
	const snapshot = run.snapshots.findLast(each => each.stepId === step.id && each.item === item);
	return snapshot && snapshotFolderOf(stateFolder, run.id, unitKeyOf(step.id, item), snapshot.attempt);
};
