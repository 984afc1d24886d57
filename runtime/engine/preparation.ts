import path from 'node:path';
import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {snapshotFolderOf} from '../../source/paths.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {unitKeyOf} from '../../source/run/state.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {attemptContextOf, type ContextFacts} from './attempt-context.ts';
import {cacheKeyOf} from './cache-key.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun, Prepared} from './open-run.ts';
import type {CachedResult} from './parts.ts';
import {scopeOf} from './scope.ts';

/** Whether an attempt needs something that takes a while: an agent, a snapshot, a look into the cache. */
export const needsPreparation = (entry: OpenRun, step: StepDefinition, item: number | undefined): boolean =>
	step.kind === 'agent' || step.cache !== undefined || isSnapshotDue(entry, step, item);

/** One for each generation, before its first attempt. */
const isSnapshotDue = ({run}: OpenRun, {id, undo}: StepDefinition, item: number | undefined): boolean => {
	if (!undo) return false;
	const {generation, attempts} = run.steps[id]!;
	return !run.snapshots.some(
		snapshot =>
			snapshot.stepId === id &&
			snapshot.item === item &&
			(item !== undefined ||
				attempts.some(attempt => attempt.number === snapshot.attempt && attempt.generation === generation)),
	);
};

/** @throws AiworkflowError `agent.unreachable`, `agent.circuit-open`, `snapshot.failed`, `expression.failed` and the like. */
export const prepareAttempt = async (
	parts: EngineParts,
	entry: OpenRun,
	step: StepDefinition,
	facts: ContextFacts,
): Promise<(Prepared & {readonly cacheKey?: string}) | {readonly cached: CachedResult}> => {
	const {attempt, item} = facts;
	const wanted = agentsOf(entry, step);
	const cacheKey = step.cache ? await keyOf(parts, entry, step, facts, wanted) : undefined;
	const cached = cacheKey === undefined ? undefined : parts.cache.read(cacheKey, step.cache?.maxAgeMs);
	if (cached) return {cached};
	const agent = step.kind === 'agent' ? await chooseAgent(parts, entry, wanted) : undefined;
	const snapshot = isSnapshotDue(entry, step, item) ? await capture(parts, entry, step, facts) : undefined;
	return {attempt, agent, snapshot, cacheKey};
};

/** A result that another run found. */
export const cachedEvent = (stepId: string, item: number | undefined, result: CachedResult): NewEvent => {
	const {runId, at, outputs, text, agent} = result;
	const body = {stepId, outputs: {...outputs}, text, agent, cached: {runId, at}};
	return item === undefined ? {type: 'step.completed', body} : {type: 'item.completed', body: {...body, item}};
};

/** @returns Agents in order of preference; none for a step that asks none. */
export const agentsOf = ({run, definition}: OpenRun, step: StepDefinition): readonly string[] =>
	step.kind === 'agent' ? ([run.agents, step.agents, definition.agents].find(list => list?.length) ?? []) : [];

const keyOf = async (
	parts: EngineParts,
	{run}: OpenRun,
	step: StepDefinition,
	facts: ContextFacts,
	agents: readonly string[],
): Promise<string> => {
	const context = attemptContextOf(run, step, facts);
	const scope = scopeOf(run, step, facts, facts.item);
	const {files = [], key} = step.cache!;
	const globs = files.map(glob => evaluateTemplate(glob, scope));
	return cacheKeyOf(run, context, {
		agents,
		item: scope.item ?? scope.matrix ?? null,
		key: key === undefined ? '' : evaluateTemplate(key, scope),
		filesDigest: globs.length === 0 ? '' : await parts.cache.filesDigest(context.cwd, globs),
	});
};

const chooseAgent = async (parts: EngineParts, {run, environment}: OpenRun, wanted: readonly string[]) => {
	const open = wanted.filter(name => !parts.breakers.allows('agent', name));
	const agents = wanted.filter(name => !open.includes(name));
	if (wanted.length > 0 && agents.length === 0) throw circuitOpen(open, parts.breakers.untilMs('agent', open[0]!));
	try {
		const agent = await parts.agents.choose({workspace: run.workspace, agents, environment: environment.environment});
		parts.breakers.begin('agent', agent);
		return agent;
	} catch (error) {
		const failure = failureOf(error);
		if (failure.code === 'agent.unreachable') for (const name of agents) parts.breakers.record('agent', name, failure);
		throw error;
	}
};

const circuitOpen = (names: readonly string[], untilMs: number | undefined) =>
	new AiworkflowError({
		code: 'agent.circuit-open',
		message: `${names.map(name => `"${name}"`).join(' and ')} failed too often in a row: no attempt is given to ${names.length === 1 ? 'it' : 'them'}${untilMs === undefined ? ' for now' : ` before ${new Date(untilMs).toISOString()}`}.`,
		suggestion: 'Look at why with `aiworkflow daemon logs`; name another agent, or give the step a `retry:`.',
		retryable: true,
	});

const capture = async (parts: EngineParts, {run}: OpenRun, step: StepDefinition, facts: ContextFacts) => {
	const {attempt, item, stateFolder} = facts;
	const undo = step.undo!;
	const scope = scopeOf(run, step, facts, item);
	const cwd = path.resolve(run.workspace, step.cwd === undefined ? '.' : evaluateTemplate(step.cwd, scope) || '.');
	const folder = snapshotFolderOf(stateFolder, run.id, unitKeyOf(step.id, item), attempt);
	const request =
		undo.kind === 'git'
			? ({kind: 'git', workspace: run.workspace, cwd} as const)
			: ({
					kind: 'files',
					workspace: run.workspace,
					cwd,
					paths: undo.paths.map(each => evaluateTemplate(each, scope)),
				} as const);
	return {how: undo.kind, ...(await parts.snapshots.capture(folder, request))};
};
