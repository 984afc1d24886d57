import {stat} from 'node:fs/promises';
import path from 'node:path';
import {AiworkflowError, bundleAmbiguous, workflowNotFound} from '../errors.ts';
import {findRehearsals} from '../rehearsal/find.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {findWorkflow, readWorkflow, type WorkflowFile} from '../workflow-files.ts';
import {type BundleConfig, configName, isBundleConfigText, parseBundleConfig} from './config.ts';
import {detectWorkflow} from './detect.ts';
import {readConfigText} from './with-bundle.ts';

/** A folder of a workflow and what belongs to it. */
export interface Bundle {
	/** Absolute. */
	readonly folder: string;
	/** As the configuration says, else as the workflow is called, else as the folder is. */
	readonly name: string;
	/** Absent where there is none, where it has no `name:`, or has mistakes. */
	readonly config?: BundleConfig;
	readonly workflow: Pick<WorkflowFile, 'file' | 'definition' | 'diagnostics'>;
	/** How many cases test it. */
	readonly tests: number;
}

/**
 * Finds a bundle by its folder, its workflow file, or its name in the workspace.
 *
 * @returns Its folder. @throws AiworkflowError `workflow.not-found`, `bundle.ambiguous`.
 */
export const findBundle = async (reference: string, cwd: string): Promise<string> => {
	const asked = path.resolve(cwd, reference);
	if ((await stat(asked).catch(() => undefined))?.isDirectory()) {
		await workflowFileOf(asked);
		return asked;
	}

	const file = await findWorkflow(reference, cwd);
	const folder = path.dirname(file);
	const found = await detectWorkflow(folder);
	if (found.kind === 'found' && found.file === file) return folder;
	throw workflowNotFound(
		reference,
		`${file} is a workflow by itself and no bundle: its folder holds other workflows too.`,
	);
};

const workflowFileOf = async (folder: string): Promise<string> => {
	const found = await detectWorkflow(folder);
	if (found.kind === 'found') return found.file;
	if (found.kind === 'ambiguous') throw bundleAmbiguous(folder, found.names);
	throw workflowNotFound(
		folder,
		'the folder holds no workflow.md, no main.md and no single Markdown file with `name:`.',
	);
};

/** @throws AiworkflowError `workflow.not-found`, `bundle.ambiguous`. */
export const readBundle = async (folder: string): Promise<Bundle> => {
	const file = await workflowFileOf(folder);
	const workflow = await checkedWorkflow(file);
	const text = await readConfigText(folder);
	const inputs = workflow.definition?.inputs;
	const config =
		text !== undefined && isBundleConfigText(text)
			? parseBundleConfig(text, path.join(folder, configName), inputs).config
			: undefined;
	const rehearsals = await findRehearsals(file, folder);
	return {
		folder,
		name: config?.name || workflow.definition?.name || path.basename(folder),
		config,
		workflow,
		tests: rehearsals.reduce((count, {cases, broken}) => count + cases.length + broken.length, 0),
	};
};

/** Bytes that are no text are a problem of the file like any other. */
const checkedWorkflow = async (file: string): Promise<Bundle['workflow']> => {
	try {
		return await readWorkflow(file);
	} catch (error) {
		if (!(error instanceof AiworkflowError && error.diagnostics)) throw error;
		return {file, diagnostics: error.diagnostics as Diagnostic[]};
	}
};
