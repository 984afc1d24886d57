import process from 'node:process';
import type {AgentCheck, AgentReport, RouteView} from '../../source/api/messages.ts';
import {agentHostEntry} from '../../source/install.ts';
import {autoAgent} from '../../source/workflow/definition.ts';
import {type AgentParts, createAgentExecutor} from '../attempts/agent.ts';
import type {AgentCost} from '../attempts/agent-protocol.ts';
import type {OutputWatcher} from '../attempts/output-watcher.ts';
import type {AgentChooser, AttemptExecutor, ChoiceRequest, Clock} from '../engine/parts.ts';
import {reportsCost} from './catalogue.ts';
import {createHealthWatch} from './health/watch.ts';
import {type AgentRegistryOptions, createAgentRegistry} from './registry.ts';

export interface AgentRoomParts {
	readonly clock: Clock;
	readonly output: OutputWatcher;
	/** Whether a person agreed to what the workspace's files make us run. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	/** What runs the agent host, without its folder. Default: the built one. */
	readonly hostCommand?: readonly string[];
	/** What an attempt that is given tools needs for them. Default: none can be given. */
	readonly toolsOf?: AgentParts['toolsOf'];
	/** What an attempt will cost, micro-dollars; null: unknown. */
	readonly estimate?: AgentRegistryOptions['estimate'];
	/** Whether nothing new begins. Default: never. */
	readonly isDraining?: () => boolean;
	/** An agent that runs used lately stopped working, or works again. */
	readonly onHealthChange?: (workspace: string, check: AgentCheck) => void;
}

/** The agents as the daemon wires them. */
export interface AgentRoom {
	readonly executor: AttemptExecutor;
	readonly chooser: AgentChooser;
	/** Health of every agent of a workspace, or of some; `deep` opens their protocols, which takes seconds for some. */
	list(
		workspace: string,
		environment: Readonly<Record<string, string>>,
		depth?: 'quick' | 'deep',
		only?: readonly string[],
	): Promise<readonly AgentReport[]>;
	/** All that a workspace may name, whether they are there or not. */
	allNames(workspace: string): Promise<readonly string[]>;
	/** The agents that a list stands for; an empty one: all that the workspace describes, and built-in ones that are there. */
	namesOf: AgentChooser['namesOf'];
	/** How an agent would be chosen now. Throws what the choice throws. */
	explain(request: ChoiceRequest): Promise<RouteView>;
	/** Those that runs used lately and that did not work when they were last looked at. Looks at none. */
	unhealthy(): readonly AgentCheck[];
	/** Looks no longer at agents. */
	stop(): void;
	environmentNames(workspace: string, agents: readonly string[]): Promise<readonly string[]>;
	/** Reads what the workspace describes: what the following three know of. @throws AiworkflowError `agents.invalid`. */
	load(workspace: string): Promise<void>;
	/** What its description says a million tokens or a request of an agent cost; `undefined`: nothing. */
	costOf(workspace: string, agent: string): AgentCost | undefined;
	/** The model an agent uses unless a step names one, as far as its description says. */
	modelOf(workspace: string, agent: string): string | undefined;
	/** Whether an agent tells what it cost. */
	reportsCost(workspace: string, agent: string): boolean;
	/** @throws AiworkflowError `agent.unknown`, `agents.invalid`, `workspace.untrusted`. */
	check(workspace: string, agents: readonly string[]): Promise<void>;
}

const noTools = async (): Promise<never> => {
	throw new Error('Nothing was said of the tools that agents are given.');
};

export const createAgentRoom = ({
	clock,
	output,
	isTrusted,
	hostCommand,
	toolsOf = noTools,
	estimate,
	isDraining = () => false,
	onHealthChange = () => {},
}: AgentRoomParts): AgentRoom => {
	const registry = createAgentRegistry({isTrusted, now: clock.now, estimate});
	const watch = createHealthWatch({clock, examine: registry.examine, isDraining, onChange: onHealthChange});
	return {
		executor: createAgentExecutor({
			clock,
			output,
			specOf: registry.specOf,
			toolsOf,
			hostCommand: hostCommand ?? [process.execPath, agentHostEntry],
		}),
		chooser: {
			namesOf: registry.namesOf,
			environmentNames: registry.environmentNames,
			async choose(request) {
				const choice = await registry.choose(request);
				watch.note(request.workspace, choice.agent, request.environment);
				return choice;
			},
		},
		async allNames(workspace) {
			const {described, builtIn} = await registry.allNames(workspace);
			return [...described, ...builtIn];
		},
		async namesOf(workspace, agents, environment) {
			if (agents.length > 0) return registry.namesOf(workspace, agents, environment);
			// A replay knows nothing by itself: it is chosen only where it is named.
			const {described} = await registry.allNames(workspace);
			return registry.namesOf(workspace, [...described, autoAgent], environment);
		},
		explain: registry.explain,
		unhealthy: watch.unhealthy,
		stop: watch.stop,
		list: (workspace, environment, depth = 'deep', only) => registry.healthOf(workspace, environment, depth, only),
		environmentNames: registry.environmentNames,
		check: registry.check,
		load: registry.load,
		costOf: (workspace, agent) => registry.knownSpec(workspace, agent)?.profile?.cost,
		modelOf(workspace, agent) {
			const spec = registry.knownSpec(workspace, agent);
			return spec?.model ?? spec?.profile?.model;
		},
		reportsCost(workspace, agent) {
			const spec = registry.knownSpec(workspace, agent);
			return spec !== undefined && reportsCost(spec.adapter);
		},
	};
};
