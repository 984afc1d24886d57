import {AiworkflowError} from '../../source/errors.ts';
import type {ToolDefinition} from '../../source/tools/definition.ts';
import type {EngineParts} from './engine-parts.ts';
import type {ChosenTool} from './parts.ts';

interface ToolPlace {
	readonly workspace: string;
	readonly bundleFolder: string;
}

/**
 * The first implementation that is for steps without an agent and whose breaker allows.
 *
 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `workspace.untrusted`, `tool.circuit-open`.
 */
export const chooseTool = async (
	{tools, breakers}: Pick<EngineParts, 'tools' | 'breakers'>,
	{workspace, bundleFolder}: ToolPlace,
	tool: string,
): Promise<ChosenTool> => {
	const spec = await tools?.specOf(workspace, bundleFolder, tool);
	if (!spec) throw toolUnknown(tool);
	const ids = implementationIdsOf(spec.definition);
	if (ids.length === 0) throw toolForAgentsOnly(tool);
	const chosen = ids.find(id => breakers.allows('tool', breakerNameOf(tool, id)));
	if (chosen === undefined) throw circuitOpen(tool, ids, breakers);
	const name = breakerNameOf(tool, chosen);
	breakers.begin('tool', name);
	return {spec, implementation: chosen, name};
};

/** Whose breaker it is, and whose health. */
export const breakerNameOf = (tool: string, implementation: string): string => `${tool}/${implementation}`;

const implementationIdsOf = ({implementations}: ToolDefinition): readonly string[] =>
	implementations.filter(({agents}) => agents === undefined).map(({id}) => id);

export const toolUnknown = (tool: string) =>
	new AiworkflowError({
		code: 'tool.unknown',
		message: `There is no tool "${tool}".`,
		suggestion: 'Tools are files: `.aiworkflow/tools/<name>.yaml`, or `tools/<name>.yaml` beside the workflow.',
	});

const toolForAgentsOnly = (tool: string) =>
	new AiworkflowError({
		code: 'tool.unknown',
		message: `Tool "${tool}" has implementations for particular agents only, and a \`tool:\` step has no agent.`,
		suggestion: 'Add an implementation without `agents:` to its file.',
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
