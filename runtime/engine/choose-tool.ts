import {AiworkflowError} from '../../source/errors.ts';
import type {ToolDefinition} from '../../source/tools/definition.ts';
import type {EngineParts} from './engine-parts.ts';
import type {AttemptOutcome, Breakers, ChosenTool, ToolTry} from './parts.ts';

interface ToolPlace {
	readonly workspace: string;
	/** Missing: only tools of the workspace. */
	readonly bundleFolder?: string;
}

/**
 * The first implementation that is for the agent, or for steps without one, and whose breaker allows; those that did not
 * work a short while ago come after the others.
 *
 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`, `tool.circuit-open`.
 */
export const chooseTool = async (
	{tools, breakers}: Pick<EngineParts, 'tools' | 'breakers'>,
	{workspace, bundleFolder}: ToolPlace,
	tool: string,
	agent?: string,
): Promise<ChosenTool> => {
	const spec = await tools?.specOf(workspace, bundleFolder, tool);
	if (!tools || !spec) throw toolUnknown(tool);
	const ids = implementationIdsOf(spec.definition, agent);
	if (ids.length === 0) throw toolUnsuitable(tool, agent);
	const allowed = ids.filter(id => breakers.allows('tool', breakerNameOf(tool, id)));
	const isDoubted = (id: string) => tools.isDoubted(breakerNameOf(tool, id));
	const [chosen, ...others] = [...allowed.filter(id => !isDoubted(id)), ...allowed.filter(isDoubted)];
	if (chosen === undefined) throw circuitOpen(tool, ids, breakers);
	const name = breakerNameOf(tool, chosen);
	breakers.begin('tool', name);
	return {spec, implementation: chosen, others, name};
};

/** What the end of an attempt says of the tool that it was given. */
export const recordToolOutcome = (
	breakers: Pick<Breakers, 'record' | 'letGo'>,
	chosen: string,
	outcome: AttemptOutcome,
): void => {
	const tool = chosen.slice(0, chosen.indexOf('/'));
	if ('tries' in outcome && outcome.tries) recordTries(breakers, {tool, chosen}, outcome.tries);
	else if (outcome.status === 'completed') breakers.record('tool', chosen, undefined);
	else if (outcome.status === 'failed') breakers.record('tool', chosen, outcome.failure);
	else breakers.letGo('tool', chosen);
};

/** What its implementations have to answer for, each for itself. */
export const recordTries = (
	breakers: Pick<Breakers, 'record' | 'letGo'>,
	{tool, chosen}: {readonly tool: string; readonly chosen: string},
	tries: readonly ToolTry[],
): void => {
	for (const {implementation, failure} of tries) breakers.record('tool', breakerNameOf(tool, implementation), failure);
	if (!tries.some(({implementation}) => breakerNameOf(tool, implementation) === chosen)) breakers.letGo('tool', chosen);
};

/** Whose breaker it is, and whose health. */
export const breakerNameOf = (tool: string, implementation: string): string => `${tool}/${implementation}`;

const implementationIdsOf = ({implementations}: ToolDefinition, agent: string | undefined): readonly string[] =>
	implementations
		.filter(({agents}) => agents === undefined || (agent !== undefined && agents.includes(agent)))
		.map(({id}) => id);

export const toolUnknown = (tool: string) =>
	new AiworkflowError({
		code: 'tool.unknown',
		message: `There is no tool "${tool}".`,
		suggestion: 'Tools are files: `.aiworkflow/tools/<name>.yaml`, or `tools/<name>.yaml` beside the workflow.',
	});

const toolUnsuitable = (tool: string, agent: string | undefined) =>
	new AiworkflowError({
		code: 'tool.unsuitable',
		message: agent
			? `Tool "${tool}" has no implementation for ${agent}.`
			: `Tool "${tool}" has implementations for particular agents only, and here is no agent.`,
		suggestion: 'Look at `for:` in its file.',
	});

const circuitOpen = (tool: string, ids: readonly string[], breakers: EngineParts['breakers']) => {
	const names = ids.map(id => breakerNameOf(tool, id));
	const moments = names.flatMap(name => breakers.untilMs('tool', name) ?? []);
	const reason = breakers.reasonOf('tool', names[0]!);
	return new AiworkflowError({
		code: 'tool.circuit-open',
		message: `Tool "${tool}" failed too often in a row${reason ? ` (${reason})` : ''} and is given a rest${
			moments.length > 0 ? ` until ${new Date(Math.min(...moments)).toISOString()}` : ''
		}.`,
		suggestion: 'Look at it with `aiworkflow tools info`; `retry: 3` waits until it is tried again.',
		retryable: true,
		...(moments.length > 0 && {resetAtMs: Math.min(...moments)}),
	});
};
