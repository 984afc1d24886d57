import path from 'node:path';
import type {Client, CostEstimate, StepEstimate} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {formatUsd} from '../../units.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {loadWorkflow} from '../load-workflow.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** What a run of a workflow is likely to cost. */
export const estimateCosts: Verb<typeof tables.costsEstimate> = async ({args, options, output}) => {
	const {file, definition} = await loadWorkflow(args[0]!);
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	const named = options.agent
		?.split(',')
		.map(name => name.trim())
		.filter(Boolean);
	const client = await connect();
	if (!options.compare) return tellEstimate(client, {file, workspace, agents: named}, output);
	const agents = named ?? [
		...new Set([...definition.agents, ...definition.steps.flatMap(step => (step.kind === 'agent' ? step.agents : []))]),
	];
	const estimates = await Promise.all(
		agents.map(async agent => ({agent, ...(await client.costEstimate({file, workspace, agents: [agent]}))})),
	);
	if (output.isJson) {
		await output.document({workflow: definition.name, estimates});
		return exitCodes.done;
	}

	const {tableOf} = await import('../table.ts');
	const {paint} = output;
	const rows = estimates
		.toSorted((a, b) => (a.likelyUsd ?? Number.POSITIVE_INFINITY) - (b.likelyUsd ?? Number.POSITIVE_INFINITY))
		.map(({agent, ...estimate}) => [agent, totalWords(estimate), unknownWords(estimate)]);
	for (const line of tableOf([['agent', 'estimate', ''].map(paint.dim), ...rows])) await output.print(line);
	return exitCodes.done;
};

/** Also for `run --estimate`. */
export const tellEstimate = async (
	client: Client,
	request: {readonly file: string; readonly workspace: string; readonly agents?: readonly string[]},
	output: Output,
): Promise<ExitCode> => {
	const estimate = await client.costEstimate({...request, agents: request.agents && [...request.agents]});
	if (output.isJson) {
		await output.document(estimate);
		return exitCodes.done;
	}

	if (estimate.steps.length === 0) {
		output.note('This workflow asks no agent: it costs nothing.');
		return exitCodes.done;
	}

	const {tableOf} = await import('../table.ts');
	const {paint} = output;
	const rows = estimate.steps.map(rowOf);
	for (const line of tableOf([['step', 'agent', 'each', 'estimate'].map(paint.dim), ...rows])) await output.print(line);
	await output.print(
		`${paint.bold(estimate.workflow)}: ${totalWords(estimate)}${unknownWords(estimate) && `, ${unknownWords(estimate)}`}`,
	);
	return exitCodes.done;
};

const rowOf = ({stepId, agent, model, items, eachUsd, likelyUsd}: StepEstimate): string[] => [
	stepId,
	model === null ? agent : `${agent} (${model})`,
	`${usd(eachUsd)}${items === null ? '' : ` × ${items}`}`,
	usd(likelyUsd),
];

const totalWords = ({likelyUsd, knownUsd}: CostEstimate): string =>
	likelyUsd === null ? (knownUsd === 0 ? '$?' : `${usd(knownUsd)}+?`) : `about ${usd(likelyUsd)}`;

const unknownWords = ({unknownSteps}: CostEstimate): string =>
	unknownSteps.length === 0 ? '' : `unknown for ${unknownSteps.join(', ')}`;

const usd = (amount: number | null) => formatUsd(amount === null ? null : Math.round(amount * 1_000_000));
