import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import {attemptFolderOf} from '../../source/paths.ts';
import type {Tokens} from '../../source/run/events.ts';
import {addTokens} from '../../source/run/reduce.ts';
import {type ItemsState, itemsOf, type RunState, type UnitState, unitKeyOf, unitOf} from '../../source/run/state.ts';
import {formatSize} from '../../source/units.ts';
import {type AgentStep, type DirectStep, isDirect, type StepDefinition} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {givenToolsOf} from '../../source/workflow/given-tools.ts';
import {inputEnvironmentOf} from '../../source/workflow/inputs.ts';
import type {Scope} from '../../source/workflow/scope.ts';
import {argumentsSha256, directCallOf, replayWorkOf} from './direct-call.ts';
import {failoverPolicyOf, roundOf} from './failover.ts';
import {outgoingRequestOf} from './outgoing-request.ts';
import type {AttemptContext, ChosenTool} from './parts.ts';
import {deadlineOf} from './retry.ts';
import {type ScopeFacts, scopeOf} from './scope.ts';
import {taintedPromptOf} from './tainted-prompt.ts';

export interface ContextFacts extends ScopeFacts {
	readonly nowMs: number;
	readonly stateFolder: string;
	/** What the run keeps of the environment it was started from. */
	readonly environment: Readonly<Record<string, string>>;
	readonly attempt: number;
	/** Index of the item, for a step done once for each of several. */
	readonly item?: number;
	readonly agent?: string;
	/** Chosen with the agent; the step's own comes first. */
	readonly model?: string;
	readonly access?: 'ask' | 'read-only';
	/** Chosen for a tool step. */
	readonly tool?: ChosenTool;
	/** What the step gave out, where its own expressions may read that: when it is undone. */
	readonly ownOutputs?: Readonly<Record<string, unknown>>;
}

/**
 * Evaluates everything an attempt needs. Nothing is left to interpolate, and nothing of it is ever code.
 *
 * @throws AiworkflowError `expression.failed`, `env.too-large`, `env.invalid`.
 */
export const attemptContextOf = (run: RunState, step: StepDefinition, facts: ContextFacts): AttemptContext => {
	const scope = withOwnOutputs(scopeOf(run, step, facts, facts.item), step.id, facts.ownOutputs);
	const template = (text: string | undefined) => (text === undefined ? undefined : evaluateTemplate(text, scope));
	const bundleFolder = path.dirname(run.workflow.file);
	const {attempt, item, nowMs, stateFolder} = facts;
	const stepKey = unitKeyOf(step.id, item);
	const {generation} = run.steps[step.id]!;
	const state = unitOf(run, step.id, item);
	const resume = resumeOf(state, facts);
	const promptsOf = (stepPrompt: string) => ({
		stepPrompt,
		prompt: step.kind === 'agent' ? promptOf(stepPrompt, run, step, facts, resume !== undefined) : stepPrompt,
	});
	const cwd = path.resolve(run.workspace, template(step.cwd) || '.');
	const idempotencyKey = `${run.id}/${stepKey}${generation > 1 ? `@${generation}` : ''}`;
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
		state,
		generation,
		cwd,
		environment: checkValues({
			...facts.environment,
			...inputEnvironmentOf(run.inputs),
			...(scope.env as Record<string, string>),
			AIWORKFLOW_RUN_ID: run.id,
			AIWORKFLOW_STEP_ID: step.id,
			AIWORKFLOW_STEP_KEY: idempotencyKey,
			AIWORKFLOW_ATTEMPT: String(attempt),
			AIWORKFLOW_BUNDLE: bundleFolder,
			AIWORKFLOW_WORKSPACE: run.workspace,
			AIWORKFLOW_AGENTS_JSON: JSON.stringify(agentsBefore(run, step)),
		}),
		stdin: template(step.stdin),
		...(step.kind === 'agent' && {
			...promptsOf(
				run.taint === undefined ? evaluateTemplate(step.prompt, scope) : taintedPromptOf(step.prompt, scope, run.taint),
			),
			model: template(step.model ?? facts.definition.model) ?? facts.model,
			...givenOf(step, facts),
		}),
		...(isDirect(step) && directPartOf(run, step, facts, {scope, cwd, idempotencyKey})),
		...(step.kind === 'webhook' && {
			outgoing: outgoingRequestOf(run, step, scope, nowMs),
			isReplay: isReplay(run),
		}),
		agent: facts.agent,
		record: run.record,
		access: facts.access,
		resume,
		deadlineAtMs: deadlineOf(run, step, nowMs),
		secrets: Object.values(facts.secrets),
	};
};

const givenOf = (step: AgentStep, {definition, secrets}: ContextFacts): Pick<AttemptContext, 'given'> => {
	const tools = givenToolsOf(definition, step);
	return tools.length > 0 ? {given: {tools, secrets}} : {};
};

/** Whether a recording answers instead of agents: what such a run does must not reach anybody else. */
export const isReplay = ({agents}: Pick<RunState, 'agents'>): boolean => agents?.[0] === 'replay';

/** What a direct step does; in a replay it is answered from the recording, but for what reaches nothing anyway. */
const directPartOf = (
	run: RunState,
	step: DirectStep,
	facts: ContextFacts,
	place: {readonly scope: Scope; readonly cwd: string; readonly idempotencyKey: string},
): Pick<AttemptContext, 'work' | 'target' | 'callArguments' | 'argumentsSha256'> => {
	const {secrets, tool, ownOutputs} = facts;
	const call = directCallOf(step, {
		...place,
		scope: {...place.scope, secrets},
		idempotencyKey: ownOutputs ? `${place.idempotencyKey}/undo` : place.idempotencyKey,
		tool,
		upstream: endedUpstreamOf(run, step),
	});
	const values = Object.values(secrets);
	const sha256 = step.kind === 'transform' ? undefined : argumentsSha256(call.arguments, values);
	return {
		work: isReplay(run) && sha256 !== undefined ? replayWorkOf(step, sha256) : call.work,
		target: maskText(call.target, values),
		callArguments: call.arguments,
		argumentsSha256: sha256,
	};
};

const endedUpstreamOf = (run: RunState, {needs}: StepDefinition): ReadonlySet<string> => {
	const seen = new Set<string>();
	const open = [...needs];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		open.push(...run.steps[id]!.needs);
	}

	return seen;
};

const withOwnOutputs = (scope: Scope, stepId: string, outputs: ContextFacts['ownOutputs']): Scope => {
	if (!outputs) return scope;
	const get = (steps: Scope['steps'], id: string | symbol) =>
		id === stepId ? {...steps[stepId]!, outputs} : Reflect.get(steps, id);
	return {...scope, steps: new Proxy(scope.steps, {get})};
};

/** The session that the attempt before it left open, where its agent can go on with it. */
const resumeOf = ({attempts}: UnitState, {agent, attempt}: ContextFacts): AttemptContext['resume'] => {
	const before = attempts.filter(({number}) => number < attempt);
	const last = before.at(-1);
	if (last?.status !== 'interrupted' || !last.canResume || last.sessionId === undefined || last.agent !== agent)
		return undefined;
	const ofSession = before.filter(({sessionId}) => sessionId === last.sessionId);
	return {
		sessionId: last.sessionId,
		countedMicroUsd: ofSession.reduce((sum, {costMicroUsd = 0}) => sum + costMicroUsd, 0),
		countedTokens: ofSession.reduce<Tokens | undefined>(
			(sum, {tokens}) => (tokens ? addTokens(sum, tokens) : sum),
			undefined,
		),
	};
};

/** What the agent is told besides the prompt of the step: how it comes that it is asked. */
const promptOf = (
	prompt: string,
	run: RunState,
	step: AgentStep,
	{agent, attempt, item}: ContextFacts,
	isResumed: boolean,
): string => {
	if (isResumed) {
		return 'Your process ended in the middle of this task and was started again. Look at what is done already, then go on and finish it.';
	}

	const failed = roundOf(run, step, item)
		.filter(({number}) => number < attempt)
		.at(-1);
	if (agent === undefined || !failed?.agent || failed.agent === agent || failoverPolicyOf(step).changes === 'reset')
		return prompt;
	const said = unitOf(run, step.id, item).text?.preview.trim().slice(-handoverCharactersMax);
	return [
		`Another agent (${failed.agent}) began this task and ended before it was done: ${failed.failure?.message ?? 'it did not say why'}`,
		'What it changed in the files is still there: look at it first, and keep what is good.',
		...(said ? [`The last it said:\n\n${said}`] : []),
		'This is the task:',
		prompt,
	].join('\n\n');
};

/** Of what the agent before said last. */
const handoverCharactersMax = 2000;

/** Which agents answered the steps that this one needs, directly or not: a report can say what a recording judged. */
const agentsBefore = (run: RunState, step: StepDefinition) => {
	const agents: Record<string, {id: string; isReplay: boolean}> = {};
	const seen = new Set<string>();
	const open = [...step.needs];
	for (let id = open.pop(); id !== undefined; id = open.pop()) {
		if (seen.has(id)) continue;
		seen.add(id);
		const {agent: own, items, needs} = run.steps[id]!;
		const agent = own ?? (items && agentOfItems(items));
		if (agent) agents[id] = {id: agent.id, isReplay: agent.isReplay};
		open.push(...needs);
	}

	return agents;
};

/** Of many, one that is a replay: that something came from a recording must not get lost. */
const agentOfItems = (items: ItemsState) => {
	const agents = Array.from(itemsOf(items)).flatMap(({agent}) => agent ?? []);
	return agents.find(({isReplay}) => isReplay) ?? agents[0];
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
