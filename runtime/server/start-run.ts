import {stat} from 'node:fs/promises';
import path from 'node:path';
import type {z} from 'zod';
import type {createRunRequest, createRunResponse} from '../../source/api/contract.ts';
import {AiworkflowError, inputsInvalid, workflowInvalid} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {formatSize} from '../../source/units.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {resolveInputs} from '../../source/workflow/inputs.ts';
import {planLinesOf} from '../../source/workflow/plan.ts';
import {readWorkflow, type WorkflowFile} from '../../source/workflow-files.ts';
import {readUses} from '../../source/workflow-uses.ts';
import type {NewRun} from '../engine/engine.ts';
import {checkRequirements} from './bundle-requirements.ts';
import type {DaemonParts} from './daemon-parts.ts';
import {environmentFor, withAgents} from './run-environment.ts';

/** What a trigger knows of its run beforehand. */
export interface StartOptions extends Pick<NewRun, 'id' | 'trigger' | 'alongside'> {
	/** The file, where it was read already. */
	readonly source?: WorkflowFile;
}

/** Reads, checks and accepts a workflow. Nothing is run unless the file, the inputs and the secrets are all in order. */
export const startRun = async (
	parts: Pick<DaemonParts, 'agents' | 'tools' | 'engine' | 'notificationSecrets'>,
	request: z.output<typeof createRunRequest>,
	{source, ...more}: StartOptions = {},
): Promise<z.output<typeof createRunResponse>> => {
	const {workspace, approveAll, taint, record, origin} = request;
	await checkWorkspace(workspace);
	const {text, hash, file, definition, diagnostics} = source ?? (await readWorkflow(request.file));
	if (!definition) throw workflowInvalid(file, diagnostics);
	const inputs = checkedInputs(definition, request.inputs);
	const uses = await readUses({file, hash, definition}, workspace);
	const all = [{file, definition}, ...uses];
	const asked = request.agents;
	await checkRequirements(parts, {workflows: all, workspace, environment: request.environment, asked});
	const environment = await environmentFor(parts, request.environment, {workspace, workflows: all, asked});
	const run = await parts.engine.createRun({
		definition,
		source: text,
		hash,
		file,
		workspace,
		inputs,
		agents: asked,
		approveAll,
		taint,
		record,
		...environment,
		uses: uses.length > 0 ? uses : undefined,
		origin,
		...more,
	});
	return {
		runId: run.id,
		number: run.number,
		workflow: definition.name,
		cursor: run.cursor,
		plan: planLinesOf(withAgents(definition, asked)),
		warnings: [...diagnostics],
	};
};

/** @throws AiworkflowError `inputs.invalid`, `inputs.too-large`. */
export const checkedInputs = (
	definition: WorkflowDefinition,
	given: Readonly<Record<string, unknown>>,
): Record<string, unknown> => {
	const {inputs, diagnostics} = resolveInputs(definition, given);
	if (diagnostics.length > 0) throw inputsInvalid(diagnostics);
	const sizeBytes = Buffer.byteLength(JSON.stringify(inputs));
	if (sizeBytes <= limits.inputsBytesMax) return inputs;
	throw new AiworkflowError({
		code: 'inputs.too-large',
		message: `The inputs together have ${formatSize(sizeBytes)}; the limit is ${formatSize(limits.inputsBytesMax)}.`,
		suggestion: 'Write large values to a file and give its path.',
	});
};

const checkWorkspace = async (workspace: string) => {
	const found = await stat(workspace).catch(() => undefined);
	if (path.isAbsolute(workspace) && found?.isDirectory()) return;
	throw new AiworkflowError({
		code: 'workspace.not-found',
		message: `The workspace ${workspace} is not a folder.`,
		suggestion: 'Give the absolute path of an existing folder.',
	});
};
