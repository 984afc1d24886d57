import type {z} from 'zod';
import {trustRequest, workspacePathQuery, workspaceQuery} from '../../../source/api/contract.ts';
import type {AgentView, BreakerView, WorkflowsPage} from '../../../source/api/messages.ts';
import {listWorkflows} from '../../../source/workflow-files.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerWorkspaces = (server: Server, parts: DaemonParts): void => {
	const viewOf = async (workspace: string) => ({
		workspace,
		isTrusted: await parts.workspaces.isTrusted(workspace),
		files: await parts.workspaces.trustedFiles(workspace),
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
			const {workspace, origin} = request.body as z.output<typeof trustRequest>;
			const digest = await parts.workspaces.trust(workspace);
			parts.journal.append(null, 0, {type: 'workspace.trusted', body: {workspace, digest, origin}}, parts.clock.now());
			await parts.journal.durable();
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
		'/agents',
		{
			schema: {
				tags: ['workspaces'],
				summary: 'The agents a workspace knows, and their health',
				querystring: workspaceQuery,
			},
		},
		async (request): Promise<{agents: AgentView[]}> => {
			const {workspace} = request.query as z.output<typeof workspaceQuery>;
			const agents = await parts.agents.list(workspace, process.env as Record<string, string>);
			return {agents: agents.map(agent => ({...agent, breaker: breakerOf(parts, agent.id)}))};
		},
	);
};

const breakerOf = ({breakers}: DaemonParts, agent: string): BreakerView | null => {
	const {state, failures, untilMs} = breakers.stateOf('agent', agent);
	if (state === 'closed' && failures === 0) return null;
	return {state, failures, untilAt: untilMs === null ? null : new Date(untilMs).toISOString()};
};
