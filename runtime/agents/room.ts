import process from 'node:process';
import type {AgentHealth} from '../../source/api/messages.ts';
import {agentHostEntry} from '../../source/install.ts';
import {createAgentExecutor} from '../attempts/agent.ts';
import type {OutputWatcher} from '../attempts/output-watcher.ts';
import type {AgentChooser, AttemptExecutor, Clock} from '../engine/parts.ts';
import {createAgentRegistry} from './registry.ts';

export interface AgentRoomParts {
	readonly clock: Clock;
	readonly output: OutputWatcher;
	/** Whether a person agreed to what the workspace's files make us run. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	/** What runs the agent host, without its folder. Default: the built one. */
	readonly hostCommand?: readonly string[];
}

/** The agents as the daemon wires them. */
export interface AgentRoom {
	readonly executor: AttemptExecutor;
	readonly chooser: AgentChooser;
	/** Health of every agent of a workspace; `deep` opens their protocols, which takes seconds for some. */
	list(
		workspace: string,
		environment: Readonly<Record<string, string>>,
		depth?: 'quick' | 'deep',
	): Promise<readonly AgentHealth[]>;
	environmentNames(workspace: string, agents: readonly string[]): Promise<readonly string[]>;
	/** @throws AiworkflowError `agent.unknown`, `agents.invalid`, `workspace.untrusted`. */
	check(workspace: string, agents: readonly string[]): Promise<void>;
}

export const createAgentRoom = ({clock, output, isTrusted, hostCommand}: AgentRoomParts): AgentRoom => {
	const registry = createAgentRegistry({isTrusted, now: clock.now});
	return {
		executor: createAgentExecutor({
			clock,
			output,
			specOf: registry.specOf,
			hostCommand: hostCommand ?? [process.execPath, agentHostEntry],
		}),
		chooser: registry,
		list: (workspace, environment, depth = 'deep') => registry.healthOf(workspace, environment, depth),
		environmentNames: registry.environmentNames,
		check: registry.check,
	};
};
