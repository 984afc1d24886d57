import type {FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {
	revokeRequest,
	trustRequest,
	workflowFileQuery,
	workspacePathQuery,
	workspaceQuery,
} from '../../../source/api/contract.ts';
import type {WorkflowDefinitionView, WorkflowFileView, WorkflowsPage} from '../../../source/api/messages.ts';
import {AiworkflowError, trustDenied} from '../../../source/errors.ts';
import {declaredTriggersOf} from '../../../source/workflow/declared-triggers.ts';
import type {WorkflowDefinition} from '../../../source/workflow/definition.ts';
import {planLinesOf} from '../../../source/workflow/plan.ts';
import {triggerSecretNamesOf} from '../../../source/workflow/triggers.ts';
import {listWorkflows, readWorkflow} from '../../../source/workflow-files.ts';
import {runEnvironmentOf} from '../../security/environment.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerWorkspaces = (server: Server, parts: DaemonParts): void => {
	const viewOf = async (workspace: string) => ({
		workspace,
		isTrusted: await parts.workspaces.isTrusted(workspace),
		files: await parts.workspaces.trustedFiles(workspace),
		triggerProblems: parts.triggers.problems().filter(problem => problem.workspace === workspace),
	});
	server.get(
		'/workspaces',
		{
			schema: {
				tags: ['workspaces'],
				summary: 'Whether a workspace is trusted, and what that covers',
				querystring: workspacePathQuery,
			},
		},
		async request => viewOf((request.query as z.output<typeof workspacePathQuery>).path),
	);
	server.post(
		'/workspaces/trust',
		{schema: {tags: ['workspaces'], summary: 'Trust a workspace as it stands', body: trustRequest}},
		async request => {
			const {workspace, environment, origin} = request.body as z.output<typeof trustRequest>;
			denyInside(request, 'trusted');
			const digest = await parts.workspaces.trust(workspace);
			parts.journal.append(null, 0, {type: 'workspace.trusted', body: {workspace, digest, origin}}, parts.clock.now());
			await parts.journal.durable();
			if (environment)
				await parts.triggers.arming.arm(workspace, await armedEnvironmentOf(parts, workspace, environment), origin);
			return viewOf(workspace);
		},
	);
	server.post(
		'/workspaces/revoke',
		{schema: {tags: ['workspaces'], summary: 'Take trust back, and disarm', body: revokeRequest}},
		async request => {
			const {workspace, origin} = request.body as z.output<typeof revokeRequest>;
			denyInside(request, 'distrusted');
			parts.workspaces.revoke(workspace);
			parts.journal.append(null, 0, {type: 'workspace.distrusted', body: {workspace, origin}}, parts.clock.now());
			await parts.journal.durable();
			await parts.triggers.arming.disarm(workspace, origin);
			return viewOf(workspace);
		},
	);
	server.get(
		'/workflows',
		{schema: {tags: ['workspaces'], summary: 'The workflows of a workspace', querystring: workspaceQuery}},
		async (request): Promise<WorkflowsPage> => {
			const {workspace} = request.query as z.output<typeof workspaceQuery>;
			return {workflows: await listWorkflows(workspace)};
		},
	);
	server.get(
		'/workflows/file',
		{
			schema: {
				tags: ['workspaces'],
				summary: 'A workflow file: its text, what it declares, its plan and its problems',
				querystring: workflowFileQuery,
			},
		},
		async (request): Promise<WorkflowFileView> =>
			workflowFileViewOf((request.query as z.output<typeof workflowFileQuery>).file),
	);
};

/** @throws AiworkflowError `workspace.denied`: what a step does must not widen what steps may do. */
const denyInside = (request: FastifyRequest, verb: string): void => {
	const inside = attemptOfCaller(request);
	if (inside !== undefined) throw trustDenied(verb, inside);
};

/** What the runs of its workflows may have, and the secrets that they and their triggers need: nothing else is kept. */
const armedEnvironmentOf = async (
	{agents, notificationSecrets}: DaemonParts,
	workspace: string,
	given: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> => {
	const names = new Set([
		...(await agents.environmentNames(workspace, await agents.allNames(workspace))),
		...(await notificationSecrets(workspace, true)),
	]);
	for (const {file} of await listWorkflows(workspace)) {
		const {definition} = await readWorkflow(file).catch(() => ({definition: undefined}));
		if (!definition?.triggers) continue;
		const {passEnv, secretNames, triggers, bundle} = definition;
		for (const name of [...passEnv, ...secretNames, ...triggerSecretNamesOf(triggers), ...(bundle?.requires.env ?? [])])
			names.add(name);
	}

	return runEnvironmentOf(given, [...names]);
};

const workflowFileViewOf = async (path: string): Promise<WorkflowFileView> => {
	try {
		const {file, text, hash, definition, diagnostics} = await readWorkflow(path);
		const triggers = declaredTriggersOf(text);
		return {file, text, hash, diagnostics, triggers, definition: definition ? definitionViewOf(definition) : null};
	} catch (error) {
		// Bytes that are no text are a problem of the file like any other.
		if (!(error instanceof AiworkflowError && error.diagnostics)) throw error;
		return {file: path, text: '', hash: '', diagnostics: error.diagnostics, triggers: [], definition: null};
	}
};

const definitionViewOf = (definition: WorkflowDefinition): WorkflowDefinitionView => {
	const {name, description = null, inputs, agents, steps} = definition;
	const asking = steps.filter(step => step.kind === 'agent');
	return {
		name,
		description,
		inputs,
		plan: planLinesOf(definition),
		agents: [...new Set([...agents, ...asking.flatMap(step => step.agents)])],
		asksAgents: asking.length > 0,
	};
};
