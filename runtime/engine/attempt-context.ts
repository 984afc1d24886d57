import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {attemptFolderOf} from '../../source/paths.ts';
import {type RunState, unitKeyOf, unitOf} from '../../source/run/state.ts';
import {formatSize} from '../../source/units.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {inputEnvironmentOf} from '../../source/workflow/inputs.ts';
import type {AttemptContext} from './parts.ts';
import {deadlineOf} from './retry.ts';
import {type ScopeFacts, scopeOf} from './scope.ts';

export interface ContextFacts extends ScopeFacts {
	readonly nowMs: number;
	readonly stateFolder: string;
	/** What the run keeps of the environment it was started from. */
	readonly environment: Readonly<Record<string, string>>;
	readonly attempt: number;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	readonly agent?: string;
}

/**
 * Evaluates everything an attempt needs. Nothing is left to interpolate, and nothing of it is ever code.
 *
 * @throws AiworkflowError `expression.failed`, `env.too-large`, `env.invalid`.
 */
export const attemptContextOf = (run: RunState, step: StepDefinition, facts: ContextFacts): AttemptContext => {
	const scope = scopeOf(run, step, facts, facts.item);
	const template = (text: string | undefined) => (text === undefined ? undefined : evaluateTemplate(text, scope));
	const bundleFolder = path.dirname(run.workflow.file);
	const {attempt, item, nowMs, stateFolder} = facts;
	const stepKey = unitKeyOf(step.id, item);
	const {generation} = run.steps[step.id]!;
	return {
		runId: run.id,
		stepId: step.id,
		stepKey,
		item,
		attempt,
		folder: attemptFolderOf(stateFolder, run.id, stepKey, attempt),
		workspace: run.workspace,
		bundleFolder,
		definition: facts.definition,
		step,
		state: unitOf(run, step.id, item),
		generation,
		cwd: path.resolve(run.workspace, template(step.cwd) || '.'),
		environment: checkValues({
			...facts.environment,
			...inputEnvironmentOf(run.inputs),
			...(scope.env as Record<string, string>),
			AIWORKFLOW_RUN_ID: run.id,
			AIWORKFLOW_STEP_ID: step.id,
			AIWORKFLOW_STEP_KEY: `${run.id}/${stepKey}${generation > 1 ? `@${generation}` : ''}`,
			AIWORKFLOW_ATTEMPT: String(attempt),
			AIWORKFLOW_BUNDLE: bundleFolder,
			AIWORKFLOW_WORKSPACE: run.workspace,
			AIWORKFLOW_AGENTS_JSON: JSON.stringify(agentsBefore(run, step)),
		}),
		stdin: template(step.stdin),
		prompt: step.kind === 'agent' ? evaluateTemplate(step.prompt, scope) : undefined,
		model: step.kind === 'agent' ? template(step.model ?? facts.definition.model) : undefined,
		agent: facts.agent,
		deadlineAtMs: deadlineOf(run, step, nowMs),
		secrets: Object.values(facts.secrets),
	};
};

/** Which agents answered the steps that this one needs, directly or not: a report can say what a recording judged. */
const agentsBefore = (run: RunState, step: StepDefinition) => {
	const agents: Record<string, {id: string; isReplay: boolean}> = {};
	const seen = new Set<string>();
	const open = [...step.needs];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		const {agent, needs} = run.steps[id]!;
		if (agent) agents[id] = {id: agent.id, isReplay: agent.isReplay};
		open.push(...needs);
	}

	return agents;
};

const checkValues = (environment: Record<string, string>): Record<string, string> => {
	for (const [name, value] of Object.entries(environment)) {
		if (value.includes('\0')) {
			throw new AiworkflowError({
				code: 'env.invalid',
				message: `The environment variable ${name} would hold a NUL character, which no process can be given.`,
				suggestion: 'Take the character out of the input, or of what `env:` reads.',
			});
		}

		// A length below the limit in UTF-16 units cannot be over it by more than threefold: measure only then.
		if (value.length * 3 <= limits.envValueBytesMax) continue;
		const sizeBytes = Buffer.byteLength(value);
		if (sizeBytes <= limits.envValueBytesMax) continue;
		throw new AiworkflowError({
			code: 'env.too-large',
			message: `The environment variable ${name} would have ${formatSize(sizeBytes)}; the limit is ${formatSize(limits.envValueBytesMax)}.`,
			suggestion: `Hand large values over with \`stdin:\` instead of \`env:\` or an input.`,
		});
	}

	return environment;
};
