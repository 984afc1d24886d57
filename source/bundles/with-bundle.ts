import {createHash} from 'node:crypto';
import {open} from 'node:fs/promises';
import path from 'node:path';
import {limits} from '../limits.ts';
import {hasErrors} from '../workflow/diagnostics.ts';
import type {WorkflowFile} from '../workflow-files.ts';
import {withConfig} from './apply.ts';
import {configName, isBundleConfigText, parseBundleConfig} from './config.ts';
import {detectWorkflow} from './detect.ts';

/** Takes over what `config.yaml` beside the workflow of a bundle says. A file that is not its workflow stays as it is. */
export const withBundle = async (workflow: WorkflowFile): Promise<WorkflowFile> => {
	const text = await configTextOf(workflow.file);
	if (text === undefined) return workflow;
	const {definition} = workflow;
	const file = path.join(path.dirname(workflow.file), configName);
	const reading = parseBundleConfig(text, file, definition?.inputs);
	const diagnostics = [...workflow.diagnostics, ...reading.diagnostics];
	return {
		...workflow,
		// A run pins its workflow by this: another configuration is another workflow.
		hash: createHash('sha256').update(`${workflow.hash}\n`).update(text).digest('hex'),
		definition:
			definition && reading.config && !hasErrors(diagnostics) ? withConfig(definition, reading.config) : undefined,
		diagnostics,
	};
};

/** @returns The text of the configuration that holds for a workflow file; `undefined`: there is none. */
const configTextOf = async (workflowFile: string): Promise<string | undefined> => {
	const folder = path.dirname(workflowFile);
	const text = await readConfigText(folder);
	if (text === undefined || !isBundleConfigText(text)) return undefined;
	if (path.basename(workflowFile) === 'workflow.md') return text;
	const found = await detectWorkflow(folder).catch(() => undefined);
	return found?.kind === 'found' && found.file === workflowFile ? text : undefined;
};

/** One byte over the limit is read of a larger file, enough to refuse it. */
export const readConfigText = async (folder: string): Promise<string | undefined> => {
	const handle = await open(path.join(folder, configName)).catch(() => undefined);
	if (!handle) return undefined;
	try {
		if (!(await handle.stat()).isFile()) return undefined;
		const bytes = Buffer.alloc(limits.bundleConfigBytesMax + 1);
		const {bytesRead} = await handle.read(bytes, 0, bytes.length, 0);
		return bytes.toString('utf8', 0, bytesRead);
	} finally {
		await handle.close();
	}
};
