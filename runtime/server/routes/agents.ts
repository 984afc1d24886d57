import type {FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {
	agentParams,
	agentsQuery,
	checkAgentsRequest,
	disableAgentRequest,
	enableAgentRequest,
	preferAgentRequest,
	routeRequest,
} from '../../../source/api/contract.ts';
import type {AgentTroubleView, AgentView, BreakerView, DisabledView, RouteView} from '../../../source/api/messages.ts';
import {AiworkflowError, agentSwitchDenied, agentUnknown} from '../../../source/errors.ts';
import {type RoutingWish, routingStrategies} from '../../../source/workflow/definition.ts';
import {didYouMean} from '../../../source/workflow/text/nearest.ts';
import {obstacleOf, preferredFirst} from '../../engine/choose-agent.ts';
import {runEnvironmentOf} from '../../security/environment.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

type Environment = Readonly<Record<string, string>>;

export const registerAgents = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/agents',
		{
			schema: {
				tags: ['agents'],
				summary: 'The agents a workspace knows, and their health in the environment of the daemon',
				querystring: agentsQuery,
			},
		},
		async (request): Promise<{agents: AgentView[]}> => {
			const {workspace, depth} = request.query as z.output<typeof agentsQuery>;
			return viewsOf(parts, {workspace, depth});
		},
	);
	server.post(
		'/agents/check',
		{
			schema: {
				tags: ['agents'],
				summary: 'Look whether agents work in the environment of whoever asks',
				body: checkAgentsRequest,
			},
		},
		async (request): Promise<{agents: AgentView[]}> => {
			const {workspace, agents: only, depth, environment} = request.body as z.output<typeof checkAgentsRequest>;
			return viewsOf(parts, {workspace, depth, only, environment});
		},
	);
	server.post(
		'/agents/route',
		{
			schema: {
				tags: ['agents'],
				summary: 'How one of several agents would be chosen now, and why; chooses nothing',
				body: routeRequest,
			},
		},
		async (request): Promise<RouteView> => {
			const body = request.body as z.output<typeof routeRequest>;
			const {workspace, model, promptCharacters, readOnly} = body;
			const asked = given(body.environment);
			const preferred = parts.agentSwitches.preferred();
			const agents = preferredFirst(await parts.agents.namesOf(workspace, body.agents, asked), preferred);
			return parts.agents.explain({
				...{workspace, agents, model, promptCharacters, readOnly},
				routing: body.routing && {...body.routing, strategy: strategyOf(body.routing.strategy)},
				excluded: obstaclesOf(parts, agents),
				environment: await environmentOf(parts, workspace, agents, asked),
				loadOf: parts.engine.loadOf,
				random: Math.random(),
			});
		},
	);
	server.get(
		'/agents/troubles',
		{
			schema: {
				tags: ['agents'],
				summary: 'Agents that are given no attempts now, or did not work when they were last looked at; looks at none',
			},
		},
		async (): Promise<{agents: AgentTroubleView[]}> => ({agents: troublesOf(parts)}),
	);
	server.post(
		'/agents/:id/disable',
		{
			schema: {
				tags: ['agents'],
				summary: 'Give an agent no new attempts, in any workspace, until it is enabled; those that run go on',
				params: agentParams,
				body: disableAgentRequest,
			},
		},
		async request => switchAgent(parts, request, 'disabled'),
	);
	server.post(
		'/agents/:id/enable',
		{
			schema: {tags: ['agents'], summary: 'Give it attempts again', params: agentParams, body: enableAgentRequest},
		},
		async request => switchAgent(parts, request, 'enabled'),
	);
	server.post(
		'/agents/:id/prefer',
		{
			schema: {
				tags: ['agents'],
				summary: 'Ask this agent first, wherever a step may ask it; of all agents one can be preferred',
				params: agentParams,
				body: preferAgentRequest,
			},
		},
		async request => preferAgent(parts, request),
	);
};

/** Whoever sends none means the daemon's own. */
const given = (environment: Environment | undefined): Environment => environment ?? (process.env as Environment);

/** What a run of these agents would have of it. */
const environmentOf = async (
	{agents}: DaemonParts,
	workspace: string,
	names: readonly string[],
	environment: Environment,
): Promise<Environment> => runEnvironmentOf(environment, await agents.environmentNames(workspace, names));

const viewsOf = async (
	parts: DaemonParts,
	{workspace, depth, only, environment}: z.output<typeof checkAgentsRequest> & {readonly only?: readonly string[]},
): Promise<{agents: AgentView[]}> => {
	const asked = given(environment);
	const names = only ?? (await parts.agents.allNames(workspace));
	const reports = await parts.agents.list(workspace, await environmentOf(parts, workspace, names, asked), depth, only);
	return {agents: reports.map(agent => ({...agent, ...switchesOf(parts, agent.id)}))};
};

const breakerOf = ({breakers}: DaemonParts, agent: string): BreakerView | null => {
	const {state, failures, untilMs} = breakers.stateOf('agent', agent);
	if (state === 'closed' && failures === 0) return null;
	return {state, failures, untilAt: untilMs === null ? null : new Date(untilMs).toISOString()};
};

const disabledOf = ({agentSwitches}: DaemonParts, agent: string): DisabledView | null => {
	const disabled = agentSwitches.disabledOf(agent);
	if (!disabled) return null;
	return {at: new Date(disabled.atMs).toISOString(), by: disabled.origin.by, reason: disabled.reason};
};

/** Whether it is given attempts. */
const switchesOf = (parts: DaemonParts, agent: string) => ({
	breaker: breakerOf(parts, agent),
	disabled: disabledOf(parts, agent),
	isPreferred: parts.agentSwitches.preferred() === agent,
});

const troubleOf = (parts: DaemonParts, id: string): AgentTroubleView => ({
	id,
	...switchesOf(parts, id),
	detail: parts.agents.unhealthy().find(agent => agent.id === id)?.detail ?? null,
});

const troublesOf = (parts: DaemonParts): AgentTroubleView[] => {
	const {breakers, agentSwitches, agents} = parts;
	const disabled = agentSwitches.all().map(({name}) => name);
	const unhealthy = agents.unhealthy().map(({id}) => id);
	return [...new Set([...breakers.openOnes('agent'), ...disabled, ...unhealthy])].map(id => troubleOf(parts, id));
};

/** @throws AiworkflowError `agent.denied`, `agent.unknown`. */
const switchAgent = async (
	parts: DaemonParts,
	request: FastifyRequest,
	verb: 'disabled' | 'enabled',
): Promise<AgentTroubleView> => {
	const {id} = request.params as z.output<typeof agentParams>;
	const {workspace, origin, reason} = request.body as z.output<typeof disableAgentRequest>;
	const inside = attemptOfCaller(request);
	if (inside !== undefined) throw agentSwitchDenied(verb, `run ${inside}`);
	const isSwitched = parts.agentSwitches.disabledOf(id) !== undefined;
	const names = await parts.agents.allNames(workspace);
	// One that is not described any more can still be enabled.
	if (!names.includes(id) && !(isSwitched && verb === 'enabled')) throw agentUnknown(id, names);
	if (verb === 'disabled') parts.agentSwitches.disable(id, origin, reason);
	else parts.agentSwitches.enable(id, origin);
	await parts.journal.durable();
	return troubleOf(parts, id);
};

/** @throws AiworkflowError `agent.denied`, `agent.unknown`. */
const preferAgent = async (parts: DaemonParts, request: FastifyRequest): Promise<AgentTroubleView> => {
	const {id} = request.params as z.output<typeof agentParams>;
	const {workspace, origin, isOn} = request.body as z.output<typeof preferAgentRequest>;
	const inside = attemptOfCaller(request);
	if (inside !== undefined) throw agentSwitchDenied('preferred', `run ${inside}`);
	const names = await parts.agents.allNames(workspace);
	if (isOn && !names.includes(id)) throw agentUnknown(id, names);
	if (isOn) parts.agentSwitches.prefer(id, origin);
	else if (parts.agentSwitches.preferred() === id) parts.agentSwitches.prefer(undefined, origin);
	await parts.journal.durable();
	return troubleOf(parts, id);
};

/** As the engine leaves them out. */
const obstaclesOf = (parts: DaemonParts, names: readonly string[]) =>
	new Map(
		names.flatMap(name => {
			const obstacle = obstacleOf(parts, name);
			return obstacle ? [[name, obstacle] as const] : [];
		}),
	);

const strategyOf = (text: string | undefined): RoutingWish['strategy'] => {
	const strategy = routingStrategies.find(known => known === text);
	if (strategy !== undefined || text === undefined) return strategy;
	throw new AiworkflowError({
		code: 'request.invalid',
		message: `There is no strategy "${text}".`,
		suggestion: didYouMean(text, routingStrategies, ''),
	});
};
