import {z} from 'zod';
import {costEstimateRequest, costSummaryQuery, costsQuery, workspaceQuery} from '../../../source/api/contract.ts';
import type {CostEstimate, CostForecast, CostLimitView, CostLine, CostSummary} from '../../../source/api/messages.ts';
import {workflowInvalid} from '../../../source/errors.ts';
import {listWorkflows, readWorkflow} from '../../../source/workflow-files.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {findRun} from '../find.ts';

const params = z.object({id: z.string().describe('Id of a run, or its beginning.')});

/** What was spent, what may be, and what a run will cost. */
export const registerCosts = (server: Server, parts: DaemonParts): void => {
	const {agents: known, costs} = parts;
	const tags = ['costs'];
	server.get(
		'/costs',
		{schema: {tags, summary: 'The ledger, newest first', querystring: costsQuery}},
		async (request): Promise<{readonly costs: readonly CostLine[]}> => {
			const {since, until: _, ...query} = request.query as z.output<typeof costsQuery>;
			return {costs: costs.list({...query, sinceMs: since === undefined ? undefined : Date.parse(since)})};
		},
	);
	server.get(
		'/costs/summary',
		{schema: {tags, summary: 'What was spent, by what it was spent on', querystring: costSummaryQuery}},
		async (request): Promise<CostSummary> => {
			const {since, until, ...query} = request.query as z.output<typeof costSummaryQuery>;
			return costs.summary({
				...query,
				sinceMs: since === undefined ? 0 : Date.parse(since),
				untilMs: until === undefined ? undefined : Date.parse(until),
			});
		},
	);
	server.get(
		'/costs/limits',
		{schema: {tags, summary: 'Budgets of more than one run, and what is left of them', querystring: workspaceQuery}},
		async (request): Promise<{readonly limits: readonly CostLimitView[]}> => {
			const {workspace} = request.query as z.output<typeof workspaceQuery>;
			const files = await listWorkflows(workspace);
			const read = await Promise.all(files.map(({file}) => readWorkflow(file).catch(() => undefined)));
			return {
				limits: costs.limits(
					workspace,
					read.flatMap(found => found?.definition ?? []),
				),
			};
		},
	);
	server.get(
		'/runs/:id/forecast',
		{schema: {tags, summary: 'What a run will have cost in the end', params}},
		async (request): Promise<CostForecast> => {
			const run = findRun(parts, (request.params as z.output<typeof params>).id);
			await known.load(run.workspace);
			return costs.forecast(run, parts.definitions.read(run.workflow.hash));
		},
	);
	server.post(
		'/costs/estimate',
		{schema: {tags, summary: 'What a run of a workflow will cost', body: costEstimateRequest}},
		async (request): Promise<CostEstimate> => {
			const {file, workspace, agents} = request.body as z.output<typeof costEstimateRequest>;
			const {definition, diagnostics} = await readWorkflow(file);
			if (!definition) throw workflowInvalid(file, diagnostics);
			await known.load(workspace);
			return costs.estimate({definition, workspace, agents});
		},
	);
};
