import path from 'node:path';
import {AiworkflowError, workflowInvalid} from './errors.ts';
import {limits} from './limits.ts';
import type {UsedWorkflow} from './run/events.ts';
import type {WorkflowDefinition} from './workflow/definition.ts';
import {findWorkflow, readWorkflow} from './workflow-files.ts';

/** A workflow that another one uses, read and checked. */
export interface PinnedUse extends UsedWorkflow {
	readonly source: string;
	readonly definition: WorkflowDefinition;
}

interface Place {
	readonly file: string;
	readonly hash: string;
	readonly definition: WorkflowDefinition;
}

/**
 * Reads every workflow that a workflow uses, directly or not: a run pins them all when it is accepted.
 *
 * @throws AiworkflowError `workflow.not-found`, `workflow.invalid`, `uses.cycle`, `uses.too-deep`.
 */
export const readUses = async (workflow: Place, workspace: string): Promise<PinnedUse[]> => {
	const found = new Map<string, PinnedUse>();
	await readUsesOf(workflow, workspace, [workflow.file], found);
	return [...found.values()];
};

const readUsesOf = async (
	{file: from, hash: fromHash, definition}: Place,
	workspace: string,
	above: readonly string[],
	found: Map<string, PinnedUse>,
): Promise<void> => {
	for (const step of definition.steps) {
		if (step.kind !== 'uses') continue;
		const key = `${fromHash} ${step.uses}`;
		const file = await fileOf(step.uses, from, workspace);
		if (above.includes(file)) throw usesCycle([...above.slice(above.indexOf(file)), file], step.id);
		if (above.length > limits.usesDepthMax) throw usesTooDeep([...above, file]);
		if (found.has(key)) continue;
		const {text, hash, definition: used, diagnostics} = await readWorkflow(file);
		if (!used) throw workflowInvalid(file, diagnostics);
		found.set(key, {fromHash, uses: step.uses, name: used.name, hash, file, source: text, definition: used});
		await readUsesOf({file, hash, definition: used}, workspace, [...above, file], found);
	}
};

/** A path begins with `.` or `/`, or ends with `.md`, and counts from the folder of the file that says it. */
const fileOf = (uses: string, from: string, workspace: string): Promise<string> =>
	findWorkflow(uses, /^[./]|\.md$/i.test(uses) ? path.dirname(from) : workspace);

const usesCycle = (files: readonly string[], stepId: string) =>
	new AiworkflowError({
		code: 'uses.cycle',
		message: `These workflows use each other without end: ${files.map(file => path.basename(file)).join(' → ')}.`,
		suggestion: `Take out the step "${stepId}" of ${files.at(-2) ?? files[0]}, or let it use another workflow.`,
	});

const usesTooDeep = (files: readonly string[]) =>
	new AiworkflowError({
		code: 'uses.too-deep',
		message: `More than ${limits.usesDepthMax} workflows are below one another: ${files.map(file => path.basename(file)).join(' → ')}.`,
		suggestion: 'Put the steps of one of them into the workflow that uses it.',
	});
