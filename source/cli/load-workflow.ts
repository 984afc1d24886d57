import {AiworkflowError, workflowInvalid} from '../errors.ts';
import type {WorkflowDefinition} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {findWorkflow, readWorkflow} from '../workflow-files.ts';

export interface CheckedWorkflow {
	/** Absolute. */
	readonly file: string;
	/** Absent where the file has errors. */
	readonly definition?: WorkflowDefinition;
	/** Errors and warnings. */
	readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds a workflow by file, folder or name and checks it, without the daemon.
 *
 * @throws AiworkflowError `workflow.not-found`
 */
export const checkWorkflow = async (reference: string, cwd: string = process.cwd()): Promise<CheckedWorkflow> => {
	const file = await findWorkflow(reference, cwd);
	try {
		return await readWorkflow(file);
	} catch (error) {
		// Bytes that are no text are a problem of the file like any other.
		if (error instanceof AiworkflowError && error.diagnostics) return {file, diagnostics: error.diagnostics};
		throw error;
	}
};

/** @throws AiworkflowError `workflow.not-found`, `workflow.invalid` with every problem. */
export const loadWorkflow = async (reference: string): Promise<CheckedWorkflow & {definition: WorkflowDefinition}> => {
	const {file, definition, diagnostics} = await checkWorkflow(reference);
	if (!definition) throw workflowInvalid(file, diagnostics);
	return {file, definition, diagnostics};
};
