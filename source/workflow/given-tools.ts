import type {AgentStep, WorkflowDefinition} from './definition.ts';

/** A tool of the workspace or of the bundle that an agent is given. */
export interface GivenTool {
	readonly tool: string;
	/** Only these operations; missing: all it has. */
	readonly operations?: readonly string[];
}

/** @returns What the agent of a step is given: the step's own list takes the place of the workflow's, an empty one too. */
export const givenToolsOf = (
	{tools = []}: Pick<WorkflowDefinition, 'tools'>,
	step: Pick<AgentStep, 'tools'>,
): readonly GivenTool[] => step.tools ?? tools;

/** Lower case letters, digits and `-`, as the files of tools name them. */
const toolPattern = /^[a-z][a-z0-9-]*$/;
const operationPattern = /^[^\s:]+$/;
const nameLengthMax = 100;

/** @param text `github`, or `github.list-issues`. @returns `undefined` where it is no such name. */
export const parseGivenTool = (text: string): {readonly tool: string; readonly operation?: string} | undefined => {
	const [tool, ...rest] = text.trim().split('.');
	if (!tool || !toolPattern.test(tool) || tool.length > nameLengthMax) return undefined;
	if (rest.length === 0) return {tool};
	const operation = rest.join('.');
	return operationPattern.test(operation) && operation.length <= nameLengthMax ? {tool, operation} : undefined;
};

/** @returns One entry for each tool, in the order of the list; a tool that is named as a whole has all its operations. */
export const mergedTools = (
	names: ReadonlyArray<{readonly tool: string; readonly operation?: string}>,
): readonly GivenTool[] => {
	const merged = new Map<string, readonly string[] | undefined>();
	for (const {tool, operation} of names) {
		const before = merged.get(tool);
		if (operation === undefined || (merged.has(tool) && before === undefined)) merged.set(tool, undefined);
		else merged.set(tool, [...new Set([...(before ?? []), operation])]);
	}

	return [...merged].map(([tool, operations]) => (operations ? {tool, operations} : {tool}));
};

/** @returns `github, files.read`, as the file names them. */
export const givenToolsText = (tools: readonly GivenTool[]): string =>
	tools.flatMap(({tool, operations}) => operations?.map(operation => `${tool}.${operation}`) ?? [tool]).join(', ');
