import type {GivenTool} from '../../source/workflow/given-tools.ts';
import type {ToolsForAttempt} from '../attempts/agent.ts';
import type {BridgedTool} from '../attempts/tool-bridge.ts';
import type {AttemptContext, ToolRegistry} from '../engine/parts.ts';

type Environment = Readonly<Record<string, string>>;
type Tools = Pick<ToolRegistry, 'find' | 'choose' | 'needsOf'>;

/** What there is for a tool that names what it needs. */
interface Surroundings {
	/** Of its processes. */
	readonly environmentOf: (needed: readonly string[]) => Environment;
	readonly secretsOf: (needed: readonly string[]) => Environment;
	readonly agent?: string;
}

/**
 * What the bridge has to know of one tool. Opens nothing.
 *
 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `tool.unsuitable`, `tool.unreachable`, `workspace.untrusted`.
 */
export const bridgedToolOf = async (
	tools: Tools,
	scope: Parameters<Tools['find']>[0],
	given: GivenTool,
	{environmentOf, secretsOf, agent}: Surroundings,
): Promise<BridgedTool> => {
	const definition = await tools.find(scope, given.tool);
	const needs = await tools.needsOf(scope, [given.tool]);
	return {
		...given,
		definition: {...definition, implementations: tools.choose(definition, agent)},
		environment: environmentOf(needs.environment),
		secrets: secretsOf(needs.secrets),
	};
};

interface AttemptToolsParts {
	readonly tools: Tools;
	/** What every process of a run may have, and what is named besides. */
	readonly environmentOf: (given: Environment, alsoNames: readonly string[]) => Environment;
}

/** What the bridge of an agent's attempt has to know of the tools it is given. */
export const createToolsForAttempts =
	({tools, environmentOf}: AttemptToolsParts) =>
	/** @throws AiworkflowError As {@link bridgedToolOf}. */
	async (context: AttemptContext): Promise<ToolsForAttempt> => {
		const {workspace, bundleFolder, cwd, environment, definition, agent, given} = context;
		const common = environmentOf(environment, definition.passEnv);
		// What runs inside an attempt is known by these, whoever started it.
		const marks = pick(environment, name => name.startsWith('AIWORKFLOW_'));
		const needed = new Set<string>();
		const bridged = (given?.tools ?? []).map(tool =>
			bridgedToolOf(tools, {workspace, bundleFolder}, tool, {
				agent,
				environmentOf(names) {
					for (const name of names) needed.add(name);
					return {...environmentOf(environment, [...definition.passEnv, ...names]), ...marks};
				},
				secretsOf: names => pick(given!.secrets, name => names.includes(name)),
			}),
		);
		return {
			bridge: {version: 1, tools: await Promise.all(bridged), workspace, cwd},
			withheld: [...needed].filter(name => common[name] === undefined),
		};
	};

const pick = (values: Environment, isWanted: (name: string) => boolean): Environment =>
	Object.fromEntries(Object.entries(values).filter(([name]) => isWanted(name)));
