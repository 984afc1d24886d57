import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {parseTool} from '../tools/parse.ts';
import type {StepDefinition, WorkflowDefinition} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {didYouMean} from '../workflow/text/nearest.ts';

/**
 * Tools that a workflow names and that are neither beside it nor in the workspace. Warnings: where it is run there may be
 * others, and a run that lacks one does not start.
 */
export const unknownTools = async (
	definition: WorkflowDefinition,
	file: string,
	workspace: string,
): Promise<readonly Diagnostic[]> => {
	const named = namesIn(definition);
	if (named.length === 0) return [];
	const folders = [path.join(path.dirname(file), 'tools'), path.join(workspace, '.aiworkflow', 'tools')];
	const known = [...new Set((await Promise.all(folders.map(namesOfFolder))).flat())];
	return named
		.filter(({tool}) => !known.includes(tool))
		.map(({tool, line}) => ({
			code: 'tool.unknown',
			severity: 'warning',
			message: `There is no tool "${tool}" here.`,
			...{file, line, column: 1},
			suggestion: didYouMean(tool, known, 'Describe it in `.aiworkflow/tools/`; docs/tools.md says how.'),
		}));
};

const namesIn = ({tools = [], steps}: WorkflowDefinition) => [
	...tools.map(({tool}) => ({tool, line: 1})),
	...steps.flatMap(step => toolsOf(step).map(tool => ({tool, line: step.line}))),
];

const toolsOf = (step: StepDefinition): readonly string[] => [
	...(step.kind === 'agent' ? (step.tools ?? []).map(({tool}) => tool) : []),
	...(step.kind === 'tool' ? [step.tool] : []),
	...(step.undoTool ? [step.undoTool.tool] : []),
];

const namesOfFolder = async (folder: string): Promise<readonly string[]> => {
	const names = await readdir(folder).catch(() => []);
	const files = names.filter(name => /\.ya?ml$/.test(name)).map(name => path.join(folder, name));
	return Promise.all(files.map(async file => parseTool(await readFile(file, 'utf8'), file).name));
};
