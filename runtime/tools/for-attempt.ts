import type {ToolsForAttempt} from '../attempts/agent.ts';
import type {BridgedTool} from '../attempts/tool-bridge.ts';
import type {AttemptContext, ToolRegistry} from '../engine/parts.ts';

type Environment = Readonly<Record<string, string>>;

interface AttemptToolsParts {
	readonly tools: Pick<ToolRegistry, 'find' | 'choose' | 'needsOf'>;
	/** What every process of a run may have, and what is named besides. */
	readonly environmentOf: (given: Environment, alsoNames: readonly string[]) => Environment;
}

/** What the bridge of an agent's attempt has to know of the tools it is given. Opens none of them. */
export const createToolsForAttempts =
	({tools, environmentOf}: AttemptToolsParts) =>
	/** @throws AiworkflowError `tool.unknown`, `tool.invalid`, `tool.unsuitable`, `tool.unreachable`, `workspace.untrusted`. */
	async (context: AttemptContext): Promise<ToolsForAttempt> => {
		const {workspace, bundleFolder, cwd, environment, definition, agent, given} = context;
		const scope = {workspace, bundleFolder};
		const bridged: BridgedTool[] = [];
		const needed: string[] = [];
		for (const {tool, operations} of given?.tools ?? []) {
			const found = await tools.find(scope, tool);
			const needs = await tools.needsOf(scope, [tool]);
			needed.push(...needs.environment);
			bridged.push({
				tool,
				...(operations && {operations}),
				definition: {...found, implementations: tools.choose(found, agent)},
				environment: {
					...environmentOf(environment, [...definition.passEnv, ...needs.environment]),
					...Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('AIWORKFLOW_'))),
				},
				secrets: Object.fromEntries(Object.entries(given!.secrets).filter(([name]) => needs.secrets.includes(name))),
			});
		}

		const common = environmentOf(environment, definition.passEnv);
		const withheld = needed.filter(name => common[name] === undefined);
		return {bridge: {version: 1, tools: bridged, workspace, cwd}, withheld};
	};
