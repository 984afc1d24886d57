import {autoAgent, type InputDefinition, type WorkflowDefinition} from '../workflow/definition.ts';
import type {BundleConfig, BundleDefaults} from './config.ts';

/** @returns The workflow as the configuration of its bundle makes it. Pure. */
export const withConfig = (definition: WorkflowDefinition, config: BundleConfig): WorkflowDefinition => {
	const {name, version, requires, defaults} = config;
	const {agent, model, budgets} = defaults;
	return {
		...definition,
		inputs: withDefaults(definition.inputs, defaults.inputs),
		// As in a workflow: who only says how an agent is chosen leaves open which.
		...(agent && {agents: agent.agents.length > 0 ? agent.agents : [autoAgent], routing: agent.routing}),
		...(model !== undefined && {model}),
		...(budgets && {budgets}),
		bundle: {name, ...(version !== undefined && {version}), requires, defaults: defaultWordsOf(defaults)},
	};
};

const withDefaults = (
	inputs: Readonly<Record<string, InputDefinition>>,
	values: Readonly<Record<string, unknown>>,
): Record<string, InputDefinition> =>
	Object.fromEntries(
		Object.entries(inputs).map(([name, input]) => {
			const value = Object.hasOwn(values, name) ? values[name] : undefined;
			return [name, value === undefined || value === null ? input : {...input, default: value}];
		}),
	);

const defaultWordsOf = ({inputs, agent, model, budgets}: BundleDefaults): string[] => [
	...Object.entries(inputs).map(
		([name, value]) => `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`,
	),
	...(agent ? [`agent ${agent.agents.join(', ') || autoAgent}`] : []),
	...(model === undefined ? [] : [`model ${model}`]),
	...(budgets ?? []).map(budgetWordsOf),
];

const budgetWordsOf = ({
	microUsd,
	tokens,
	requests,
	credits,
	minutes,
	period,
}: NonNullable<BundleDefaults['budgets']>[number]): string => {
	const amounts = [
		...(microUsd === undefined ? [] : [`$${(microUsd / 1_000_000).toFixed(2)}`]),
		...Object.entries({tokens, requests, credits, minutes}).flatMap(([unit, amount]) =>
			amount === undefined ? [] : [`${amount} ${unit}`],
		),
	];
	return `budget ${amounts.join(', ')}${period ? ` a ${period}` : ''}`;
};
