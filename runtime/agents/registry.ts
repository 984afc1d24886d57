import {readFile} from 'node:fs/promises';
import path from 'node:path';
import type {AgentCheck, AgentReport, RouteView} from '../../source/api/messages.ts';
import {AiworkflowError, agentUnknown, workspaceUntrusted} from '../../source/errors.ts';
import {autoAgent} from '../../source/workflow/definition.ts';
import type {AgentChooser, ChoiceRequest} from '../engine/parts.ts';
import {createExaminer} from './health/examine.ts';
import {profileOf, profileViewOf} from './profiles.ts';
import {agentsFileInvalid, parseAgentsFile, type WorkspaceRouting} from './registry/agents-file.ts';
import {builtInSpecs, expandAuto, withCatalogue} from './registry/built-in.ts';
import {type ChoosingParts, createChooser} from './registry/choose.ts';
import {type AgentSpec, replaySpec} from './spec.ts';

type Environment = Readonly<Record<string, string>>;

/** The agents of each workspace: the built-in ones and those of its `.aiworkflow/agents.yaml`. */
export interface AgentRegistry extends AgentChooser {
	/** Reads what the workspace describes, for `knownSpec`. @throws AiworkflowError `agents.invalid`. */
	load(workspace: string): Promise<void>;
	/** As it was last read; `undefined`: not read yet, or there is none. */
	knownSpec(workspace: string, id: string): AgentSpec | undefined;
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
	/**
	 * Of every agent of a workspace, or of some. Commands of an untrusted workspace are not started.
	 *
	 * @throws AiworkflowError `agent.unknown`, `agents.invalid`.
	 */
	healthOf(
		workspace: string,
		environment: Environment,
		depth: 'quick' | 'deep',
		only?: readonly string[],
	): Promise<readonly AgentReport[]>;
	/** A quick look of now. @throws AiworkflowError `agent.unknown`, `agents.invalid`, `workspace.untrusted`. */
	examine(workspace: string, id: string, environment: Environment): Promise<AgentCheck>;
	/** Whether they are there or not; the replay left out. @throws AiworkflowError `agents.invalid`. */
	allNames(workspace: string): Promise<{readonly described: readonly string[]; readonly builtIn: readonly string[]}>;
	/** How `choose` would decide now. Throws what `choose` throws. */
	explain(request: ChoiceRequest): Promise<RouteView>;
}

export interface AgentRegistryOptions {
	/** Whether a person agreed to what the workspace's files make us run. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	/** Unix milliseconds. */
	readonly now: () => number;
	/** Of one attempt, micro-dollars; null: unknown. Default: always. */
	readonly estimate?: ChoosingParts['estimate'];
}

export const agentsFileOf = (workspace: string) => path.join(workspace, '.aiworkflow', 'agents.yaml');

export const createAgentRegistry = ({isTrusted, now, estimate = () => null}: AgentRegistryOptions): AgentRegistry => {
	const examiner = createExaminer(now);
	const known = new Map<string, readonly AgentSpec[]>();
	const routings = new Map<string, WorkspaceRouting | undefined>();
	const loadSpecs = async (workspace: string) => {
		const {specs, routing} = await readSpecs(workspace);
		known.set(workspace, specs);
		routings.set(workspace, routing);
		return specs;
	};

	/** Agents of the workspace's own file come before built-in ones of the same name. */
	const specsOf = async (workspace: string, trusted: boolean) => {
		const described = await loadSpecs(workspace);
		const builtIn = builtInSpecs(workspace, trusted).filter(({id}) => !described.some(spec => spec.id === id));
		return {described, builtIn};
	};

	/** Of a workspace that nobody trusts, nothing counts: also not who of the built-in agents it wants asked. */
	const routingOf = async (workspace: string) => {
		if (!(await isTrusted(workspace))) return undefined;
		if (!known.has(workspace)) await loadSpecs(workspace);
		return routings.get(workspace);
	};

	const specOf = async (workspace: string, id: string): Promise<AgentSpec> => {
		if (id === replaySpec.id) return replaySpec;
		const trusted = await isTrusted(workspace);
		const {described, builtIn} = await specsOf(workspace, trusted);
		const own = described.find(spec => spec.id === id);
		if (own && !trusted) throw workspaceUntrusted(workspace, '.aiworkflow/agents.yaml');
		const spec = own ?? builtIn.find(known => known.id === id);
		if (!spec)
			throw agentUnknown(
				id,
				[replaySpec, ...described, ...builtIn].map(known => known.id),
			);
		return spec;
	};

	const {choose, explain} = createChooser({specOf, healthOf: examiner.believed, estimate, routingOf});

	return {
		specOf,
		load: async workspace => void (await loadSpecs(workspace)),
		knownSpec: (workspace, id) =>
			[replaySpec, ...(known.get(workspace) ?? []), ...builtInSpecs(workspace, false)].find(spec => spec.id === id),
		choose,
		explain,
		examine: async (workspace, id, environment) => examiner.now(await specOf(workspace, id), environment, 'quick'),
		async allNames(workspace) {
			const {described, builtIn} = await specsOf(workspace, false);
			return {described: described.map(({id}) => id), builtIn: builtIn.map(({id}) => id)};
		},
		async namesOf(workspace, agents, environment) {
			if (!agents.includes(autoAgent)) return agents;
			const {described, builtIn} = await specsOf(workspace, await isTrusted(workspace));
			const specs = [...described, ...builtIn];
			const named = await Promise.all(
				expandAuto(agents).map(async id => {
					const spec = specs.find(each => each.id === id);
					// What `auto` stands for and is not there is nobody's failure.
					const isThere = agents.includes(id) || (spec && (await examiner.believed(spec, environment)).isHealthy);
					return isThere ? [id] : [];
				}),
			);
			const found = named.flat();
			return found.length > 0 ? found : expandAuto(agents);
		},
		async check(workspace, agents) {
			let unknown: unknown;
			for (const id of expandAuto(agents)) {
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
			const wanted = expandAuto(agents).filter(id => id !== replaySpec.id);
			if (wanted.length === 0) return [];
			const trusted = await isTrusted(workspace);
			const {described, builtIn} = await specsOf(workspace, trusted);
			const specs = [...(trusted ? described : []), ...builtIn].filter(({id}) => wanted.includes(id));
			return [...new Set(specs.flatMap(({env}) => env))];
		},
		async healthOf(workspace, environment, depth, only) {
			const trusted = await isTrusted(workspace);
			const {described, builtIn} = await specsOf(workspace, trusted);
			const all = [replaySpec, ...described, ...builtIn];
			const specs = only === undefined ? all : only.map(id => namedOf(all, id));
			const lookAt = (spec: AgentSpec): Promise<AgentCheck> | AgentCheck => {
				if (!trusted && described.includes(spec)) return untrusted(spec);
				return depth === 'quick' ? examiner.believed(spec, environment) : examiner.now(spec, environment, 'deep');
			};
			return Promise.all(
				specs.map(async spec => ({
					...(await lookAt(spec)),
					profile: profileViewOf({...profileOf(spec.adapter, spec.profile), ...(spec.model && {model: spec.model})}),
				})),
			);
		},
	};
};

const namedOf = (specs: readonly AgentSpec[], id: string): AgentSpec => {
	const spec = specs.find(each => each.id === id);
	if (spec) return spec;
	const names = specs.map(each => each.id);
	throw agentUnknown(id, names);
};

const untrusted = (spec: AgentSpec): AgentCheck => ({
	id: spec.id,
	adapter: spec.adapter,
	command: [spec.command ?? spec.id, ...spec.args].join(' '),
	isHealthy: false,
	version: null,
	detail: 'The workspace is not trusted: run `aiworkflow trust`.',
	login: 'unknown',
	latencyMs: null,
	checkedAt: null,
});

/** @throws AiworkflowError `agents.invalid` with every problem of the file. */
const readSpecs = async (
	workspace: string,
): Promise<{readonly specs: readonly AgentSpec[]; readonly routing?: WorkspaceRouting}> => {
	const file = agentsFileOf(workspace);
	const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
		throw error;
	});
	if (text === undefined) return {specs: []};
	const {specs, routing, diagnostics} = parseAgentsFile(file, text);
	if (diagnostics.length > 0) throw agentsFileInvalid(file, diagnostics);
	const resolved = specs.map(spec => ({
		...withCatalogue(spec, workspace),
		command: spec.command?.includes('/') ? path.resolve(workspace, spec.command) : spec.command,
	}));
	return {specs: resolved, routing};
};
