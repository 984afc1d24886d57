import {AiworkflowError, usageInvalid} from '../errors.ts';
import {
	type AgentStep,
	type RoutingStrategy,
	type RoutingWish,
	routingOf,
	routingStrategies,
	type WorkflowDefinition,
} from '../workflow/definition.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import {loadWorkflow} from './load-workflow.ts';
import {durationOf} from './moments.ts';
import type {OptionsOf, options as tables} from './options.ts';

type Options = OptionsOf<typeof tables.agentsRoute>;

/** What is asked for when one of several agents is chosen. */
export interface RouteWish {
	readonly agents: readonly string[];
	readonly routing?: RoutingWish;
	readonly model?: string;
	readonly promptCharacters?: number;
}

/**
 * What a step asks for, and what the options say instead of it.
 *
 * @throws AiworkflowError `usage.invalid`, `workflow.not-found`, `workflow.invalid`, `step.not-found`.
 */
export const routeRequestOf = async (options: Options): Promise<WireWish> => {
	const {workflow, step, agent, model, promptChars} = options;
	if (step !== undefined && workflow === undefined)
		throw usageInvalid('--step names a step of a workflow.', 'Name the workflow as well: `--workflow FILE`.');
	const found = workflow === undefined ? undefined : wishOfStep((await loadWorkflow(workflow)).definition, step);
	const agents = agent === undefined ? found?.agents : agent.split(',').map(name => name.trim());
	const routing = routingWith(found?.routing, options);
	return {
		agents: [...(agents ?? [])],
		routing: routing && {
			...routing,
			require: [...routing.require],
			prefer: [...routing.prefer],
			exclude: [...routing.exclude],
		},
		model: model ?? found?.model,
		promptCharacters: promptChars === undefined ? found?.promptCharacters : countOf(promptChars),
	};
};

type Mutable<T> = {-readonly [K in keyof T]: T[K] extends readonly string[] ? string[] : T[K]};
type WireWish = Omit<Mutable<RouteWish>, 'routing'> & {routing?: Mutable<RoutingWish>};

/** An expression is known only in a run; the prompt counts as it is written. */
const wishOfStep = (definition: WorkflowDefinition, id: string | undefined): RouteWish => {
	const step = agentStepOf(definition, id);
	const model = step.model ?? definition.model;
	return {
		agents: step.agents.length > 0 ? step.agents : definition.agents,
		routing: routingOf(definition, step),
		model: model?.includes('${{') ? undefined : model,
		promptCharacters: step.prompt.length,
	};
};

const agentStepOf = ({name, steps}: WorkflowDefinition, id: string | undefined): AgentStep => {
	const asking = steps.filter(step => step.kind === 'agent');
	const ids = asking.map(step => step.id);
	const [only] = asking;
	if (id === undefined) {
		if (only && asking.length === 1) return only;
		const suggestion = ids.length === 0 ? 'Name another workflow.' : `Name one with --step: ${ids.join(', ')}.`;
		throw usageInvalid(`${ids.length} steps of ${name} ask an agent.`, suggestion);
	}

	const step = asking.find(each => each.id === id);
	if (step) return step;
	throw new AiworkflowError({
		code: 'step.not-found',
		message: `${name} has no step "${id}" that asks an agent.`,
		suggestion: didYouMean(id, ids, `It has: ${ids.join(', ')}.`),
	});
};

/** @returns `undefined` where nobody asks for anything: then the workspace's way counts. */
const routingWith = (base: RoutingWish | undefined, options: Options): RoutingWish | undefined => {
	const {strategy, require, prefer, exclude, maxCost, maxLatency} = options;
	const isAsked = [strategy, maxCost, maxLatency, ...require, ...prefer, ...exclude].some(each => each !== undefined);
	if (!isAsked) return base;
	const maxCostUsd = maxCost === undefined ? base?.maxCostUsd : usdOf(maxCost);
	const maxLatencyMs = maxLatency === undefined ? base?.maxLatencyMs : durationOf('max-latency', maxLatency);
	return {
		strategy: strategy === undefined ? base?.strategy : strategyOf(strategy),
		require: require.length > 0 ? require : (base?.require ?? []),
		prefer: prefer.length > 0 ? prefer : (base?.prefer ?? []),
		exclude: exclude.length > 0 ? exclude : (base?.exclude ?? []),
		...(maxCostUsd !== undefined && {maxCostUsd}),
		...(maxLatencyMs !== undefined && {maxLatencyMs}),
	};
};

const strategyOf = (text: string): RoutingStrategy => {
	const strategy = routingStrategies.find(known => known === text);
	if (strategy) return strategy;
	throw usageInvalid(`There is no strategy "${text}".`, didYouMean(text, routingStrategies, ''));
};

const usdOf = (text: string): number => {
	const usd = Number(text.trim().replace(/^\$/, ''));
	if (Number.isFinite(usd) && usd > 0) return usd;
	throw usageInvalid(`--max-cost takes an amount of dollars above 0, not "${text}".`, 'Write `--max-cost 0.25`.');
};

const countOf = (text: string): number => {
	const count = Number(text);
	if (Number.isSafeInteger(count) && count >= 0) return count;
	throw usageInvalid(`--prompt-chars takes a whole number, not "${text}".`, 'Write `--prompt-chars 4000`.');
};
