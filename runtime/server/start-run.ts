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
import {readWorkflow} from '../../source/workflow-files.ts';
import {runEnvironmentOf, secretsOf} from '../security/environment.ts';
import type {DaemonParts} from './daemon-parts.ts';

/** Reads, checks and accepts a workflow. Nothing is run unless the file, the inputs and the secrets are all in order. */
export const startRun = async (
	{engine, agents}: DaemonParts,
	request: z.output<typeof createRunRequest>,
): Promise<z.output<typeof createRunResponse>> => {
	const {workspace, environment, approveAll, origin} = request;
	await checkWorkspace(workspace);
	const {text, hash, file, definition, diagnostics} = await readWorkflow(request.file);
	if (!definition) throw workflowInvalid(file, diagnostics);
	const {inputs, diagnostics: inputProblems} = resolveInputs(definition, request.inputs);
	if (inputProblems.length > 0) throw inputsInvalid(inputProblems);
	checkInputsSize(inputs);
	const secrets = secretsOf(environment, definition.secretNames);
	checkSecrets(definition.secretNames, secrets);
	const agentLists = agentListsOf(definition, request.agents);
	for (const list of agentLists) await agents.check(workspace, list);
	const alsoNames = [...definition.passEnv, ...(await agents.environmentNames(workspace, agentLists.flat()))];
	const run = await engine.createRun({
		definition,
		source: text,
		hash,
		file,
		workspace,
		inputs,
		agents: request.agents,
		approveAll,
		environment: runEnvironmentOf(environment, alsoNames),
		secrets,
		origin,
	});
	return {
		runId: run.id,
		number: run.number,
		workflow: definition.name,
		cursor: run.cursor,
		plan: planLinesOf(withAgents(definition, request.agents)),
		warnings: [...diagnostics],
	};
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

const checkInputsSize = (inputs: Readonly<Record<string, unknown>>) => {
	const sizeBytes = Buffer.byteLength(JSON.stringify(inputs));
	if (sizeBytes <= limits.inputsBytesMax) return;
	throw new AiworkflowError({
		code: 'inputs.too-large',
		message: `The inputs together have ${formatSize(sizeBytes)}; the limit is ${formatSize(limits.inputsBytesMax)}.`,
		suggestion: 'Write large values to a file and give its path.',
	});
};

const checkSecrets = (names: readonly string[], secrets: Readonly<Record<string, string>>) => {
	const missing = names.filter(name => secrets[name] === undefined);
	if (missing.length === 0) return;
	throw new AiworkflowError({
		code: 'secret.missing',
		message: `The workflow needs ${missing.length === 1 ? 'the secret' : 'the secrets'} ${missing.join(', ')}.`,
		suggestion: `Set ${missing.length === 1 ? 'it' : 'them'} in your environment and run it again.`,
	});
};

/** @returns For each agent step the agents it may use. @throws AiworkflowError `agent.unknown` where there are none. */
const agentListsOf = (definition: WorkflowDefinition, asked: readonly string[] | undefined) =>
	withAgents(definition, asked).steps.flatMap(step => {
		if (step.kind !== 'agent') return [];
		const list = step.agents.length > 0 ? step.agents : asked?.length ? asked : definition.agents;
		if (list.length > 0) return [list];
		throw new AiworkflowError({
			code: 'agent.unknown',
			message: `Step "${step.id}" needs an agent, and neither the file nor the command names one.`,
			suggestion: 'Add `agent: <name>` to the file, or run it with `--agent <name>`.',
		});
	});

/** @returns The workflow as it will run: agents named with the run come before those of the file. */
const withAgents = (definition: WorkflowDefinition, asked: readonly string[] | undefined): WorkflowDefinition =>
	asked?.length
		? {
				...definition,
				agents: asked,
				steps: definition.steps.map(step => (step.kind === 'agent' ? {...step, agents: []} : step)),
			}
		: definition;
