import type {EngineParts} from './engine-parts.ts';
import {type ChosenTool, toolBreakerNameOf} from './parts.ts';

interface ToolPlace {
	readonly workspace: string;
	/** Missing: only tools of the workspace. */
	readonly bundleFolder?: string;
}

/**
 * The implementations that are for steps without an agent and whose breakers allow, the preferred one first. What is not
 * called after all is to be given back.
 *
 * @throws AiworkflowError `tool.unknown`, `tool.invalid`, `tool.unsuitable`, `tool.circuit-open`, `workspace.untrusted`.
 */
export const chooseTool = async (
	{tools}: Pick<EngineParts, 'tools'>,
	place: ToolPlace,
	tool: string,
): Promise<ChosenTool> => {
	const definition = await tools.find(place, tool);
	const implementations = tools.choose(definition);
	const {secrets} = await tools.needsOf(place, [tool]);
	tools.begin(definition, implementations);
	return {definition, implementations, secretNames: secrets, name: toolBreakerNameOf(tool, implementations[0]!.id)};
};
