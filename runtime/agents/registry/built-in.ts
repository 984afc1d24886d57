import path from 'node:path';
import {autoAgent} from '../../../source/workflow/definition.ts';
import {variablesOf} from '../api/providers.ts';
import {builtInIds, catalogue, isBuiltInId} from '../catalogue.ts';
import {type AgentSpec, idleMsDefault} from '../spec.ts';

/** @returns The agents with `auto` replaced by those it stands for, in the order of the catalogue; each once, where it comes first. */
export const expandAuto = (agents: readonly string[]): string[] => [
	...new Set(agents.flatMap(id => (id === autoAgent ? builtInIds : [id]))),
];

/**
 * The agents that need no description. Those of agents.yaml with the same id take their place.
 *
 * @param isTrusted Whether a person agreed to what the workspace's files make us run: only then programs of its
 * `node_modules` count, and its settings for an agent that asks about them.
 */
export const builtInSpecs = (workspace: string, isTrusted: boolean): AgentSpec[] =>
	builtInIds.map(
		(id): AgentSpec => ({
			id,
			adapter: id,
			args: [],
			env: catalogue[id].env,
			set: isTrusted && id === 'gemini' ? {GEMINI_CLI_TRUST_WORKSPACE: 'true'} : {},
			searchFolders: isTrusted ? [path.join(workspace, 'node_modules', '.bin')] : [],
			idleMs: idleMsDefault,
		}),
	);

/** @returns A described agent with what its adapter knows of it: the variables it is handed, where to look for it. */
export const withCatalogue = (spec: AgentSpec, workspace: string): AgentSpec => {
	const searchFolders = [path.join(workspace, 'node_modules', '.bin')];
	if (spec.adapter === 'api') {
		return {...spec, env: [...new Set([...variablesOf(spec.provider), ...spec.env])], searchFolders: [workspace]};
	}

	if (!isBuiltInId(spec.adapter)) return spec;
	return {
		...spec,
		env: [...new Set([...catalogue[spec.adapter].env, ...spec.env])],
		set: spec.adapter === 'gemini' ? {GEMINI_CLI_TRUST_WORKSPACE: 'true', ...spec.set} : spec.set,
		searchFolders,
	};
};
