import {stat} from 'node:fs/promises';
import path from 'node:path';
import type {z} from 'zod';
import type {createRunRequest, createRunResponse} from '../../source/api/contract.ts';
import {AiworkflowError, inputsInvalid, workflowInvalid} from '../../source/errors.ts';
import {resolveInputs} from '../../source/workflow/inputs.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
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
	const {text, hash, file} = await readWorkflow(request.file);
	const {definition, diagnostics} = parseWorkflow(text, file);
	if (!definition) throw workflowInvalid(file, diagnostics);
	const {inputs, diagnostics: inputProblems} = resolveInputs(definition, request.inputs);
	if (inputProblems.length > 0) throw inputsInvalid(inputProblems);
	const secrets = secretsOf(environment, definition.secretNames);
	checkSecrets(definition.secretNames, secrets);
	const agentNames = [
		...(request.agents ?? []),
		...definition.agents,
		...definition.steps.flatMap(step => (step.kind === 'agent' ? step.agents : [])),
	];
	checkAgents(definition.steps, definition.agents, request.agents);
	const alsoNames = [...definition.passEnv, ...(await agents.environmentNames(workspace, agentNames))];
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
		plan: planLinesOf(definition),
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

const checkSecrets = (names: readonly string[], secrets: Readonly<Record<string, string>>) => {
	const missing = names.filter(name => secrets[name] === undefined);
	if (missing.length === 0) return;
	throw new AiworkflowError({
		code: 'secret.missing',
		message: `The workflow needs ${missing.length === 1 ? 'the secret' : 'the secrets'} ${missing.join(', ')}.`,
		suggestion: `Set ${missing.length === 1 ? 'it' : 'them'} in your environment and run it again.`,
	});
};

const checkAgents = (
	steps: readonly {readonly kind: string; readonly id: string; readonly agents?: readonly string[]}[],
	ofWorkflow: readonly string[],
	asked: readonly string[] | undefined,
) => {
	if (asked?.length || ofWorkflow.length > 0) return;
	const without = steps.find(step => step.kind === 'agent' && !step.agents?.length);
	if (!without) return;
	throw new AiworkflowError({
		code: 'agent.unknown',
		message: `Step "${without.id}" needs an agent, and neither the file nor the command names one.`,
		suggestion: 'Add `agent: <name>` to the file, or run it with `--agent <name>`.',
	});
};
