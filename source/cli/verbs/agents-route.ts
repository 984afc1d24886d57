import type {RouteCandidateView, RouteView} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {formatDuration, formatUsd} from '../../units.ts';
import {workspaceOf} from '../agent-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {routeRequestOf} from '../route-request.ts';
import type {Verb} from '../verb.ts';

/** Who would be chosen now, by the function that chooses; ends with 1 where nobody can be. */
export const routeAgents: Verb<typeof tables.agentsRoute> = async ({options, output}) => {
	const request = await routeRequestOf(options);
	const client = await connect();
	const environment = process.env as Record<string, string>;
	const route = await client.routeAgents({...request, workspace: workspaceOf(options), environment});
	if (output.isJson) {
		await output.document(route);
	} else {
		await output.print(sentenceOf(route, output));
		if (options.explain) for (const line of await tableOfRoute(route, output)) await output.print(line);
		else if (route.chosen === null) for (const line of obstaclesOf(route)) output.note(line);
	}

	return route.chosen === null ? exitCodes.failed : exitCodes.done;
};

const sentenceOf = ({chosen, strategy, candidates}: RouteView, {paint}: Output): string => {
	const how = strategy === null ? 'the first of the list that can' : `by ${strategy}`;
	if (chosen === null) return `${paint.yellow('!')} None of ${candidates.length} agents can be chosen (${how}).`;
	const model = candidates.find(({agent}) => agent === chosen)?.model;
	return `${paint.green('✓')} ${chosen}${model ? ` with ${model}` : ''} (${how})`;
};

const obstaclesOf = ({candidates}: RouteView): string[] =>
	candidates.map(({agent, excluded}) => `${agent}: ${excluded ?? ''}`);

const tableOfRoute = async ({candidates}: RouteView, output: Output): Promise<string[]> => {
	const {tableOf} = await import('../table.ts');
	const titles = ['agent', 'score', 'cost', 'answers', 'running', 'because'].map(output.paint.dim);
	return tableOf([titles, ...candidates.map(rowOf)], {columns: output.columns, cell: 5});
};

const rowOf = (candidate: RouteCandidateView): string[] => {
	const {agent, score, costUsd, latencyMs, load} = candidate;
	return [
		agent,
		score === null ? '-' : score.toFixed(3),
		costUsd === null ? '?' : formatUsd(Math.round(costUsd * 1_000_000)),
		latencyMs === null ? '?' : formatDuration(latencyMs),
		String(load),
		becauseOf(candidate),
	];
};

const becauseOf = ({excluded, parts}: RouteCandidateView): string =>
	excluded ??
	Object.entries(parts)
		.map(([name, part]) => `${name} ${part}`)
		.join(', ');
