import type {FastifyRequest} from 'fastify';
import {z} from 'zod';
import {
	forkRunRequest,
	originRequest,
	reasonRequest,
	retryRunRequest,
	rollbackQuery,
	rollbackRequest,
	signalRequest,
} from '../../../source/api/contract.ts';
import type {ForkedRun, RetriedRun, RollbackPlan} from '../../../source/api/messages.ts';
import {runAlreadyEnded, runNotPaused, savepointNotFound} from '../../../source/errors.ts';
import type {RunState} from '../../../source/run/state.ts';
import {type RunView, runStatusOf, runViewOf} from '../../../source/run/views.ts';
import type {WorkflowDefinition} from '../../../source/workflow/definition.ts';
import {undoTargetsOf} from '../../engine/decide-rollback.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {findRun} from '../find.ts';
import {denyOwnRun} from '../own-run.ts';
import {environmentFor} from '../run-environment.ts';
import {checkedInputs} from '../start-run.ts';

const params = z.object({id: z.string().describe('Id of a run, or the first characters of it.')});
const stepParams = params.extend({stepId: z.string()});

/** What a person may do to a run that exists. A step may do to its own run only what stops it, and send it signals. */
export const registerSteering = (server: Server, parts: DaemonParts): void => {
	const {engine} = parts;

	/** @param verb What a step must not do to its own run; `undefined`: it may. */
	const runOf = (request: FastifyRequest, verb?: string): RunState => {
		const run = findRun(parts, (request.params as z.output<typeof params>).id);
		if (verb !== undefined) denyOwnRun(parts, request, run, verb);
		return run;
	};

	const viewOf = (id: string): RunView => runViewOf(findRun(parts, id));

	server.post(
		'/runs/:id/cancel',
		{schema: {tags: ['runs'], summary: 'Ask a run to stop', params, body: reasonRequest}},
		async request => {
			const {id} = runOf(request);
			const {origin, reason} = request.body as z.output<typeof reasonRequest>;
			if (!(await engine.cancelRun(id, origin, reason))) throw runAlreadyEnded(id, viewOf(id).status);
			return viewOf(id);
		},
	);
	server.post(
		'/runs/:id/steps/:stepId/cancel',
		{schema: {tags: ['runs'], summary: 'Stop a step', params: stepParams, body: reasonRequest}},
		async request => {
			const {id} = runOf(request);
			await engine.cancelStep(id, stepIdOf(request), request.body as z.output<typeof reasonRequest>);
			return viewOf(id);
		},
	);
	server.post(
		'/runs/:id/steps/:stepId/skip',
		{schema: {tags: ['runs'], summary: 'Go on without a step', params: stepParams, body: reasonRequest}},
		async request => {
			const {id} = runOf(request, 'skip a step of');
			await engine.skipStep(id, stepIdOf(request), request.body as z.output<typeof reasonRequest>);
			return viewOf(id);
		},
	);
	server.post(
		'/runs/:id/pause',
		{schema: {tags: ['runs'], summary: 'Begin nothing new; what runs goes on', params, body: reasonRequest}},
		async request => {
			const {id} = runOf(request);
			await engine.pauseRun(id, request.body as z.output<typeof reasonRequest>);
			return viewOf(id);
		},
	);
	server.post(
		'/runs/:id/resume',
		{schema: {tags: ['runs'], summary: 'Let a paused run go on', params, body: originRequest}},
		async request => {
			const run = runOf(request, 'resume');
			if (!run.paused) throw runNotPaused(run.id, runStatusOf(run));
			await engine.resumeRun(run.id, request.body as z.output<typeof originRequest>);
			return viewOf(run.id);
		},
	);
	server.post(
		'/runs/:id/retry',
		{schema: {tags: ['runs'], summary: 'Do steps of an ended run again', params, body: retryRunRequest}},
		async (request): Promise<RetriedRun> => {
			const run = runOf(request, 'retry');
			const {from: fromStepId, origin, environment: given} = request.body as z.output<typeof retryRunRequest>;
			const environment = await environmentOf(parts, run, given);
			const stepIds = await engine.retryRun(run.id, {fromStepId, origin, environment});
			return {run: viewOf(run.id), stepIds};
		},
	);
	server.post(
		'/runs/:id/signals',
		{schema: {tags: ['runs'], summary: 'Send a signal that a step waits for', params, body: signalRequest}},
		async request => {
			const {id} = runOf(request);
			const {name, data, origin} = request.body as z.output<typeof signalRequest>;
			await engine.signalRun(id, name, {data, origin});
			return viewOf(id);
		},
	);
	server.post(
		'/runs/:id/fork',
		{schema: {tags: ['runs'], summary: 'A new run that goes on from where this one was', params, body: forkRunRequest}},
		async (request, reply) => {
			const run = runOf(request, 'fork');
			const forked = await fork(parts, run, request.body as z.output<typeof forkRunRequest>);
			reply.code(201);
			return forked;
		},
	);
	server.get(
		'/runs/:id/rollback',
		{schema: {tags: ['runs'], summary: 'What a rollback would undo', params, querystring: rollbackQuery}},
		async (request): Promise<RollbackPlan> => {
			const run = runOf(request);
			const {to} = request.query as z.output<typeof rollbackQuery>;
			const definition = parts.definitions.read(run.workflow.hash);
			checkSavepoint(run.id, definition, to);
			return {targets: undoTargetsOf(run, definition, to)};
		},
	);
	server.post(
		'/runs/:id/rollback',
		{schema: {tags: ['runs'], summary: 'Undo what an ended run did', params, body: rollbackRequest}},
		async request => {
			const {id} = runOf(request, 'roll back');
			await engine.rollbackRun(id, request.body as z.output<typeof rollbackRequest>);
			return viewOf(id);
		},
	);
};

const stepIdOf = (request: FastifyRequest): string => (request.params as z.output<typeof stepParams>).stepId;

const fork = async (
	parts: DaemonParts,
	run: RunState,
	{from: fromStepId, at: atSeq, inputs: changed, environment: given, origin}: z.output<typeof forkRunRequest>,
): Promise<ForkedRun> => {
	const definition = parts.definitions.read(run.workflow.hash);
	const inputs = changed && checkedInputs(definition, {...run.inputs, ...changed});
	const environment = await environmentOf(parts, run, given);
	const forked = await parts.engine.forkRun(run.id, {fromStepId, atSeq, inputs, origin, environment});
	const isAdopted = (id: string) => forked.steps[id]!.adoptedFrom !== undefined;
	return {
		runId: forked.id,
		number: forked.number,
		workflow: forked.workflow.name,
		cursor: forked.cursor,
		forkedFrom: run.id,
		adopted: forked.stepOrder.filter(isAdopted),
		stepIds: forked.stepOrder.filter(id => !isAdopted(id)),
	};
};

/** The environment of whoever lets a run go on, checked against the definitions that the run has pinned. */
const environmentOf = (parts: DaemonParts, run: RunState, given: Readonly<Record<string, string>>) => {
	const workflows = [run.workflow, ...(run.uses ?? [])].map(({file, hash}) => ({
		file,
		definition: parts.definitions.read(hash),
	}));
	return environmentFor(parts, given, {workspace: run.workspace, workflows, asked: run.agents});
};

const checkSavepoint = (runId: string, {steps}: WorkflowDefinition, to: string | undefined) => {
	const savepoints = steps.flatMap(({savepoint}) => savepoint ?? []);
	if (to !== undefined && !savepoints.includes(to)) throw savepointNotFound(runId, to, savepoints);
};
