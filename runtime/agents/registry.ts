import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {AgentHealth} from '../../source/api/messages.ts';
import {AiworkflowError, agentUnknown, agentUnreachable, workspaceUntrusted} from '../../source/errors.ts';
import type {AgentChooser} from '../engine/parts.ts';
import {createAdapter} from './adapters.ts';
import {agentsFileInvalid, parseAgentsFile} from './registry/agents-file.ts';
import {type AgentSpec, replaySpec} from './spec.ts';

type Environment = Readonly<Record<string, string>>;

/** The agents of each workspace: the built-in ones and those of its `.aiworkflow/agents.yaml`. */
export interface AgentRegistry extends AgentChooser {
	/**
	 * @returns How to run an agent, for the executor.
	 * @throws AiworkflowError `agent.unknown`, `agents.invalid`, `workspace.untrusted`.
	 */
	specOf(workspace: string, id: string): Promise<AgentSpec>;
	/**
	 * Whether `choose` has anything to choose from, before a run that names these agents begins. Starts nothing.
	 *
	 * @throws AiworkflowError `agent.unknown`, `agents.invalid`, `workspace.untrusted`.
	 */
	check(workspace: string, agents: readonly string[]): Promise<void>;
	/** Of every agent of a workspace, for lists and `doctor`. Commands of an untrusted workspace are not started. */
	healthOf(workspace: string, environment: Environment, depth: 'quick' | 'deep'): Promise<readonly AgentHealth[]>;
}

export interface AgentRegistryOptions {
	/** Whether a person agreed to what the workspace's files make us run. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	/** Unix milliseconds. */
	readonly now: () => number;
}

/** How long the health of an agent, once found, is believed. */
const healthMsMax = 60_000;

export const agentsFileOf = (workspace: string) => path.join(workspace, '.aiworkflow', 'agents.yaml');

export const createAgentRegistry = ({isTrusted, now}: AgentRegistryOptions): AgentRegistry => {
	const cache = new Map<string, {readonly atMs: number; readonly health: Promise<AgentHealth>}>();

	const specOf = async (workspace: string, id: string): Promise<AgentSpec> => {
		if (id === replaySpec.id) return replaySpec;
		const specs = await loadSpecs(workspace);
		const spec = specs.find(known => known.id === id);
		if (!spec) throw agentUnknown(id, [replaySpec.id, ...specs.map(known => known.id)]);
		if (!(await isTrusted(workspace))) throw workspaceUntrusted(workspace, '.aiworkflow/agents.yaml');
		return spec;
	};

	const quickHealth = (spec: AgentSpec, environment: Environment): Promise<AgentHealth> => {
		const key = JSON.stringify([spec, environment.PATH]);
		const known = cache.get(key);
		if (known && now() - known.atMs < healthMsMax) return known.health;
		for (const [old, {atMs}] of cache) if (now() - atMs >= healthMsMax) cache.delete(old);
		const health = createAdapter(spec, environment).health('quick');
		cache.set(key, {atMs: now(), health});
		return health;
	};

	return {
		specOf,
		async choose({workspace, agents, environment}) {
			const problems: string[] = [];
			let unknown: unknown;
			for (const id of agents) {
				try {
					const health = await quickHealth(await specOf(workspace, id), environment);
					if (health.isHealthy) return id;
					problems.push(`${id}: ${health.detail}`);
				} catch (error) {
					// A shared workflow may name agents that this workspace does not have.
					if (!(error instanceof AiworkflowError) || error.code !== 'agent.unknown') throw error;
					unknown ??= error;
				}
			}

			if (problems.length === 0 && unknown) throw unknown;
			throw agentUnreachable(agents.join(', '), problems.join(' ') || 'no agent is named.');
		},
		async check(workspace, agents) {
			let unknown: unknown;
			for (const id of agents) {
				try {
					await specOf(workspace, id);
					return;
				} catch (error) {
					if (!(error instanceof AiworkflowError) || error.code !== 'agent.unknown') throw error;
					unknown ??= error;
				}
			}

			if (unknown) throw unknown;
		},
		async environmentNames(workspace, agents) {
			const described = agents.filter(id => id !== replaySpec.id);
			if (described.length === 0 || !(await isTrusted(workspace))) return [];
			const specs = await loadSpecs(workspace);
			return [...new Set(specs.filter(({id}) => described.includes(id)).flatMap(({env}) => env))];
		},
		async healthOf(workspace, environment, depth) {
			const specs = [replaySpec, ...(await loadSpecs(workspace))];
			const isArmed = await isTrusted(workspace);
			return Promise.all(
				specs.map(spec => {
					if (spec.adapter !== 'replay' && !isArmed) return untrusted(spec);
					return depth === 'quick' ? quickHealth(spec, environment) : createAdapter(spec, environment).health('deep');
				}),
			);
		},
	};
};

const untrusted = (spec: AgentSpec): AgentHealth => ({
	id: spec.id,
	adapter: spec.adapter,
	command: [spec.command ?? spec.id, ...spec.args].join(' '),
	isHealthy: false,
	version: null,
	detail: 'The workspace is not trusted: run `aiworkflow trust`.',
});

/** @throws AiworkflowError `agents.invalid` with every problem of the file. */
const loadSpecs = async (workspace: string): Promise<readonly AgentSpec[]> => {
	const file = agentsFileOf(workspace);
	const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
		throw error;
	});
	if (text === undefined) return [];
	const {specs, diagnostics} = parseAgentsFile(file, text);
	if (diagnostics.length > 0) throw agentsFileInvalid(file, diagnostics);
	return specs.map(spec => ({
		...spec,
		command: spec.command?.includes('/') ? path.resolve(workspace, spec.command) : spec.command,
	}));
};
