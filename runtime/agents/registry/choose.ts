import type {AgentHealth, RouteView} from '../../../source/api/messages.ts';
import {AiworkflowError, agentUnreachable} from '../../../source/errors.ts';
import type {RoutingStrategy} from '../../../source/workflow/definition.ts';
import type {AgentChoice, ChoiceRequest, PassedOver} from '../../engine/parts.ts';
import {createAdapter} from '../adapters.ts';
import {profileOf} from '../profiles.ts';
import {busy, route} from '../routing/route.ts';
import type {AgentSpec} from '../spec.ts';
import type {WorkspaceRouting} from './agents-file.ts';
import {expandAuto} from './built-in.ts';
import {routeViewOf} from './route-view.ts';

export interface ChoosingParts {
	/** @throws AiworkflowError `agent.unknown`, `agents.invalid`, `workspace.untrusted`. */
	readonly specOf: (workspace: string, id: string) => Promise<AgentSpec>;
	readonly healthOf: (spec: AgentSpec, environment: Readonly<Record<string, string>>) => Promise<AgentHealth>;
	readonly routingOf: (workspace: string) => Promise<WorkspaceRouting | undefined>;
	/** Of one attempt, micro-dollars; null: unknown. */
	readonly estimate: (request: {
		readonly workspace: string;
		readonly agent: string;
		readonly model: string | undefined;
		readonly promptCharacters: number;
	}) => number | null;
}

interface Known {
	readonly id: string;
	readonly order: number;
	readonly spec: AgentSpec;
}

/** Chooses among the agents of a step: by the wish, else the first of the list that can. */
export const createChooser = ({specOf, healthOf, routingOf, estimate}: ChoosingParts) => {
	const turns = new Map<string, number>();

	/** A shared workflow may name agents that this workspace does not have. */
	const knownOf = async (workspace: string, agents: readonly string[]) => {
		const unknown: {readonly agent: string; readonly error: AiworkflowError}[] = [];
		const found: Known[] = [];
		for (const [order, id] of expandAuto(agents).entries()) {
			try {
				found.push({id, order, spec: await specOf(workspace, id)});
			} catch (error) {
				if (!(error instanceof AiworkflowError)) throw error;
				const {code} = error;
				// Without trust only what comes before is left: a recording, for instance.
				const isSkipped = code === 'agent.unknown' || (code === 'workspace.untrusted' && found.length > 0);
				if (!isSkipped) throw error;
				unknown.push({agent: id, error});
			}
		}

		if (found.length === 0 && unknown[0]) throw unknown[0].error;
		return {known: found, unknown};
	};

	/** @returns Why it cannot be asked now. */
	const obstacleOf = async (
		{spec, id}: Known,
		{excluded, environment, readOnly, needsTools}: ChoiceRequest,
	): Promise<Omit<PassedOver, 'agent'> | undefined> => {
		const known = excluded.get(id);
		if (known) return known;
		const {capabilities} = createAdapter(spec, environment);
		if (readOnly && !capabilities.readOnly)
			return {reason: 'unsuitable', detail: 'cannot be held to reading, and the inputs come from strangers'};
		if (needsTools && capabilities.tools === 'none')
			return {reason: 'unsuitable', detail: 'cannot be given tools, and the step gives it some'};
		if (needsTools && readOnly && capabilities.tools === 'command')
			return {
				reason: 'unsuitable',
				detail: 'calls tools by commands, which it may not run while it is held to reading',
			};
		const health = await healthOf(spec, environment);
		return health.isHealthy ? undefined : {reason: 'health-check-failed', detail: health.detail ?? 'is not healthy'};
	};

	const firstOf = async (request: ChoiceRequest, known: readonly Known[]): Promise<AgentChoice> => {
		const passedOver: PassedOver[] = [];
		for (const each of known) {
			const {concurrent} = profileOf(each.spec.adapter, each.spec.profile);
			const isBusy = concurrent !== undefined && request.loadOf(each.id) >= concurrent;
			const obstacle =
				(await obstacleOf(each, request)) ?? (isBusy ? {reason: 'unsuitable' as const, detail: busy} : undefined);
			if (!obstacle) return choiceOf(each, passedOver, request);
			passedOver.push({agent: each.id, ...obstacle});
		}

		throw nobody(request.agents, passedOver);
	};

	/** Asks all of them, and puts them into the order in which they are to be tried. */
	const weigh = async (
		request: ChoiceRequest,
		known: readonly Known[],
		{own, strategy, isInListOrder}: Way,
		turn: number,
	) => {
		const {workspace, routing, promptCharacters, loadOf, random} = request;
		const obstacles = await Promise.all(known.map(each => obstacleOf(each, request)));
		const candidates = known.map(({id, order, spec}, index) => {
			const profile = {
				...profileOf(spec.adapter, spec.profile),
				...(isInListOrder && {priority: undefined}),
			};
			const model = modelOf(spec, request);
			return {
				...{agent: id, order, profile, load: loadOf(id), excluded: obstacles[index]?.detail},
				costMicroUsd: estimate({workspace, agent: id, model, promptCharacters}),
				latencyMs: profile.latencyMs ?? null,
			};
		});
		const wish = {
			require: routing?.require ?? [],
			prefer: routing?.prefer.length ? routing.prefer : (own?.prefer ?? []),
			exclude: [...(routing?.exclude ?? []), ...(own?.exclude ?? [])],
			maxCostUsd: routing?.maxCostUsd,
			maxLatencyMs: routing?.maxLatencyMs,
		};
		const record = route(candidates, {strategy, wish, weights: own?.weights, turn, random});
		return {obstacles, candidates, record};
	};

	const wayOf = async ({workspace, routing}: ChoiceRequest): Promise<Way | undefined> => {
		const own = await routingOf(workspace);
		if (!routing && !own) return undefined;
		return {own, strategy: routing?.strategy ?? own?.strategy ?? 'priority'};
	};

	const turnKeyOf = ({workspace, agents}: ChoiceRequest, {strategy}: Way) =>
		JSON.stringify([workspace, agents, strategy]);

	const choose = async (request: ChoiceRequest): Promise<AgentChoice> => {
		const {agents} = request;
		const {known} = await knownOf(request.workspace, agents);
		const way = await wayOf(request);
		if (way === undefined) return firstOf(request, known);
		const key = turnKeyOf(request, way);
		const turn = turns.get(key) ?? 0;
		turns.set(key, turn + 1);
		const {obstacles, record} = await weigh(request, known, way, turn);
		const [best] = record.candidates;
		const passedOver = known.flatMap(({id}, index) => (obstacles[index] ? {agent: id, ...obstacles[index]} : []));
		if (best && best.score !== null)
			return {...choiceOf(known.find(({id}) => id === best.agent)!, passedOver, request), route: record};
		throw nobody(
			agents,
			record.candidates.map(({agent, excluded = ''}) => {
				const obstacle = passedOver.find(each => each.agent === agent);
				return obstacle ?? {agent, reason: 'unsuitable', detail: excluded};
			}),
		);
	};

	/** How `choose` would decide now, with all that it looks at; decides nothing. */
	const explain = async (request: ChoiceRequest): Promise<RouteView> => {
		const {known, unknown} = await knownOf(request.workspace, request.agents);
		const way = await wayOf(request);
		const turn = way ? (turns.get(turnKeyOf(request, way)) ?? 0) : 0;
		const {candidates, record} = await weigh(request, known, way ?? inListOrder, turn);
		return routeViewOf(record, {
			isWeighed: way !== undefined,
			candidates,
			modelOf: agent => modelOf(known.find(({id}) => id === agent)!.spec, request) ?? null,
			unknown: unknown.map(({agent, error}) => ({agent, detail: error.message})),
		});
	};

	return {choose, explain};
};

/** How the choice is made. */
interface Way {
	readonly strategy: RoutingStrategy;
	readonly own: WorkspaceRouting | undefined;
	/** Whether what profiles say of priority does not count. */
	readonly isInListOrder?: boolean;
}

const inListOrder: Way = {strategy: 'priority', own: undefined, isInListOrder: true};

const modelOf = (spec: AgentSpec, {model}: ChoiceRequest) =>
	model ?? spec.model ?? profileOf(spec.adapter, spec.profile).model;

const choiceOf = ({id, spec}: Known, passedOver: readonly PassedOver[], {model}: ChoiceRequest): AgentChoice => {
	const own = spec.model ?? spec.profile?.model;
	return {agent: id, passedOver, ...(model === undefined && own !== undefined ? {model: own} : undefined)};
};

const nobody = (agents: readonly string[], passedOver: readonly PassedOver[]): AiworkflowError => {
	const details = passedOver.map(({agent, detail}) => `${agent}: ${detail}`).join(' ');
	if (passedOver.some(({detail}) => detail === busy)) {
		return new AiworkflowError({
			code: 'agent.busy',
			message: `No agent has room for another attempt: ${details}`,
			suggestion: 'Wait, or raise `limits: { concurrent }` in .aiworkflow/agents.yaml.',
			retryable: true,
		});
	}

	if (passedOver.length > 0 && passedOver.every(({reason}) => reason === 'unsuitable')) {
		return new AiworkflowError({
			code: 'agent.unroutable',
			message: `No agent is fit for this step: ${details}`,
			suggestion:
				'See why with `aiworkflow agents route --explain`; loosen `agent:` of the step, or describe other agents.',
		});
	}

	return agentUnreachable(agents.join(', '), details || 'no agent is named.');
};
